package io.distkv.simulation.hunt;

import io.distkv.simulation.world.Violation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A number that every client raises: no raise is lost that had to survive, none counts twice, and
 * every answer is another number.
 */
final class SharedCounter {
  private final Space space;
  private final byte[] key = "shared".getBytes(StandardCharsets.ISO_8859_1);
  private final List<Step> raises = new ArrayList<>();
  private long base;
  private final TreeSet<Long> answers = new TreeSet<>();

  SharedCounter(Space space) {
    this.space = space;
  }

  Space space() {
    return space;
  }

  byte[] key() {
    return key;
  }

  /** One more raise, to be submitted. */
  Step raise() {
    return new Step(raises, List.<byte[][]>of(CommandDice.words("INCR", key)));
  }

  List<Step> raises() {
    return raises;
  }

  /** Whether a raise may be answered with this number. */
  boolean mayAnswer(long number) {
    return number > base && number <= base + raises.size() && answers.add(number);
  }

  /**
   * Compares with what was found after a restart, and goes on from there.
   *
   * @param least how many raises had to survive
   */
  void check(long found, long least) {
    long most = base + raises.stream().filter(s -> s.state() != Step.State.REFUSED).count();
    if (found < base + least || found > most) {
      throw new Violation(
          "counter %s in %s is %d, should be from %d to %d"
              .formatted(Replies.text(key), space.name(), found, base + least, most));
    }
    base = found;
    answers.clear();
    raises.clear();
  }
}
