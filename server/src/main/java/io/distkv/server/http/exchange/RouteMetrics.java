package io.distkv.server.http.exchange;

import io.distkv.server.http.connection.Connections;
import io.distkv.server.metrics.MetricSource;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts and times requests by their route, and those of no route together. Any thread. */
public final class RouteMetrics implements MetricSource {
  private static final double[] BOUNDS_SECONDS = {
    0.000_1,
    0.000_2,
    0.000_5,
    0.001,
    0.002,
    0.005,
    0.01,
    0.02,
    0.05,
    0.1,
    0.2,
    0.5,
    1,
    2,
    5,
    10,
    Double.POSITIVE_INFINITY
  };

  private final IdentityHashMap<Route, Counters> byRoute = new IdentityHashMap<>();
  private final Counters other = new Counters("none", "other");
  private final Gates gates;
  private final BodyMemory memory;
  private final Connections connections;

  public RouteMetrics(Routes routes, Gates gates, BodyMemory memory, Connections connections) {
    routes.all().forEach(r -> byRoute.put(r, new Counters(r.template(), r.method())));
    this.gates = gates;
    this.memory = memory;
    this.connections = connections;
  }

  private static final class Counters {
    private final String route;
    private final String method;
    private final LongAdder[] byClass = new LongAdder[6];
    private final LongAdder[] bySeconds = new LongAdder[BOUNDS_SECONDS.length];
    private final LongAdder nanos = new LongAdder();

    Counters(String route, String method) {
      this.route = route;
      this.method = method;
      Arrays.setAll(byClass, any -> new LongAdder());
      Arrays.setAll(bySeconds, any -> new LongAdder());
    }
  }

  void count(@Nullable Route route, int status, long nanos) {
    Counters counters = route == null ? other : byRoute.getOrDefault(route, other);
    counters.byClass[Math.clamp(status / 100, 0, 5)].increment();
    counters.nanos.add(nanos);
    double seconds = nanos / 1e9;
    int bucket = 0;
    while (seconds > BOUNDS_SECONDS[bucket]) {
      bucket++;
    }
    counters.bySeconds[bucket].increment();
  }

  @Override
  public void collect(Consumer<MetricSnapshot> into) {
    CounterSnapshot.Builder requests =
        CounterSnapshot.builder()
            .name("distkv_http_requests")
            .help("HTTP requests answered, by route and class of status");
    HistogramSnapshot.Builder seconds =
        HistogramSnapshot.builder()
            .name("distkv_http_request_seconds")
            .help("Time from the end of a request's head until its answer was sent");
    Stream.concat(byRoute.values().stream(), Stream.of(other))
        .forEach(each -> {
          Labels labels = Labels.of("route", each.route, "method", each.method);
          for (int i = 1; i < each.byClass.length; i++) {
            long count = each.byClass[i].sum();
            if (count > 0) {
              requests.dataPoint(
                  CounterDataPointSnapshot.builder()
                      .value((double) count)
                      .labels(labels.merge(Labels.of("status", i + "xx")))
                      .build());
            }
          }
          Number[] counts =
              Arrays.stream(each.bySeconds).map(LongAdder::sum).toArray(Number[]::new);
          seconds.dataPoint(
              HistogramDataPointSnapshot.builder()
                  .classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS_SECONDS, counts))
                  .sum(each.nanos.sum() / 1e9)
                  .labels(labels)
                  .build());
        });
    into.accept(requests.build());
    into.accept(seconds.build());
    into.accept(
        gauge(
            "distkv_http_requests_under_way", "HTTP requests for data now", gates.data().inside()));
    into.accept(gauge("distkv_http_watches", "Watches over HTTP now", gates.streams().inside()));
    into.accept(
        gauge(
            "distkv_http_body_bytes", "Memory that bodies take now", (double) memory.heldBytes()));
    into.accept(
        gauge("distkv_http_connections", "HTTP clients connected now", connections.count()));
    into.accept(
        counter(
            "distkv_http_late_closes",
            "HTTP clients closed because they sent or took too slowly",
            connections.late()));
    into.accept(
        counter(
            "distkv_http_slow_waits",
            "HTTP requests that waited for the node for more than half a second",
            connections.slowWaits()));
  }

  private static MetricSnapshot counter(String name, String help, long value) {
    return CounterSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(CounterDataPointSnapshot.builder().value((double) value).build())
        .build();
  }

  private static MetricSnapshot gauge(String name, String help, double value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
        .build();
  }
}
