package io.distkv.simulation.hunt;

import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One seed: one random log, run through several trees that differ in everything that must not
 * matter ({@link TreeVariant}). All of them must show the same, entry by entry, as a sorted map
 * does, at whatever point of the log they are asked.
 */
final class TreeVariantsRun {
  private final SimulatedRandomness random;
  private final Trace trace;
  private final TreeLog log;

  /** What a tree shows after each entry; made when first asked for. */
  private final List<TreeImage> answers = new ArrayList<>();

  private final VersionedModel model = new VersionedModel();

  TreeVariantsRun(long seed, Trace trace) {
    this.random = new SimulatedRandomness(seed);
    this.trace = trace;
    this.log =
        new TreeLog(random.fork(), random.pick(3, 30, 100, 300), random.pick(100, 2_000, 30_000));
    for (long left = random.magnitude(10, 1200); left > 0; left--) {
      log.next();
    }
  }

  Scenario.Outcome run() {
    int variants = 2 + random.below(4);
    int openings = 0;
    int powerCuts = 0;
    for (int number = 1; number <= variants; number++) {
      TreeVariant variant = new TreeVariant(random.fork(), trace, log, this::answer);
      try {
        variant.run();
      } catch (IOException | RuntimeException e) {
        throw new Violation(
            "variant %d of %d, %s".formatted(number, variants, variant.description()), e);
      }
      openings += variant.openings();
      powerCuts += variant.powerCuts();
    }
    return new Scenario.Outcome(
        trace.hex(), trace.events(), log.lastIndex() * variants, openings, powerCuts);
  }

  private TreeImage answer(long index) {
    while (answers.size() < index) {
      TreeLog.LogEntry entry = log.entry(answers.size() + 1);
      TreeLog.apply(entry, model);
      answers.add(TreeImage.of(model, entry.version()));
    }
    return answers.get((int) index - 1);
  }
}
