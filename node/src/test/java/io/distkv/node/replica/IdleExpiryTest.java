package io.distkv.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.NodeStatistics;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import io.distkv.node.world.TestWorld;
import io.distkv.storage.tree.TreeStatistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What has expired in a node that nobody writes to. */
class IdleExpiryTest extends NodeTest {
  private static final long HOUR_MILLIS = 3_600_000;

  private NodeStatistics statistics(TestNode node) {
    List<NodeStatistics> seen = new ArrayList<>();
    node.node().statistics(seen::add);
    world.run();
    return seen.get(0);
  }

  private long entriesOnDisk(TestNode node) {
    return statistics(node).groups().stream()
        .flatMap(group -> group.replicas().stream())
        .flatMap(replica -> replica.tree().levels().stream())
        .mapToLong(TreeStatistics.LevelStatistics::entries)
        .sum();
  }

  private long logged(TestNode node) {
    return statistics(node).count(ReplicaCounters.Counter.ENTRIES);
  }

  private TestNode withExpiringKeys() throws IOException {
    TestNode first = start(eightPartitions());
    TestClient client = first.client(0);
    for (int i = 0; i < 100; i++) {
      client.call("SET k" + i + " value EX 60");
    }
    return restart(first, eightPartitions());
  }

  @Test
  void itLeavesTheDisk() throws IOException {
    TestNode node = withExpiringKeys();
    assertThat(entriesOnDisk(node)).isEqualTo(100);
    assertThat(node.client(0).call("INFO keyspace")).contains("db0:keys=100,expires=100");
    world.advanceMillis(4 * HOUR_MILLIS);
    assertThat(entriesOnDisk(node)).isZero();
    assertThat(node.client(0).call("INFO keyspace")).doesNotContain("db0");
    assertThat(logged(node)).as("one entry for each partition").isEqualTo(8);
    world.advanceMillis(100 * HOUR_MILLIS);
    assertThat(logged(node)).isEqualTo(8);
    assertThat(node.defects()).isEmpty();
  }

  /** The entry that brought the time is applied again like any other, and the time with it. */
  @Test
  void aCrashBeforeItHasLeftChangesNothing() throws IOException {
    TestNode node = withExpiringKeys();
    world.background().hold();
    world.advanceMillis(4 * HOUR_MILLIS);
    assertThat(logged(node)).isEqualTo(8);
    assertThat(entriesOnDisk(node)).isEqualTo(100);
    TestWorld later = new TestWorld(1); // its clock begins where that of the first began
    TestNode again = TestNode.start(later, disk, eightPartitions());
    assertThat(again.failures()).isEmpty();
    assertThat(again.client(0).call("GET k7")).as("by the log's time").isEqualTo("null");
    assertThat(again.client(0).call("DBSIZE")).isEqualTo(":0");
    again.stop();
    assertThat(again.defects()).isEmpty();
  }

  @Test
  void nothingIsLoggedOnceTheNodeStops() throws IOException {
    TestNode node = withExpiringKeys();
    world.on(0, () -> node.node().stop(() -> {}));
    world.advanceMillis(4 * HOUR_MILLIS);
    assertThat(node.defects()).isEmpty();
    assertThat(node.failures()).isEmpty();
    TestNode next = start(eightPartitions());
    assertThat(entriesOnDisk(next)).isEqualTo(100);
  }
}
