package io.distkv.simulation.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.simulation.cluster.invariant.Invariant;
import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs of whole clusters are repeatable, and whatever an invariant says ends them. */
class ClusterRunTest {
  @Test
  void theSameSeedGoesTheSameWay() {
    Trace first = new Trace();
    Trace second = new Trace();
    ClusterRun.Outcome outcome = new ClusterRun(8, first, Selection.EVERYTHING).run();
    assertThat(new ClusterRun(8, second, Selection.EVERYTHING).run()).isEqualTo(outcome);
    assertThat(outcome.operations()).isPositive();
    assertThat(outcome.faults()).isPositive();
    assertThat(new ClusterRun(9, new Trace(), Selection.EVERYTHING).run().traceHash())
        .isNotEqualTo(outcome.traceHash());
  }

  @Test
  void anInvariantThatDoesNotHoldEndsTheRun() {
    Invariant nobodyLeads =
        look -> {
          if (look.raft().leader() != 0) {
            throw new Violation("node " + look.raft().leader() + " leads");
          }
        };
    ClusterRun run = new ClusterRun(5, new Trace(), Selection.EVERYTHING, List.of(nobodyLeads));
    assertThatThrownBy(run::run).isInstanceOf(Violation.class).hasMessageContaining("leads");
  }
}
