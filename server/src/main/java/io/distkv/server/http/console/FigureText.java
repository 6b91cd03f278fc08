package io.distkv.server.http.console;

import io.distkv.server.http.exchange.JsonText;
import io.distkv.server.metrics.MetricSource;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Puts figures into JSON: for each name a list of points, which differ in their labels. */
final class FigureText {
  private final JsonText json;

  FigureText(JsonText json) {
    this.json = json;
  }

  void put(List<MetricSource> sources) {
    List<MetricSnapshot> all = new ArrayList<>();
    sources.forEach(source -> source.collect(all::add));
    all.forEach(this::put);
  }

  private void put(MetricSnapshot figure) {
    String name = figure.getMetadata().getPrometheusName();
    switch (figure) {
      case CounterSnapshot counter ->
          json.list(
              name + "_total",
              () -> counter.getDataPoints().forEach(each -> value(each, each.getValue())));
      case GaugeSnapshot gauge ->
          json.list(
              name, () -> gauge.getDataPoints().forEach(each -> value(each, each.getValue())));
      case HistogramSnapshot histogram ->
          json.list(name, () -> histogram.getDataPoints().forEach(this::histogram));
      default -> {
        // Texts, which are no figures.
      }
    }
  }

  private void value(DataPointSnapshot point, double value) {
    json.object(() -> {
      labels(point.getLabels());
      json.number("value", value);
    });
  }

  private void labels(Labels labels) {
    for (int i = 0; i < labels.size(); i++) {
      json.field(labels.getName(i), labels.getValue(i));
    }
  }

  /** The classes of a histogram, each with its upper bound but the last, which has none. */
  private void histogram(HistogramDataPointSnapshot point) {
    json.object(() -> {
      labels(point.getLabels());
      json.number("sum", point.getSum());
      ClassicHistogramBuckets buckets = point.getClassicBuckets();
      json.list(
          "classes",
          () -> {
            for (int i = 0; i < buckets.size(); i++) {
              double bound = buckets.getUpperBound(i);
              long count = buckets.getCount(i);
              json.object(() -> {
                if (bound < Double.POSITIVE_INFINITY) {
                  json.number("to", bound);
                }
                json.number("count", count);
              });
            }
          });
    });
  }
}
