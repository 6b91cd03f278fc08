package io.distkv.simulation.hunt;

import io.distkv.simulation.cluster.ClusterRun;
import io.distkv.simulation.cluster.Selection;
import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;

/** A kind of run: all that happens in it follows from its seed. */
interface Scenario {

  /**
   * What a run amounted to.
   *
   * @param virtualNanos that have passed in it; 0 where nobody asks
   */
  record Outcome(
      String traceHash, long events, long requests, int lives, int powerCuts, long virtualNanos) {
    Outcome(String traceHash, long events, long requests, int lives, int powerCuts) {
      this(traceHash, events, requests, lives, powerCuts, 0);
    }

    private static Outcome of(ClusterRun.Outcome run) {
      return new Outcome(
          run.traceHash(),
          run.events(),
          run.operations(),
          run.lives(),
          run.powerCuts(),
          run.virtualNanos());
    }
  }

  /**
   * Runs it.
   *
   * @throws Violation if a promise was broken; anything else that is thrown is a defect too
   */
  Outcome run(long seed, Trace trace);

  /** Runs of whole clusters. */
  static Scenario of(ClusterRuns runs) {
    return (seed, trace) -> Outcome.of(runs.of(seed, trace, Selection.EVERYTHING).run());
  }

  /** The scenario of a name. */
  static Scenario named(String name) {
    return switch (name) {
      case "cluster" -> of(ClusterRun::new);
      case "steady" -> (seed, trace) -> Outcome.of(ClusterRun.steady(seed, trace).run());
      case "node" -> (seed, trace) -> new NodeRun(seed, trace).run();
      case "tree" -> (seed, trace) -> new TreeRun(seed, trace).run();
      case "journal" -> (seed, trace) -> new JournalRun(seed, trace).run();
      case "rot" -> (seed, trace) -> new RotRun(seed, trace, 0).run();
      case "rot-some-bytes" -> (seed, trace) -> new RotRun(seed, trace, 199).run();
      case "rot-every-byte" -> (seed, trace) -> new RotRun(seed, trace, 1).run();
      case "node-variants" -> (seed, trace) -> new NodeVariantsRun(seed, trace).run();
      case "tree-variants" -> (seed, trace) -> new TreeVariantsRun(seed, trace).run();
      default ->
          throw new IllegalArgumentException(
              "there is node, tree and journal to crash, node-variants and tree-variants to"
                  + " compare, rot, rot-some-bytes and rot-every-byte, cluster and steady, not '"
                  + name
                  + "'");
    };
  }
}
