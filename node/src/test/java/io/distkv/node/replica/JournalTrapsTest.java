package io.distkv.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Version;
import io.distkv.node.Health;
import io.distkv.node.NodeOptions;
import io.distkv.node.NodeStatistics;
import io.distkv.node.keyspace.Catalog;
import io.distkv.node.keyspace.CatalogFiles;
import io.distkv.node.keyspace.Durability;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import io.distkv.node.world.TestWorld;
import io.distkv.raft.Entry;
import io.distkv.raft.Membership;
import io.distkv.raft.Message;
import io.distkv.raft.Position;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.tree.Cursor;
import io.distkv.storage.tree.KeyRange;
import io.distkv.storage.tree.Snapshot;
import io.distkv.storage.tree.TreeOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The traps of a journal that all replicas of a lane share, a test for each, named after it:
 *
 * <ol>
 *   <li>{@link #neverFlushPastTheDurableLog}
 *   <li>{@link #theAppliedIndexNeverRunsAheadOfItsTablesNorBehind}
 *   <li>{@link #coldReplicasDoNotPinTheJournalWithoutBound}
 *   <li>{@code laggingFollowersDoNotPinTheJournalWithoutBound} *
 *   <li>{@link #garbageCollectionWorksOnAFullDisk}
 *   <li>{@link #aFailedSyncStopsTheNode}
 *   <li>{@link #aTornTailIsNotCorruption}
 *   <li>{@code hardStateIsDurableBeforeAnyReply} *, {@code
 *       hardStateIsLoggedAgainWhenItsSegmentRetires} * and {@link
 *       #whatIsCommittedIsInTheJournalBeforeThatIsToldThere}
 *   <li>{@link #aReplicaThatIsDroppedAndMadeAgainCarriesANewIncarnation}, {@link
 *       #aReplicaThatIsMadeAgainMeetsNoRecordOfOneWithInstalledSnapshots}, and {@code
 *       anInstalledSnapshotCarriesANewIncarnation} *
 *   <li>{@link #timeAndExpiryComeFromTheStampOfTheEntry}
 *   <li>{@link #replayEqualsLiveState}
 * </ol>
 *
 * <p>Those with a star take a group of several nodes, and are in {@code GroupJournalTrapsTest} of
 * the simulator. Most have deeper relatives: {@code JournalSpaceTest}, {@code TornTailTest} and
 * {@code JournalDamageTest} of the journal, {@link DurabilityTest}, and the hunts of the simulator.
 */
class JournalTrapsTest extends NodeTest {
  private static final NodeOptions ONE = options(KeyspaceOptions.of(0, "default"));
  private static final String LARGE = "x".repeat(1_000);

  /** A byte in the first record of a segment. */
  private static final int FIRST_RECORD = 4_096 + 20;

  /** A lane, so that all replicas share one journal, and one that a few writes fill. */
  private static NodeOptions small(KeyspaceOptions... keyspaces) {
    return options(keyspaces).toBuilder()
        .journalSegmentBytes(64 * 1024)
        .journalBytes(256 * 1024)
        .memtableBytes(64 * 1024)
        .tree(TreeOptions.DEFAULT.withMemtableBytes(16 * 1024))
        .build();
  }

  /** A node after the first one has died where it stood. */
  private TestNode afterAKill(TestWorld later, NodeOptions options) throws IOException {
    TestNode again = TestNode.start(later, disk, options);
    assertThat(again.failures()).isEmpty();
    assertThat(again.hasStarted()).isTrue();
    return again;
  }

  private static void onLane(TestWorld world, InnerClient client, Runnable task) {
    world.on(client.replica().port().lane().index(), task);
  }

  private static NodeStatistics statistics(TestWorld world, TestNode node) {
    List<NodeStatistics> taken = new ArrayList<>();
    node.node().statistics(taken::add);
    world.run();
    return taken.getFirst();
  }

  @Test
  void neverFlushPastTheDurableLog() throws IOException {
    TestNode node =
        start(options(KeyspaceOptions.of(0, "default").withDurability(Durability.NONE)));
    InnerClient client = new InnerClient(world, node);
    Replica replica = client.replica();
    for (int i = 1; i <= 5; i++) {
      assertThat(node.client(0).call("INCR n")).isEqualTo(":" + i);
    }
    world.sync(replica.port().lane().index()).hold();
    onLane(world, client, replica::flush);
    world.advanceMillis(60_000);
    assertThat(replica.appliedIndex()).isEqualTo(5);
    assertThat(replica.flushedIndex()).as("of a log that is not durable").isZero();
    world.sync(replica.port().lane().index()).release();
    world.advanceMillis(1_000);
    assertThat(replica.flushedIndex()).isEqualTo(5);
  }

  @Test
  void theAppliedIndexNeverRunsAheadOfItsTablesNorBehind() throws IOException {
    boolean flushed = false;
    for (int steps = 0; !flushed; steps++) {
      TestWorld now = new TestWorld(1);
      TestNode node = afterAKill(now, ONE);
      InnerClient client = new InnerClient(now, node);
      Replica replica = client.replica();
      now.background().hold();
      long before = Long.parseLong(client.call(InnerClient.single("INCR n")).substring(1));
      client.call(InnerClient.single("INCR n"));
      onLane(now, client, replica::flush);
      client.call(InnerClient.single("INCR n"));
      for (int i = 0; i < steps; i++) {
        now.background().runAll();
        now.run();
      }
      client.call(InnerClient.single("INCR n"));
      flushed = replica.flushedIndex() == replica.appliedIndex() - 2;
      TestWorld later = new TestWorld(1);
      TestNode again = afterAKill(later, ONE);
      assertThat(again.client(0).call("GET n"))
          .as("after %d steps of a flush", steps)
          .isEqualTo(Long.toString(before + 3));
      assertThat(new InnerClient(later, again).replica().appliedIndex())
          .isEqualTo(replica.appliedIndex());
    }
  }

  @Test
  void coldReplicasDoNotPinTheJournalWithoutBound() throws IOException {
    NodeOptions options =
        small(KeyspaceOptions.of(0, "default"), KeyspaceOptions.of(1, "other").withPartitions(2));
    TestWorld only = new TestWorld(1);
    TestNode node = afterAKill(only, options);
    TestClient cold = node.client(0);
    cold.pipeline("SELECT 1", "SET cold 1", "SET cold2 2", "SET cold3 3");
    only.run();
    TestClient client = node.client(0);
    for (int i = 0; i < 3_000; i++) {
      client.call("SET k" + i % 100 + " " + LARGE);
      if (i % 100 == 0) {
        long bytes = statistics(only, node).groups().getFirst().journalBytes();
        assertThat(bytes).isLessThan(256 * 1024 + 4 * 64 * 1024);
      }
    }
    TestWorld later = new TestWorld(1);
    TestClient again = afterAKill(later, options).client(0);
    again.pipeline("SELECT 1", "MGET cold cold2 cold3");
    later.run();
    assertThat(again.takeAll()).containsExactly("OK", "[1, 2, 3]");
  }

  @Test
  void garbageCollectionWorksOnAFullDisk() throws IOException {
    NodeOptions options =
        small(KeyspaceOptions.of(0, "default")).toBuilder().diskReserveBytes(1_000_000).build();
    TestNode node = start(options);
    TestClient client = node.client(0);
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 1_000; i++) {
      byte[] value = new byte[500];
      random.nextBytes(value);
      client.call("SET k" + i + " " + HexFormat.of().formatHex(value));
    }
    world.advanceMillis(10_000);
    long full =
        statistics(world, node).groups().getFirst().replicas().getFirst().tree().sizeBytes();
    disk.pretendUsable(999_999);
    world.advanceMillis(1_100);
    assertThat(client.call("SET more v")).startsWith("-DISKFULL");
    for (int i = 0; i < 1_000; i++) {
      assertThat(client.call("DEL k" + i + " " + LARGE)).isEqualTo(":1");
    }
    world.advanceMillis(600_000);
    GroupStatistics group = statistics(world, node).groups().getFirst();
    assertThat(group.replicas().getFirst().tree().sizeBytes()).isLessThan(full / 4);
    assertThat(group.journalBytes()).isLessThan(256 * 1024 + 4 * 64 * 1024);
    assertThat(client.call("SET more v")).startsWith("-DISKFULL");
    disk.pretendUsable(1_250_000);
    world.advanceMillis(1_100);
    assertThat(client.call("SET more v")).isEqualTo("OK");
    assertThat(node.defects()).isEmpty();
  }

  @Test
  void aFailedSyncStopsTheNode() throws IOException {
    TestNode node = start(ONE);
    TestClient client = node.client(0);
    client.call("SET before 1");
    disk.failSyncs(true);
    assertThat(client.call("SET k v")).startsWith("-ERR the node has stopped");
    disk.failSyncs(false);
    assertThat(client.call("SET k v"))
        .as("a later sync that succeeds proves nothing")
        .startsWith("-ERR the node has stopped");
    assertThat(node.node().health()).isEqualTo(Health.FAILED);
    assertThat(node.failures()).singleElement().asString().contains("the disk is broken");
    assertThat(afterAKill(new TestWorld(2), ONE).client(0).call("GET before")).isEqualTo("1");
  }

  @Test
  void aTornTailIsNotCorruption() throws IOException {
    NodeOptions options = options(KeyspaceOptions.of(0, "default").withDurability(Durability.NONE));
    TestWorld first = new TestWorld(1);
    TestNode node = afterAKill(first, options);
    node.client(0).call("SET durable 1");
    node.stop();
    TestWorld second = new TestWorld(1);
    afterAKill(second, options).client(0).call("SET torn 2");
    Path segment = segment();
    flip(segment, lastWritten(segment));
    TestWorld third = new TestWorld(1);
    TestClient client = afterAKill(third, options).client(0);
    assertThat(client.call("MGET durable torn")).isEqualTo("[1, null]");
    assertThat(client.call("SET goes on")).isEqualTo("OK");
    // From here on a mark says that all this is durable: what is damaged now was promised.
    third.advanceMillis(3_000);
    assertThat(afterAKill(new TestWorld(1), options).client(0).call("GET goes")).isEqualTo("on");
    flip(segment, FIRST_RECORD);
    TestNode refused = TestNode.start(new TestWorld(1), disk, options);
    assertThat(refused.hasStarted()).isFalse();
    assertThat(refused.failures()).singleElement().isInstanceOf(CorruptionException.class);
  }

  private Path segment() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("journals/0"))) {
      return files
          .filter(file -> file.toString().endsWith(".journal"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  private static int lastWritten(Path segment) throws IOException {
    byte[] bytes = Files.readAllBytes(segment);
    int last = bytes.length - 1;
    while (bytes[last] == 0) {
      last--;
    }
    return last;
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void aReplicaThatIsDroppedAndMadeAgainCarriesANewIncarnation() throws IOException {
    NodeOptions options = options(KeyspaceOptions.of(0, "default"), KeyspaceOptions.of(1, "other"));
    TestWorld now = new TestWorld(1);
    TestClient client = afterAKill(now, options).client(0);
    client.pipeline("SELECT other", "SET k old", "SET gone v");
    now.run();
    CatalogFiles.drop(folder, "other");
    for (String left : List.of("null", "new")) {
      now = new TestWorld(1);
      client = afterAKill(now, options).client(0);
      client.pipeline("SELECT other", "GET k", "GET gone", "SET k new");
      now.run();
      assertThat(client.takeAll()).containsExactly("OK", left, "null", "OK");
    }
  }

  /**
   * A new leader's message may bring at once a term, entries in the place of others, and that those
   * are committed: a start must not take the others for committed.
   */
  @Test
  void whatIsCommittedIsInTheJournalBeforeThatIsToldThere() throws IOException {
    NodeOptions options =
        ONE.toBuilder().placement((self, replica) -> Membership.ofVoters(self, 2, 3)).build();
    InnerClient client = new InnerClient(world, start(options));
    long self = client.replica().raft().id();
    Entry first = entry(1, 1, "SET k first");
    Position before = new Position(1, 1);
    receive(
        world,
        client,
        new Message.AppendRequest(
            2, self, 1, Position.NONE, List.of(first, entry(1, 2, "SET k void")), 1, 1));
    receive(
        world,
        client,
        new Message.AppendRequest(3, self, 2, before, List.of(entry(2, 2, "SET k new")), 2, 1));
    assertThat(client.replica().appliedIndex()).isEqualTo(2);
    String live = content(client.replica());
    TestWorld later = new TestWorld(2);
    InnerClient again = new InnerClient(later, afterAKill(later, options));
    assertThat(again.replica().raft().last()).isEqualTo(new Position(2, 2));
    receive(later, again, new Message.Heartbeat(3, self, 2, 2, 2, 0, false));
    assertThat(again.replica().appliedIndex()).isEqualTo(2);
    assertThat(content(again.replica())).isEqualTo(live);
  }

  private static Entry entry(long term, long index, String command) {
    byte[] payload = EntryFormat.encode(index, InnerClient.single(command));
    return new Entry(term, index, Entry.Kind.COMMAND, payload);
  }

  private static void receive(TestWorld world, InnerClient client, Message message) {
    RaftReplica replication = client.replica().writes().replication();
    onLane(world, client, () -> replication.receive(message, world.clock().monotonicNanos()));
    world.run();
  }

  /** Each installed snapshot raises the incarnation that a replica's records carry. */
  @Test
  void aReplicaThatIsMadeAgainMeetsNoRecordOfOneWithInstalledSnapshots() throws IOException {
    NodeOptions options = options(KeyspaceOptions.of(0, "default"), KeyspaceOptions.of(1, "other"));
    TestWorld now = new TestWorld(1);
    TestNode node = afterAKill(now, options);
    ReplicaIdentity old =
        node.node().replicas().stream()
            .map(Replica::identity)
            .filter(each -> each.keyspace().options().number() == 1)
            .findFirst()
            .orElseThrow();
    node.stop();
    JournalPen pen = new JournalPen(disk, Catalog.read(disk).journalId(0));
    for (long installs = 1; installs <= 20; installs++) {
      pen.write(old, old.incarnation() + installs, InnerClient.single("SET k old"), 1);
    }
    CatalogFiles.drop(folder, "other");
    now = new TestWorld(1);
    TestClient after = afterAKill(now, options).client(0);
    after.pipeline("SELECT other", "GET k", "SET k new", "GET k");
    now.run();
    assertThat(after.takeAll()).containsExactly("OK", "null", "OK", "new");
    now = new TestWorld(1);
    after = afterAKill(now, options).client(0);
    after.pipeline("SELECT other", "GET k");
    now.run();
    assertThat(after.takeAll()).containsExactly("OK", "new");
  }

  @Test
  void timeAndExpiryComeFromTheStampOfTheEntry() throws IOException {
    TestNode node = start(ONE);
    TestClient client = node.client(0);
    client.call("SET n 5 PX 1000");
    client.call("SET long v PX 5000");
    world.advanceMillis(2_000);
    assertThat(client.call("INCR n")).as("it had expired").isEqualTo(":1");
    assertThat(client.call("PEXPIRE long 10000")).isEqualTo(":1");
    String live = content(new InnerClient(world, node).replica());
    for (long jump : new long[] {-3_600_000, 0, 3_600_000}) {
      TestWorld later = new TestWorld(2);
      later.clock().jumpWall(jump);
      TestNode again = afterAKill(later, ONE);
      assertThat(content(new InnerClient(later, again).replica())).isEqualTo(live);
    }
  }

  @Test
  void replayEqualsLiveState() throws IOException {
    SplittableRandom random = new SplittableRandom(11);
    List<String> kinds =
        List.of(
            "SET %s %d",
            "SET %s %d PX 3000",
            "INCRBY %s %d",
            "APPEND %s %d",
            "DEL %s",
            "PEXPIRE %s %d",
            "PERSIST %s",
            "GETDEL %s",
            "SETRANGE %s %d x");
    TestWorld now = new TestWorld(1);
    TestNode node = afterAKill(now, ONE);
    for (int life = 0; life < 8; life++) {
      InnerClient inner = new InnerClient(now, node);
      long session = inner.open();
      TestClient client = node.client(0);
      for (int i = 0; i < 100; i++) {
        String kind = kinds.get(random.nextInt(kinds.size()));
        client.call(kind.formatted("k" + random.nextInt(10), random.nextInt(5_000)));
        inner.call(session, random.nextInt(20), "INCR counted");
        now.advanceMillis(random.nextInt(500));
        if (random.nextInt(100) == 0) {
          inner.flush();
        }
      }
      String live = content(inner.replica());
      byte[] beside = inner.attachment();
      now = new TestWorld(1);
      now.clock().jumpWall(random.nextLong(-3_600_000, 3_600_000));
      node = afterAKill(now, ONE);
      InnerClient again = new InnerClient(now, node);
      assertThat(content(again.replica())).as("life %d", life).isEqualTo(live);
      assertThat(again.attachment()).isEqualTo(beside);
    }
  }

  /** All that a replica holds: keys, versions, expiries, values, and how far it has applied. */
  private static String content(Replica replica) throws IOException {
    StringBuilder text = new StringBuilder("up to " + replica.appliedIndex());
    try (Snapshot snapshot = replica.snapshot()) {
      Cursor cursor = snapshot.cursor(KeyRange.ALL);
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        int from = cursor.valueOffset();
        text.append(
            "%n%s @%s until %d: %s"
                .formatted(
                    new String(cursor.key(), StandardCharsets.UTF_8),
                    Version.toString(cursor.version()),
                    cursor.expiresAtMillis(),
                    HexFormat.of()
                        .formatHex(cursor.valueArray(), from, from + cursor.valueLength())));
      }
    }
    return text.toString();
  }
}
