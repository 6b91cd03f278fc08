package io.distkv.simulation.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.replica.Replica;
import io.distkv.raft.Position;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Those of the eleven traps of a shared journal that take a group of several nodes. {@code
 * JournalTrapsTest} of the node has the others, and the list of all.
 */
class GroupJournalTrapsTest {
  private static final int MOST_JOURNALS = 2;

  /** Bytes of a node's journals: two, each with its budget and some segments that are to go. */
  private static final long MOST_JOURNAL_BYTES =
      MOST_JOURNALS * (CalmCluster.JOURNAL_BYTES + 4 * CalmCluster.SEGMENT_BYTES);

  @Test
  void laggingFollowersDoNotPinTheJournalWithoutBound() {
    CalmCluster cluster = new CalmCluster(4, 1);
    Machine leader = cluster.leader(0);
    Machine lagging = other(cluster, leader);
    cluster.write(leader, 0, 10, 500).await();
    cluster.settle(0);
    long had = CalmCluster.replica(lagging, 0).appliedIndex();
    lagging.cutPower();
    for (int round = 0; round < 200; round++) {
      cluster.write(leader, 0, 10, 1_000).await();
      for (Machine machine : cluster.machines()) {
        if (machine != lagging) {
          assertThat(cluster.journalBytes(machine)).isLessThan(MOST_JOURNAL_BYTES);
        }
      }
    }
    lagging.start();
    cluster.settle(0);
    assertThat(CalmCluster.replica(lagging, 0).flushedIndex())
        .as("it was sent a snapshot")
        .isGreaterThan(had);
  }

  private static Machine other(CalmCluster cluster, Machine than) {
    return cluster.machines().stream().filter(each -> each != than).findFirst().orElseThrow();
  }

  @Test
  void hardStateIsDurableBeforeAnyReply() {
    for (long seed = 1; seed <= 20; seed++) {
      CalmCluster cluster = new CalmCluster(seed, 1);
      long term = CalmCluster.replica(cluster.leader(0), 0).raft().term();
      cluster.machines().forEach(Machine::cutPower);
      List<Long> terms = termsAlone(cluster, 0);
      assertThat(terms.stream().filter(each -> each >= term).count())
          .as("seed %d: those who elected the leader of term %d: %s", seed, term, terms)
          .isGreaterThanOrEqualTo(2);
    }
  }

  /** The term that each machine knows when it comes up and hears of no other. */
  private static List<Long> termsAlone(CalmCluster cluster, int partition) {
    List<Long> terms = new ArrayList<>();
    for (Machine machine : cluster.machines()) {
      machine.start();
      cluster.until(machine::serves, "a start");
      terms.add(CalmCluster.replica(machine, partition).raft().term());
      machine.kill();
    }
    return terms;
  }

  @Test
  void hardStateIsLoggedAgainWhenItsSegmentRetires() {
    CalmCluster cluster = new CalmCluster(8, 4);
    List<Long> before = new ArrayList<>();
    cluster.leader(0);
    cluster.settle(0);
    for (Machine machine : cluster.machines()) {
      before.add(CalmCluster.replica(machine, 0).raft().term());
    }
    for (int round = 0; round < 100; round++) {
      for (int partition = 1; partition < 4; partition++) {
        cluster.write(cluster.leader(partition), partition, 10, 1_000).await();
      }
    }
    for (Machine machine : cluster.machines()) {
      assertThat(cluster.journalBytes(machine))
          .as("the cold group holds no segment of node %d", machine.id())
          .isLessThan(MOST_JOURNAL_BYTES);
    }
    cluster.machines().forEach(Machine::cutPower);
    assertThat(termsAlone(cluster, 0)).isEqualTo(before);
  }

  @Test
  void anInstalledSnapshotCarriesANewIncarnation() {
    CalmCluster cluster = new CalmCluster(9, 1);
    Machine old = cluster.leader(0);
    cluster.write(old, 0, 10, 100).await();
    cluster.isolate(old);
    cluster.write(old, 0, 100, 100);
    cluster.pass(300);
    Replica replica = CalmCluster.replica(old, 0);
    Position tail = replica.raft().last();
    assertThat(tail.index()).as("what only the old leader has").isGreaterThan(100);
    cluster.pass(5_000);
    Machine next = cluster.leader(0);
    assertThat(next).isNotSameAs(old);
    cluster.write(next, 0, 40, 100).await();
    cluster.heal();
    cluster.until(() -> replica.raft().base().term() > tail.term(), "a snapshot");
    cluster.write(next, 0, 5, 100).await();
    cluster.settle(0);
    Position last = replica.raft().last();
    assertThat(last.index()).isLessThan(tail.index());
    cluster.isolate(old);
    old.kill();
    old.start();
    cluster.until(old::serves, "a start");
    assertThat(CalmCluster.replica(old, 0).raft().last())
        .as("the log that came after the snapshot, and nothing of the one before")
        .isEqualTo(last);
    cluster.heal();
    cluster.settle(0);
  }

  /** What nobody decides on may be more than the journal's budget: it cannot be made to fit. */
  @Test
  void whatNobodyDecidesOnIsNotWrittenAgainForEver() {
    CalmCluster cluster = new CalmCluster(10, 1);
    Machine leader = cluster.leader(0);
    cluster.isolate(leader);
    int bytes = 1_000;
    int count = (int) (3 * CalmCluster.JOURNAL_BYTES / bytes);
    cluster.write(leader, 0, count, bytes);
    cluster.pass(20_000);
    assertThat(CalmCluster.replica(leader, 0).raft().last().index()).isGreaterThan(count);
    long segments = 0;
    for (String file : leader.disk().files()) {
      if (file.endsWith(".journal")) {
        String name = file.substring(file.lastIndexOf('/') + 1, file.lastIndexOf('.'));
        segments = Math.max(segments, Long.parseLong(name));
      }
    }
    assertThat(segments * CalmCluster.SEGMENT_BYTES)
        .as("bytes written in all")
        .isLessThan(3L * count * bytes);
    cluster.heal();
    cluster.settle(0);
  }
}
