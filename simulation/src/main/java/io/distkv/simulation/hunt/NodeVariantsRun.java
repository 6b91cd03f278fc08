package io.distkv.simulation.hunt;

import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;

/**
 * One seed: one script of requests, given to several nodes that differ in everything that must not
 * matter ({@link NodeVariant}). Every node must answer every request as a sorted map does.
 */
final class NodeVariantsRun {
  private final SimulatedRandomness random;
  private final Trace trace;
  private final Script script;

  NodeVariantsRun(long seed, Trace trace) {
    this.random = new SimulatedRandomness(seed);
    this.trace = trace;
    this.script = new Script(random.fork(), 1500);
  }

  Scenario.Outcome run() {
    int variants = 2 + random.below(3);
    int lives = 0;
    int powerCuts = 0;
    long answers = 0;
    for (int number = 1; number <= variants; number++) {
      NodeVariant variant = new NodeVariant(random.fork(), trace, script);
      try {
        answers += variant.run();
      } catch (RuntimeException e) {
        throw new Violation(
            "variant %d of %d, %s".formatted(number, variants, variant.description()), e);
      }
      lives += variant.lives();
      powerCuts += variant.powerCuts();
    }
    return new Scenario.Outcome(trace.hex(), trace.events(), answers, lives, powerCuts);
  }
}
