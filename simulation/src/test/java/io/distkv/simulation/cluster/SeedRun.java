package io.distkv.simulation.cluster;

import io.distkv.simulation.cluster.invariant.Invariant;
import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs seeds of a cluster, and says what ended each; null where nothing did before its time. Known
 * to others by types of the platform alone, so that it can be loaded by any class loader.
 */
public final class SeedRun implements LongFunction<@Nullable String> {
  /** What ended a run that was not over after so many events that it is not worth the time. */
  static final String TOO_LONG = "too long";

  private static final long MOST_EVENTS = 200_000;

  @Override
  public @Nullable String apply(long seed) {
    Trace trace = new Trace();
    List<Invariant> invariants = new ArrayList<>(Invariant.all());
    invariants.add(_ -> {
      if (trace.events() > MOST_EVENTS) {
        throw new Violation(TOO_LONG);
      }
    });
    try {
      new ClusterRun(seed, trace, Selection.EVERYTHING, invariants).run();
      return null;
    } catch (Violation e) {
      return e.getMessage();
    } catch (RuntimeException e) {
      return e.toString();
    }
  }
}
