package io.distkv.simulation.cluster;

import io.distkv.simulation.world.VirtualTime;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a run is carried out. What is left out changes the dice of nothing that is kept.
 *
 * @param faults those that are carried out
 * @param operations those of the clients that are, as long as things may go wrong; after that all
 *     are, since they show whether clients are served
 * @param calmAfterNanos things go wrong for no longer, nor for longer than the seed says
 */
public record Selection(Numbers faults, Numbers operations, long calmAfterNanos) {
  public static final Selection EVERYTHING =
      new Selection(Numbers.ALL, Numbers.ALL, Long.MAX_VALUE);

  public Selection withFaults(Numbers kept) {
    return new Selection(kept, operations, calmAfterNanos);
  }

  public Selection withOperations(Numbers kept) {
    return new Selection(faults, kept, calmAfterNanos);
  }

  public Selection withCalmAfterNanos(long nanos) {
    return new Selection(faults, operations, nanos);
  }

  /**
   * Looks whether there are such faults.
   *
   * @throws IllegalArgumentException if it names one beyond the last
   */
  void requireFaultsUpTo(int last) {
    if (!faults.isAll() && !faults.ranges().isEmpty()) {
      long named = faults.ranges().getLast().last();
      if (named > last) {
        throw new IllegalArgumentException(
            "there is no fault %d to keep: this seed has %d".formatted(named, last));
      }
    }
  }

  /** As the command line takes it. */
  public List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    if (!faults.isAll()) {
      arguments.addAll(List.of("--keep-faults", faults.toString()));
    }
    if (!operations.isAll()) {
      arguments.addAll(List.of("--keep-operations", operations.toString()));
    }
    if (calmAfterNanos != Long.MAX_VALUE) {
      arguments.addAll(List.of("--calm-after", calmAfterNanos / VirtualTime.MILLI + "ms"));
    }
    return arguments;
  }
}
