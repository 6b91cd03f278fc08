package io.distkv.simulation.cluster;

import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs seeds of a cluster, and says what ended each; null where nothing did before its time. Known
 * to others by types of the platform alone, so that it can be loaded by any class loader.
 */
public final class SeedRun implements LongFunction<@Nullable String> {
  @Override
  public @Nullable String apply(long seed) {
    try {
      new ClusterRun(seed, new Trace(), Selection.EVERYTHING).run();
      return null;
    } catch (Violation e) {
      return e.getMessage();
    } catch (RuntimeException e) {
      return e.toString();
    }
  }
}
