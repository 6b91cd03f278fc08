package io.distkv.kvctl.bench;

import io.distkv.kvctl.Json;
import io.distkv.kvctl.Shell;
import io.distkv.kvctl.text.Durations;
import io.distkv.kvctl.text.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.node.ObjectNode;

/** Prints what a benchmark measured. */
final class BenchReport {
  private static final Map<String, Double> PERCENTILES = percentiles();

  private final BenchPlan plan;
  private final Measurements measurements;
  private final Map<String, Histogram> operations = new LinkedHashMap<>();

  BenchReport(BenchPlan plan, Measurements measurements) {
    this.plan = plan;
    this.measurements = measurements;
    Histogram reads = measurements.reads();
    Histogram writes = measurements.writes();
    if (reads.getTotalCount() > 0) {
      operations.put("get", reads);
    }
    if (writes.getTotalCount() > 0) {
      operations.put("set", writes);
    }
    Histogram all = reads.copy();
    all.add(writes);
    operations.put("all", all);
  }

  private static Map<String, Double> percentiles() {
    Map<String, Double> percentiles = new LinkedHashMap<>();
    percentiles.put("p50", 50.0);
    percentiles.put("p90", 90.0);
    percentiles.put("p99", 99.0);
    percentiles.put("p99.9", 99.9);
    percentiles.put("max", 100.0);
    return percentiles;
  }

  void printTable(Shell shell) {
    shell.line(describe());
    shell.line("");
    List<String> head = new ArrayList<>(List.of("OPERATION", "COUNT", "OPS/S"));
    PERCENTILES.keySet().forEach(name -> head.add(name.toUpperCase(Locale.ROOT) + " MS"));
    Table table = new Table(head.toArray(new String[0]));
    operations.forEach((name, histogram) -> {
      List<String> cells = new ArrayList<>();
      cells.add(name);
      cells.add(String.format(Locale.ROOT, "%,d", histogram.getTotalCount()));
      cells.add(
          String.format(Locale.ROOT, "%,.0f", histogram.getTotalCount() / measurements.seconds()));
      for (double percentile : PERCENTILES.values()) {
        cells.add(
            String.format(Locale.ROOT, "%.3f", histogram.getValueAtPercentile(percentile) / 1e6));
      }
      table.row(cells.toArray(new String[0]));
    });
    table.lines().forEach(shell::line);
    remarks().forEach(shell::line);
  }

  private String describe() {
    String loop =
        plan.isOpenLoop()
            ? String.format(
                Locale.ROOT,
                "open loop at %,.0f ops/s, latency from when each was due",
                plan.rate())
            : "closed loop, latency from sending";
    return String.format(
        Locale.ROOT,
        "%s; %d connections, pipeline %d, values of %,d B, %.0f %% reads, %,d keys; measured %s",
        loop,
        plan.connections(),
        plan.pipeline(),
        plan.valueBytes(),
        100 * plan.readRatio(),
        plan.keys(),
        Durations.show(Duration.ofNanos((long) (measurements.seconds() * 1e9))));
  }

  private List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (measurements.misses() > 0) {
      remarks.add(String.format(Locale.ROOT, "%,d reads found no value", measurements.misses()));
    }
    measurements
        .errors()
        .forEach((code, count) ->
            remarks.add(String.format(Locale.ROOT, "%,d errors %s", count.sum(), code)));
    if (measurements.lost() > 0) {
      remarks.add(
          String.format(Locale.ROOT, "%,d operations lost their connection", measurements.lost()));
    }
    if (measurements.unsent() > 0) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "%,d operations were due but never sent: too slow",
              measurements.unsent()));
    }
    return remarks;
  }

  void printJson(Shell shell) {
    ObjectNode json =
        Json.object()
            .put("loop", plan.isOpenLoop() ? "open" : "closed")
            .put("connections", plan.connections())
            .put("pipeline", plan.pipeline())
            .put("valueBytes", plan.valueBytes())
            .put("readRatio", plan.readRatio())
            .put("keys", plan.keys())
            .put("seconds", measurements.seconds())
            .put("misses", measurements.misses())
            .put("lost", measurements.lost())
            .put("unsent", measurements.unsent());
    if (plan.isOpenLoop()) {
      json.put("rate", plan.rate());
    }
    ObjectNode errors = json.putObject("errors");
    measurements.errors().forEach((code, count) -> errors.put(code, count.sum()));
    ObjectNode byOperation = json.putObject("operations");
    operations.forEach((name, histogram) -> {
      ObjectNode operation = byOperation.putObject(name);
      operation.put("count", histogram.getTotalCount());
      operation.put("perSecond", histogram.getTotalCount() / measurements.seconds());
      operation.put("meanMicros", histogram.getMean() / 1e3);
      PERCENTILES.forEach((label, percentile) ->
          operation.put(label + "Micros", histogram.getValueAtPercentile(percentile) / 1e3));
    });
    Json.print(shell, json);
  }
}
