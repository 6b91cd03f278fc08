package io.distkv.simulation.hunt;

import io.distkv.node.command.CommandTable;
import io.distkv.simulation.world.SimulatedRandomness;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests of one client, in order, together with the passing of days; drawn once, so that
 * different nodes can be given the very same. It names no partition and no time but days, which do
 * not depend on how long a node takes.
 */
final class Script {
  private static final long DAY_MILLIS = 86_400_000L;

  /** Midnight before the first day: the clocks of all simulated machines start in the day after. */
  private static final long FIRST_DAY = 1_800_000_000_000L / DAY_MILLIS;

  private final List<Line> lines = new ArrayList<>();
  private final long ownerSeed;
  private final int keyspaces;

  /** Something to do, or what belongs together of it. */
  sealed interface Line {}

  /** A request that stands alone. */
  @SuppressWarnings("ArrayRecordComponent")
  record Single(byte[][] words) implements Line {}

  /** What stands between MULTI and EXEC. */
  record Transaction(List<byte[][]> commands) implements Line {}

  /** From here on requests go to another keyspace. */
  record Select(int keyspace) implements Line {}

  /** A night passes. */
  record Night(int day) implements Line {}

  /**
   * @param most lines it has
   */
  Script(SimulatedRandomness random, int most) {
    this.keyspaces = 1 + random.below(3);
    this.ownerSeed = random.nextLong();
    CommandDice dice = new CommandDice(owner(List.of()), random, random.pick(10, 1_000, 60_000));
    int day = 0;
    for (long left = random.magnitude(20, most); left > 0; left--) {
      long farMillis = (FIRST_DAY + day + 1 + random.below(3)) * DAY_MILLIS;
      int roll = random.below(1000);
      if (roll < 500) {
        lines.add(new Single(dice.write(farMillis)));
      } else if (roll < 600) {
        lines.add(new Transaction(dice.transaction(farMillis)));
      } else if (roll < 930) {
        lines.add(new Single(dice.read()));
      } else if (roll < 990) {
        lines.add(new Single(CommandDice.words("DBSIZE")));
      } else if (roll < 993) {
        lines.add(new Single(CommandDice.words("FLUSHDB")));
      } else if (roll < 996) {
        lines.add(new Select(random.below(keyspaces)));
      } else {
        lines.add(new Night(++day));
      }
    }
  }

  List<Line> lines() {
    return lines;
  }

  int keyspaces() {
    return keyspaces;
  }

  /** The client, who has the same keys in every run. */
  Owner owner(List<Space> spaces) {
    return new Owner("c", spaces, CommandTable.standard(), new SimulatedRandomness(ownerSeed));
  }

  /** The morning after a night, in wall milliseconds. */
  static long morningMillis(int day) {
    return (FIRST_DAY + day) * DAY_MILLIS + DAY_MILLIS / 3;
  }
}
