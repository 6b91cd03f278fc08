package io.distkv.simulation.cluster.invariant;

import io.distkv.simulation.world.Violation;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The commands of a session take effect in the order in which it sent them, though it does not wait
 * for the answers: whoever alone writes a key reads what it has written last before, and nothing of
 * what it has sent after.
 */
public final class SessionsReadInOrder {
  private final String client;

  /** What the key may hold behind all commands so far. */
  private final SortedSet<Long> possible = new TreeSet<>();

  /**
   * @param client in words; its key holds 0, or nothing, which is the same here
   */
  public SessionsReadInOrder(String client) {
    this.client = client;
    possible.add(0L);
  }

  /** The next command in the order of their sending has written a number. */
  public void wrote(long number) {
    possible.clear();
    possible.add(number);
  }

  /** The next command may have written a number, or do so at any time. */
  public void mayHaveWritten(long number) {
    possible.add(number);
  }

  /** Whether it is known what the key holds, as long as nobody writes it. */
  public boolean isCertain() {
    return possible.size() == 1;
  }

  /**
   * The next command has read a number.
   *
   * @throws Violation if it is not what the commands before it have left there
   */
  public void read(long number) {
    if (!possible.contains(number)) {
      throw new Violation(
          "%s: %s reads %d, where its commands before that left %s"
              .formatted(getClass().getSimpleName(), client, number, possible));
    }
  }
}
