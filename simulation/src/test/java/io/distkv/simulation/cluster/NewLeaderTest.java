package io.distkv.simulation.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.replica.Replica;
import io.distkv.raft.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a leader must have done before it takes its first write. */
class NewLeaderTest {
  private static final long HOUR_MILLIS = 3_600_000;

  /**
   * A node that starts, and whose clock was set back, knows the time from its log alone, which it
   * has not applied when it begins to lead; a write may come in that very turn.
   */
  @Test
  void itsStampsAreAboveThoseInItsLogFromTheFirstOn() {
    for (long seed = 1; seed <= 20; seed++) {
      CalmCluster cluster = new CalmCluster(seed, 1);
      Machine old = cluster.leader(0);
      cluster.write(old, 0, 5, 10).await();
      cluster.settle(0);
      long version = CalmCluster.replica(old, 0).snapshot().asOf();
      List<Machine> others = new ArrayList<>(cluster.machines());
      others.remove(old);
      cluster.machines().forEach(Machine::cutPower);
      for (Machine other : others) {
        other.clock().jumpMillis(-HOUR_MILLIS);
        other.start();
      }
      cluster.until(() -> others.stream().allMatch(Machine::serves), "a start");
      while (others.stream().noneMatch(NewLeaderTest::leads)) {
        for (Machine other : others) {
          cluster.write(other, 0, 1, 10);
        }
        cluster.pass(1);
      }
      Machine leader = cluster.leader(0);
      cluster.write(leader, 0, 1, 10).await();
      assertThat(CalmCluster.replica(leader, 0).snapshot().asOf())
          .as("seed %d", seed)
          .isGreaterThan(version);
    }
  }

  private static boolean leads(Machine machine) {
    Replica replica = CalmCluster.replica(machine, 0);
    return replica.raft().role() == Role.LEADER;
  }
}
