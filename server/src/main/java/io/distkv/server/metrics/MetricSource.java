package io.distkv.server.metrics;

import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.Consumer;

/** Something that can say its figures at any time, on any thread, without stopping anybody. */
@FunctionalInterface
public interface MetricSource {

  /** Gives each metric with the values that it has now. */
  void collect(Consumer<MetricSnapshot> into);
}
