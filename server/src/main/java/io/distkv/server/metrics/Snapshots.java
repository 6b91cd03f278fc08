package io.distkv.server.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

/** Short ways to write down single figures. */
public final class Snapshots {

  private Snapshots() {}

  /** A count that only rises; {@code name} without the ending {@code _total}. */
  public static MetricSnapshot counter(String name, String help, double value) {
    return CounterSnapshot.builder().name(name).help(help).dataPoint(count(value)).build();
  }

  public static CounterDataPointSnapshot count(double value, String... labels) {
    return CounterDataPointSnapshot.builder().value(value).labels(Labels.of(labels)).build();
  }

  /** A figure that rises and falls. */
  public static MetricSnapshot gauge(String name, String help, double value) {
    return GaugeSnapshot.builder().name(name).help(help).dataPoint(level(value)).build();
  }

  public static GaugeDataPointSnapshot level(double value, String... labels) {
    return GaugeDataPointSnapshot.builder().value(value).labels(Labels.of(labels)).build();
  }

  public static MetricSnapshot counter(String name, String help, long value) {
    return counter(name, help, (double) value);
  }

  public static MetricSnapshot gauge(String name, String help, long value) {
    return gauge(name, help, (double) value);
  }

  public static CounterDataPointSnapshot count(long value, String... labels) {
    return count((double) value, labels);
  }

  public static GaugeDataPointSnapshot level(long value, String... labels) {
    return level((double) value, labels);
  }
}
