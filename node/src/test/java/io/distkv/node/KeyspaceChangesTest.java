package io.distkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.keyspace.Catalog;
import io.distkv.node.keyspace.Durability;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.keyspace.KeyspaceWish;
import io.distkv.node.replica.GroupStatistics;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import io.distkv.storage.Damage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Keyspaces that come, change and go while the node runs. */
class KeyspaceChangesTest extends NodeTest {
  private static final NodeOptions ONE = options(KeyspaceOptions.of(0, "default"));
  private static final String PLAIN =
      "durability, commit, interval, :0, history, :0, compression, lz4, maxBytes, :0,"
          + " replication, raft, storage, disk, keys, :0, bytes, :";

  private @Nullable TestNode running;

  private TestNode node() {
    return Objects.requireNonNull(running);
  }

  private void begin(NodeOptions options) throws IOException {
    running = start(options);
  }

  private void again(NodeOptions options) throws IOException {
    running = restart(node(), options);
  }

  private TestClient client() {
    return node().client(0);
  }

  private List<String> say(TestClient client, String... commands) {
    client.pipeline(commands);
    world.run();
    return client.takeAll();
  }

  private List<String> replicaFolders() throws IOException {
    try (Stream<Path> folders = Files.list(folder.resolve(Catalog.REPLICAS))) {
      return folders.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private void verify() throws IOException {
    List<Damage> damages = new ArrayList<>();
    NodeVerifier.verify(
        disk,
        new NodeVerifier.Listener() {
          @Override
          public void reading(String directory) {}

          @Override
          public void damaged(Damage damage) {
            damages.add(damage);
          }
        });
    assertThat(damages).isEmpty();
  }

  @Test
  void aCreatedKeyspaceIsThereAtOnceAndAfterAStart() throws IOException {
    begin(ONE);
    TestClient client = client();
    assertThat(client.call("KEYSPACE CREATE orders PARTITIONS 4"))
        .startsWith("[name, orders, number, :1, partitions, :4, " + PLAIN)
        .contains("perPartition, [[partition, :0, keys, :0, bytes, :");
    assertThat(client.call("KEYSPACE LIST")).isEqualTo("[default, :0, orders, :1]");
    assertThat(say(client, "SELECT orders", "SET a 1", "SET b 2", "DBSIZE"))
        .containsExactly("OK", "OK", "OK", ":2");
    assertThat(say(node().client(1), "SELECT 1", "MGET a b c"))
        .containsExactly("OK", "[1, 2, null]");
    assertThat(client.call("INFO keyspace")).contains("db1:keys=2");
    again(ONE);
    assertThat(say(client(), "SELECT orders", "MGET a b", "KEYSPACE LIST"))
        .containsExactly("OK", "[1, 2]", "[default, :0, orders, :1]");
    node().stop();
    verify();
  }

  @Test
  void everyOptionIsTakenAndKept() throws IOException {
    begin(ONE);
    String create =
        "KEYSPACE CREATE audit NUMBER 77 PARTITIONS 2 DURABILITY interval INTERVAL 250 HISTORY 60000"
            + " COMPRESSION none,ZSTD MAXBYTES 1000000";
    String described =
        "[name, audit, number, :77, partitions, :2, durability, interval, interval, :250, history,"
            + " :60000, compression, none,zstd, maxBytes, :1000000, replication, raft, storage,"
            + " disk, keys, :0,";
    assertThat(client().call(create)).startsWith(described);
    again(ONE);
    assertThat(client().call("KEYSPACE DESCRIBE audit")).startsWith(described);
    assertThat(client().call("KEYSPACE CREATE next")).startsWith("[name, next, number, :78,");
  }

  @Test
  void whatCannotBeCreatedIsSaid() throws IOException {
    begin(options(KeyspaceOptions.of(2, "first"), KeyspaceOptions.of(9_999, "last")));
    TestClient client = client();
    assertThat(client.call("KEYSPACE CREATE first"))
        .isEqualTo("-ERR number of a keyspace must be 0 to 9999, not 10000");
    assertThat(client.call("KEYSPACE CREATE first NUMBER 3"))
        .isEqualTo("-ERR keyspace first exists");
    assertThat(client.call("KEYSPACE CREATE other NUMBER 9999"))
        .isEqualTo("-ERR the number 9999 is that of keyspace last");
    assertThat(client.call("KEYSPACE CREATE other NUMBER 1"))
        .isEqualTo(
            "-ERR the number must be above 2, since clients begin with the keyspace of the smallest"
                + " number");
    assertThat(client.call("KEYSPACE CREATE Other NUMBER 3")).startsWith("-ERR name of a keyspace");
    assertThat(client.call("KEYSPACE CREATE other PARTITIONS 3")).contains("power of two");
    assertThat(client.call("KEYSPACE CREATE other INTERVAL 5"))
        .contains("DURABILITY interval only");
    assertThat(client.call("KEYSPACE CREATE other NUMBER 3 PARTITIONS 4096"))
        .startsWith("-TOOLARGE 3 keyspaces with 4098 partitions are too many");
    assertThat(client.call("KEYSPACE DESCRIBE other")).isEqualTo("-ERR there is no keyspace other");
    assertThat(client.call("KEYSPACE LIST")).isEqualTo("[first, :2, last, :9999]");
    assertThat(say(client, "MULTI", "KEYSPACE CREATE other NUMBER 3", "EXEC"))
        .element(1)
        .isEqualTo("-ERR Command not allowed inside a transaction");
  }

  @Test
  void newKeyspacesAreSpreadOverTheLanes() throws IOException {
    begin(ONE);
    for (int i = 0; i < 7; i++) {
      assertThat(client().call("KEYSPACE CREATE k" + i)).startsWith("[name, k" + i);
    }
    assertThat(node().node().replicas())
        .extracting(replica -> replica.port().lane().index())
        .containsExactlyInAnyOrder(0, 0, 0, 0, 1, 1, 1, 1);
  }

  @Test
  void aDroppedKeyspaceIsGoneWithAllThatItHeld() throws IOException {
    begin(ONE);
    TestClient client = client();
    client.call("KEYSPACE CREATE orders PARTITIONS 4 MAXBYTES 100000");
    assertThat(say(client, "SELECT orders", "SET k v", "SELECT 0"))
        .containsExactly("OK", "OK", "OK");
    assertThat(replicaFolders()).hasSize(5);
    assertThat(client.call("KEYSPACE DROP orders order")).startsWith("-ERR the two names differ");
    assertThat(client.call("KEYSPACE DROP orders orders")).isEqualTo("OK");
    assertThat(replicaFolders()).hasSize(1);
    assertThat(client.call("SELECT orders")).startsWith("-");
    assertThat(client.call("SELECT 1")).isEqualTo("-ERR DB index is out of range");
    assertThat(client.call("KEYSPACE LIST")).isEqualTo("[default, :0]");
    assertThat(client.call("KEYSPACE DROP orders orders"))
        .isEqualTo("-ERR there is no keyspace orders");
    assertThat(client.call("INFO keyspace")).doesNotContain("db1");
    again(ONE);
    assertThat(client().call("KEYSPACE LIST")).isEqualTo("[default, :0]");
    node().stop();
    verify();
  }

  private long journalBytes() {
    List<NodeStatistics> taken = new ArrayList<>();
    node().node().statistics(taken::add);
    world.run();
    return taken.getFirst().groups().stream().mapToLong(GroupStatistics::journalBytes).sum();
  }

  @Test
  void aDroppedKeyspaceGivesUpItsRoomInTheJournal() throws IOException {
    begin(ONE.toBuilder().journalSegmentBytes(64 * 1024).build());
    TestClient client = client();
    client.call("KEYSPACE CREATE orders PARTITIONS 2");
    say(client, "SELECT orders");
    for (int i = 0; i < 1_000; i++) {
      assertThat(client.call("SET k" + i + " " + "x".repeat(1_000))).isEqualTo("OK");
    }
    assertThat(journalBytes()).isGreaterThan(1_000_000);
    client.call("KEYSPACE DROP orders orders");
    say(client, "SELECT default", "SET k v");
    assertThat(journalBytes()).isLessThan(200_000);
    again(ONE);
    assertThat(client().call("GET k")).isEqualTo("v");
  }

  @Test
  void someKeyspacesCannotBeDropped() throws IOException {
    begin(onePartition());
    assertThat(client().call("KEYSPACE DROP default default"))
        .isEqualTo("-ERR keyspace default cannot be dropped, since clients begin with it");
    assertThat(client().call("KEYSPACE DROP db1 db1")).contains("since the configuration names it");
    again(ONE);
    assertThat(client().call("KEYSPACE DROP db1 db1")).isEqualTo("OK");
  }

  @Test
  void aKeyspaceOfTheSameNameAndNumberBeginsEmpty() throws IOException {
    begin(ONE);
    for (int round = 0; round < 4; round++) {
      TestClient client = client();
      assertThat(client.call("KEYSPACE CREATE orders NUMBER 5 PARTITIONS 2"))
          .startsWith("[name, orders, number, :5");
      assertThat(say(client, "SELECT 5", "DBSIZE", "GET a", "SET a " + round, "INCR n"))
          .containsExactly("OK", ":0", "null", "OK", ":1");
      if (round % 2 == 1) {
        again(ONE);
        assertThat(say(client(), "SELECT orders", "MGET a n"))
            .containsExactly("OK", "[" + round + ", 1]");
      }
      assertThat(client().call("KEYSPACE DROP orders orders")).isEqualTo("OK");
      if (round == 2) {
        again(ONE);
      }
    }
    client().call("KEYSPACE CREATE orders NUMBER 5 PARTITIONS 2");
    say(client(), "SELECT 5", "SET last 1");
    again(ONE);
    assertThat(say(client(), "SELECT 5", "KEYS *")).containsExactly("OK", "[last]");
    node().stop();
    verify();
  }

  @Test
  void sessionsAreToldThatTheirKeyspaceIsGone() throws IOException {
    begin(ONE);
    TestClient admin = client();
    admin.call("KEYSPACE CREATE orders NUMBER 5 PARTITIONS 2");
    TestClient here = client();
    TestClient there = node().client(1);
    assertThat(say(here, "SELECT 5", "SET k v", "SET l v")).containsExactly("OK", "OK", "OK");
    assertThat(say(there, "SELECT 5", "WATCH k", "MULTI", "GET k"))
        .containsExactly("OK", "OK", "OK", "QUEUED");
    admin.call("KEYSPACE DROP orders orders");
    admin.call("KEYSPACE CREATE orders NUMBER 5 PARTITIONS 2");
    String gone = "-ERR keyspace orders was dropped; SELECT another";
    assertThat(say(here, "GET k", "SET k w", "DBSIZE", "FLUSHDB", "WATCH k", "PING"))
        .containsExactly(gone, gone, gone, gone, gone, "PONG");
    assertThat(say(there, "EXEC", "MULTI", "GET k", "EXEC", "MULTI", "SELECT 5", "GET k", "EXEC"))
        .containsExactly(gone, "OK", "QUEUED", gone, "OK", "QUEUED", "QUEUED", "[OK, null]");
    assertThat(say(here, "SELECT 5", "GET k", "SET k w", "GET k"))
        .containsExactly("OK", "null", "OK", "w");
    assertThat(say(there, "GET k", "FLUSHALL", "GET k")).containsExactly("w", "OK", "null");
    assertThat(node().defects()).isEmpty();
  }

  @Test
  void whatIsUnderWayWhenAKeyspaceGoesIsAnswered() throws IOException {
    begin(ONE);
    TestClient admin = client();
    admin.call("KEYSPACE CREATE orders NUMBER 5 PARTITIONS 2");
    TestClient here = client();
    TestClient there = node().client(1);
    say(here, "SELECT 5");
    say(there, "SELECT 5");
    world.sync(0).hold();
    world.sync(1).hold();
    here.pipeline("SET k v", "GET k", "SET l w", "MGET k l", "FLUSHDB", "DBSIZE");
    there.pipeline("SET m v", "INCR n", "MULTI", "INCR n", "EXEC", "KEYS *");
    admin.send("KEYSPACE DROP orders orders");
    world.run();
    assertThat(admin.take()).isEqualTo("OK");
    assertThat(here.takeAll()).hasSize(6).allMatch(reply -> reply.contains("was dropped"));
    assertThat(there.takeAll())
        .hasSize(6)
        .filteredOn(reply -> reply.contains("was dropped"))
        .hasSize(4);
    world.sync(0).release();
    world.sync(1).release();
    world.advanceMillis(60_000);
    assertThat(say(here, "SELECT 0", "SET k v")).containsExactly("OK", "OK");
    again(ONE);
    assertThat(client().call("GET k")).isEqualTo("v");
  }

  @Test
  void changesWaitForEachOtherAndAStopForThem() throws IOException {
    begin(ONE);
    TestClient one = client();
    TestClient other = node().client(1);
    world.background().hold();
    one.pipeline("KEYSPACE CREATE a", "KEYSPACE DROP a a", "KEYSPACE CREATE b");
    other.pipeline("KEYSPACE CREATE c");
    world.run();
    assertThat(one.takeAll()).isEmpty();
    boolean[] stopped = new boolean[1];
    node().node().stop(() -> stopped[0] = true);
    world.advanceMillis(100);
    assertThat(stopped[0]).isFalse();
    world.background().release();
    world.advanceMillis(1_000);
    assertThat(stopped[0]).isTrue();
    assertThat(one.take()).startsWith("[name, a,");
    assertThat(one.takeAll()).hasSize(2).allMatch(reply -> reply.startsWith("-OVERLOADED"));
    assertThat(other.take()).startsWith("-OVERLOADED the node is stopping");
    stopped[0] = false;
    assertThat(other.call("KEYSPACE CREATE d")).startsWith("-OVERLOADED the node is stopping");
    assertThat(stopped[0]).isFalse();
    begin(ONE);
    assertThat(client().call("KEYSPACE LIST")).isEqualTo("[default, :0, a, :1]");
  }

  @Test
  void tooManyChangesAreRefused() throws IOException {
    begin(ONE);
    world.background().hold();
    TestClient client = client();
    for (int i = 0; i < 110; i++) {
      client.send("KEYSPACE CREATE k" + i);
    }
    world.run();
    world.background().release();
    world.run();
    List<String> replies = client.takeAll();
    assertThat(replies).hasSize(110);
    assertThat(replies).filteredOn(reply -> reply.startsWith("-OVERLOADED")).hasSize(9);
    assertThat(client.call("KEYSPACE LIST")).contains("k100, :101").doesNotContain("k101");
  }

  @Test
  void onAFullDiskNothingIsCreated() throws IOException {
    begin(ONE);
    disk.fill(true);
    assertThat(client().call("KEYSPACE CREATE a")).startsWith("-DISKFULL");
    disk.fill(false);
    assertThat(replicaFolders()).hasSize(1);
    world.advanceMillis(2_000);
    assertThat(client().call("KEYSPACE CREATE a")).startsWith("[name, a, number, :1");
    disk.failSyncs(true);
    assertThat(client().call("KEYSPACE CREATE b")).startsWith("-ERR the disk failed");
    disk.failSyncs(false);
    assertThat(replicaFolders()).hasSize(2);
    assertThat(client().call("KEYSPACE LIST")).isEqualTo("[default, :0, a, :1]");
    assertThat(node().failures()).isEmpty();
  }

  @Test
  void anAlteredKeyspaceIsAnotherAtOnceAndAfterAStart() throws IOException {
    begin(ONE);
    TestClient client = client();
    client.call("KEYSPACE CREATE orders PARTITIONS 2");
    assertThat(client.call("KEYSPACE ALTER orders DURABILITY interval"))
        .contains("durability, interval, interval, :1000, history, :0");
    assertThat(client.call("KEYSPACE ALTER orders INTERVAL 20 HISTORY 5000 COMPRESSION none,zstd"))
        .contains("interval, :20, history, :5000, compression, none,zstd, maxBytes, :0");
    assertThat(client.call("KEYSPACE ALTER orders DURABILITY none MAXBYTES 70000"))
        .contains("durability, none, interval, :0, history, :5000")
        .contains("maxBytes, :70000");
    assertThat(client.call("KEYSPACE ALTER orders INTERVAL 5"))
        .contains("DURABILITY interval only");
    assertThat(client.call("KEYSPACE ALTER orders NUMBER 9")).contains("fixed when it is created");
    assertThat(client.call("KEYSPACE ALTER frog HISTORY 1"))
        .startsWith("-ERR there is no keyspace");
    again(ONE);
    assertThat(client().call("KEYSPACE DESCRIBE orders"))
        .contains("durability, none, interval, :0, history, :5000, compression, none,zstd")
        .contains("maxBytes, :70000");
  }

  @Test
  void durabilityChangesForWhatIsUnderWay() throws IOException {
    begin(ONE);
    TestClient client = client();
    client.call("KEYSPACE CREATE orders");
    int lane = node().node().replicas().getLast().port().lane().index();
    say(client, "SELECT orders");
    world.sync(lane).hold();
    client.send("SET k v");
    world.run();
    assertThat(client.takeAll()).isEmpty();
    TestClient admin = client();
    assertThat(admin.call("KEYSPACE ALTER orders DURABILITY none")).startsWith("[name, orders");
    world.sync(lane).release();
    world.run();
    assertThat(client.takeAll()).containsExactly("OK");
    disk.failSyncs(true);
    assertThat(client.call("SET k w")).isEqualTo("OK");
    disk.failSyncs(false);
    assertThat(admin.call("KEYSPACE ALTER orders DURABILITY commit")).startsWith("[name, orders");
    disk.failSyncs(true);
    assertThat(client.call("SET k x")).startsWith("-ERR the node has stopped");
  }

  @Test
  void aLimitHoldsFromWhereItIsSet() throws IOException {
    begin(ONE);
    TestClient client = client();
    client.call("KEYSPACE CREATE orders PARTITIONS 2 COMPRESSION none");
    String value = "x".repeat(50_000);
    say(client, "SELECT orders");
    for (int i = 0; i < 10; i++) {
      assertThat(client.call("SET k" + i + " " + value)).isEqualTo("OK");
    }
    client.call("KEYSPACE ALTER orders MAXBYTES 400000");
    assertThat(client.call("SET more v")).startsWith("-OOM command not allowed: keyspaces.orders");
    assertThat(client.call("INFO keyspace")).contains("max_bytes=400000");
    client.call("KEYSPACE ALTER orders MAXBYTES 1000000");
    assertThat(client.call("SET more v")).isEqualTo("OK");
    client.call("KEYSPACE ALTER orders MAXBYTES 400000");
    assertThat(client.call("SET more v")).startsWith("-OOM");
    client.call("KEYSPACE ALTER orders MAXBYTES 0");
    assertThat(client.call("SET more v")).isEqualTo("OK");
    client.call("KEYSPACE ALTER orders MAXBYTES 400000");
    assertThat(client.call("SET more w")).startsWith("-OOM");
    say(client, "FLUSHDB");
    world.advanceMillis(60_000);
    assertThat(client.call("SET more v")).isEqualTo("OK");
  }

  @Test
  void whatTheConfigurationNamesWinsAtAStartAndTheRestStays() throws IOException {
    KeyspaceOptions listed = KeyspaceOptions.of(1, "orders").withHistoryMillis(60_000);
    KeyspaceWish said =
        KeyspaceWish.NOTHING.withMode(Durability.Mode.COMMIT).withHistoryMillis(60_000);
    NodeOptions named =
        options(KeyspaceOptions.of(0, "default"), listed).toBuilder()
            .named(new TreeMap<>(Map.of("orders", said, "default", KeyspaceWish.NOTHING)))
            .build();
    begin(named);
    String alter = "KEYSPACE ALTER %s DURABILITY none HISTORY 5 MAXBYTES 99 COMPRESSION snappy";
    client().call(alter.formatted("default"));
    assertThat(client().call(alter.formatted("orders")))
        .contains("durability, none, interval, :0, history, :5, compression, snappy");
    again(named);
    assertThat(client().call("KEYSPACE DESCRIBE orders"))
        .contains("durability, commit, interval, :0, history, :60000, compression, snappy")
        .contains("maxBytes, :99");
    assertThat(client().call("KEYSPACE DESCRIBE default"))
        .contains("durability, none, interval, :0, history, :5, compression, snappy");
    again(options(KeyspaceOptions.of(0, "default"), listed));
    assertThat(client().call("KEYSPACE DESCRIBE orders"))
        .contains("durability, commit, interval, :0, history, :60000, compression, lz4")
        .contains("maxBytes, :0");
  }
}
