package io.distkv.node.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.Lane;
import io.distkv.node.Health;
import io.distkv.node.Node;
import io.distkv.node.NodeOptions;
import io.distkv.node.keyspace.Durability;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.keyspace.SettingMismatchException;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import io.distkv.node.world.TestWorld;
import io.distkv.platform.RealDisk;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.tree.TreeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What was acknowledged is there after a start, and what cannot be kept is refused. */
class DurabilityTest extends NodeTest {

  private static NodeOptions withDurability(Durability durability) {
    return options(KeyspaceOptions.of(0, "default").withDurability(durability));
  }

  @Test
  void aRestartWithoutAStopKeepsAllThatWasAcknowledged() throws IOException {
    NodeOptions options = eightPartitions();
    TestNode node = start(options);
    TestClient client = node.client(0);
    for (int i = 0; i < 300; i++) {
      client.send("SET k" + i + " " + i);
      client.send("APPEND k" + i + " x");
    }
    world.run();
    assertThat(client.takeAll()).hasSize(600);
    TestNode again = TestNode.start(new TestWorld(2), disk, options);
    assertThat(again.failures()).isEmpty();
    assertThat(again.hasStarted()).isTrue();
    for (int i = 0; i < 300; i += 7) {
      assertThat(again.client(i % 2).call("GET k" + i)).isEqualTo(i + "x");
    }
    assertThat(again.client(0).call("DBSIZE")).isEqualTo(":300");
  }

  @Test
  void aStopAndStartKeepsAllAndReplaysNothing() throws IOException {
    NodeOptions options = eightPartitions();
    TestNode node = start(options);
    TestClient client = node.client(0);
    for (int i = 0; i < 100; i++) {
      client.send("SET k" + i + " " + i);
    }
    client.send("SET t v PX 100000");
    world.run();
    node = restart(node, options);
    assertThat(node.node().health()).isEqualTo(Health.READY);
    assertThat(node.client(0).call("DBSIZE")).isEqualTo(":101");
    assertThat(node.client(0).call("PTTL t")).isBetween(":90000", ":99999");
    world.advanceMillis(200_000);
    assertThat(node.client(0).call("GET t")).isEqualTo("null");
  }

  @Test
  void theNumberOfLanesMayChange() throws IOException {
    NodeOptions options = eightPartitions();
    TestNode node = start(options);
    for (int i = 0; i < 50; i++) {
      node.client(0).call("SET k" + i + " " + i);
    }
    for (int lanes : new int[] {1, 3, 2}) {
      TestWorld other = new TestWorld(lanes);
      TestNode again = TestNode.start(other, disk, options);
      assertThat(again.failures()).isEmpty();
      TestClient client = again.client(lanes - 1);
      assertThat(client.call("DBSIZE")).isEqualTo(":" + 50);
      assertThat(client.call("GET k7")).isEqualTo("7");
      again.stop();
    }
  }

  @Test
  void commitIsNotAcknowledgedBeforeTheSync() throws IOException {
    TestNode node = start(withDurability(Durability.COMMIT));
    TestClient client = node.client(0);
    int lane = node.node().homeLane();
    world.sync(lane).hold();
    client.send("SET k v");
    world.run();
    assertThat(client.takeAll()).isEmpty();
    assertThat(node.client(1).call("GET k")).as("nor seen by anyone").isEqualTo("null");
    world.sync(lane).release();
    world.run();
    assertThat(client.takeAll()).containsExactly("OK");
  }

  @Test
  void intervalAndNoneAreKeptOverAKill() throws IOException {
    for (Durability durability : List.of(Durability.interval(100), Durability.NONE)) {
      Path own = Files.createDirectory(folder.resolve(durability.mode().name()));
      TestWorld first = new TestWorld(2);
      RealDisk ownDisk = new RealDisk(own);
      TestNode node = TestNode.start(first, ownDisk, withDurability(durability));
      TestClient client = node.client(0);
      client.pipeline("SET k v", "GET k");
      first.run();
      assertThat(client.takeAll()).containsExactly("OK", "v");
      TestNode again = TestNode.start(new TestWorld(2), ownDisk, withDurability(durability));
      assertThat(again.client(0).call("GET k")).isEqualTo("v");
    }
  }

  @Test
  void anUnsyncedKeyspaceIsFlushedOnlyAfterASync() throws IOException {
    NodeOptions options = withDurability(Durability.NONE);
    TestNode node = start(options);
    node.client(0).call("SET k v");
    node.stop();
    assertThat(start(options).client(0).call("GET k")).isEqualTo("v");
  }

  @Test
  void aFailedSyncStopsTheNode() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    TestClient other = node.client(1);
    client.call("SET before 1");
    disk.failSyncs(true);
    client.pipeline("SET k v", "GET k", "PING");
    other.send("SET other v");
    world.run();
    assertThat(node.failures()).hasSize(1);
    assertThat(node.failures().getFirst()).hasMessageContaining("the disk is broken");
    assertThat(node.node().health()).isEqualTo(Health.FAILED);
    List<String> replies = client.takeAll();
    assertThat(replies.get(0)).startsWith("-ERR the node has stopped because its disk failed");
    assertThat(replies.get(1)).startsWith("-ERR the node has stopped");
    assertThat(replies.get(2)).isEqualTo("PONG");
    assertThat(other.take()).startsWith("-ERR the node has stopped");
    assertThat(client.call("GET before")).startsWith("-ERR the node has stopped");
    assertThat(client.call("SET k v")).startsWith("-ERR the node has stopped");
    node.stop();
  }

  @Test
  void aWriteThatComesBackFromAWorkerAfterTheJournalFailedIsAnswered() throws IOException {
    NodeOptions options = uncached(onePartition());
    TestNode node = start(options);
    node.client(0).call("SET n 1");
    node = restart(node, options);
    TestClient client = node.client(0);
    world.reads().hold();
    client.pipeline("INCR n", "GET n", "SET m 1");
    world.run();
    disk.failSyncs(true);
    node.client(1).send("SET k v");
    world.sync(node.node().homeLane()).runAll();
    world.reads().runAll();
    world.run();
    assertThat(client.takeAll()).hasSize(3).allMatch(reply -> reply.contains("its disk failed"));
  }

  @Test
  void aFullDiskRefusesWhatGrowsAndServesTheRest() throws IOException {
    NodeOptions options = onePartition().toBuilder().diskReserveBytes(1_000_000).build();
    TestNode node = start(options);
    TestClient client = node.client(0);
    client.call("SET k v");
    disk.pretendUsable(999_999);
    world.advanceMillis(1_100);
    assertThat(client.call("SET k2 v")).startsWith("-DISKFULL the disk is nearly full");
    client.pipeline("MULTI", "SET a 1", "EXEC", "GET k", "DEL k", "GET k", "FLUSHALL");
    world.run();
    List<String> replies = client.takeAll();
    assertThat(replies.get(2)).startsWith("-DISKFULL");
    assertThat(replies.subList(3, 7)).containsExactly("v", ":1", "null", "OK");
    disk.pretendUsable(1_100_000);
    world.advanceMillis(1_100);
    assertThat(client.call("SET k v")).as("not yet enough room").startsWith("-DISKFULL");
    disk.pretendUsable(1_250_000);
    world.advanceMillis(1_100);
    assertThat(client.call("SET k v")).isEqualTo("OK");
  }

  @Test
  void aJournalOverItsBudgetHasTheReplicasFlushedThatHoldIt() throws IOException {
    NodeOptions options =
        options(KeyspaceOptions.of(0, "default"), KeyspaceOptions.of(1, "other").withPartitions(2))
            .toBuilder()
            .journalSegmentBytes(64 * 1024)
            .journalBytes(256 * 1024)
            .build();
    TestNode node = start(options);
    TestClient cold = node.client(0);
    cold.pipeline("SELECT 1", "SET cold v", "SET cold2 v", "SET cold3 v");
    world.run();
    TestClient client = node.client(0);
    String value = "x".repeat(1_000);
    for (int i = 0; i < 2_000; i++) {
      client.call("SET k" + i % 100 + " " + value);
    }
    world.advanceMillis(2_000);
    try (Stream<Path> files = Files.walk(folder.resolve("journals"))) {
      long bytes = files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
      assertThat(bytes).isLessThan(1_200_000);
    }
    TestNode again = TestNode.start(new TestWorld(2), disk, options);
    assertThat(again.client(0).call("DBSIZE")).isEqualTo(":100");
    assertThat(again.client(0).call("STRLEN k99")).isEqualTo(":1000");
  }

  @Test
  void aTreeThatFallsBehindSlowsItsWritersAndNobodyElse() throws IOException {
    NodeOptions options =
        uncached(onePartition()).toBuilder()
            .memtableBytes(64 * 1024)
            .tree(TreeOptions.DEFAULT.withMemtableBytes(16 * 1024))
            .build();
    TestNode node = start(options);
    TestClient client = node.client(0);
    world.background().hold();
    for (int i = 0; i < 400; i++) {
      client.send("SET k" + i + " " + "x".repeat(500));
      world.run();
    }
    client.send("GET k399");
    world.run();
    int early = client.takeAll().size();
    assertThat(early).isLessThan(400);
    TestClient other = node.client(1);
    assertThat(other.call("GET k0")).hasSize(500);
    world.background().release();
    world.advanceMillis(8_000);
    assertThat(client.takeAll()).hasSize(401 - early).last().asString().hasSize(500);
    long[] throttled = new long[1];
    node.node().statistics(s -> throttled[0] = s.count(ReplicaCounters.Counter.THROTTLED_WRITES));
    world.run();
    assertThat(throttled[0]).isPositive();
  }

  @Test
  void damagedTablesGiveAnErrorThatNamesThemAndNothingElse() throws IOException {
    NodeOptions options = uncached(onePartition());
    TestNode node = start(options);
    for (int i = 0; i < 100; i++) {
      node.client(0).call("SET k" + i + " " + "v".repeat(100));
    }
    node.stop();
    Path table;
    try (Stream<Path> files = Files.walk(folder.resolve("replicas"))) {
      table = files.filter(f -> f.toString().endsWith(".sst")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(table);
    bytes[100] ^= 1;
    Files.write(table, bytes);
    node = start(options);
    TestClient client = node.client(0);
    assertThat(client.call("GET k0"))
        .startsWith("-CORRUPTION stored data is damaged")
        .contains(".sst");
    assertThat(node.node().damaged()).hasSize(1);
    assertThat(folder.resolve(node.node().damaged().get(0).file())).isEqualTo(table);
    assertThat(client.call("INCR k0")).startsWith("-CORRUPTION").contains(".sst");
    assertThat(client.call("MGET k0 k1")).startsWith("-CORRUPTION");
    assertThat(client.call("KEYS *")).startsWith("-CORRUPTION");
    assertThat(client.call("WATCH k0")).startsWith("-CORRUPTION");
    assertThat(client.call("SET new v")).isEqualTo("OK");
    assertThat(client.call("GET new")).isEqualTo("v");
    assertThat(client.call("SET k0 v")).isEqualTo("OK");
    assertThat(client.call("GET k0")).isEqualTo("v");
    disk.failReads(true);
    assertThat(client.call("GET k5"))
        .startsWith("-CORRUPTION")
        .contains(".sst at byte ", "cannot be read");
    disk.failReads(false);
  }

  @Test
  void aDamagedJournalIsRefused() throws IOException {
    TestNode node = start(onePartition());
    for (int i = 0; i < 50; i++) {
      node.client(0).call("SET k" + i + " v");
    }
    world.advanceMillis(3_000);
    Path segment;
    int lane = node.node().homeLane();
    try (Stream<Path> files = Files.walk(folder.resolve("journals/" + lane))) {
      segment =
          files.filter(f -> f.toString().endsWith(".journal")).sorted().findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(segment);
    bytes[4_200] ^= 1;
    Files.write(segment, bytes);
    TestNode again = TestNode.start(world, disk, onePartition());
    assertThat(again.hasStarted()).isFalse();
    assertThat(again.failures()).hasSize(1);
    assertThat(again.failures().getFirst()).isInstanceOf(CorruptionException.class);
    assertThat(again.node().health()).isEqualTo(Health.FAILED);
    again.stop();
  }

  @Test
  void aConfigurationThatContradictsTheFolderIsRefused() throws IOException {
    start(onePartition()).stop();
    assertThatThrownBy(() -> TestNode.start(world, disk, eightPartitions()))
        .isInstanceOf(SettingMismatchException.class)
        .hasMessageContaining("keyspaces.default.partitions cannot be 8");
  }

  @Test
  void aNewKeyspaceOfTheConfigurationIsAdded() throws IOException {
    TestNode node = start(options(KeyspaceOptions.of(0, "default")));
    String id = node.node().id();
    node.client(0).call("SET k v");
    node.stop();
    node =
        start(
            options(
                KeyspaceOptions.of(5, "five").withPartitions(4), KeyspaceOptions.of(0, "default")));
    assertThat(node.node().id()).isEqualTo(id);
    TestClient client = node.client(0);
    client.pipeline("GET k", "SELECT five", "SET k five");
    world.run();
    assertThat(client.takeAll()).containsExactly("v", "OK", "OK");
    node.stop();
    node = start(options(KeyspaceOptions.of(0, "default")));
    client = node.client(1);
    client.pipeline("SELECT 5", "GET k");
    world.run();
    assertThat(client.takeAll()).containsExactly("OK", "five");
  }

  @Test
  void sessionsComeOnlyAfterTheStart() throws IOException {
    TestNode test = start(onePartition());
    Node node = test.node();
    assertThat(node.health()).isEqualTo(Health.READY);
    assertThat(node.id()).matches("[0-9a-f]{16}");
    Lane lane = world.lane(0);
    assertThat(lane.index()).isZero();
    test.stop();
    assertThat(node.health()).isEqualTo(Health.STOPPED);
  }
}
