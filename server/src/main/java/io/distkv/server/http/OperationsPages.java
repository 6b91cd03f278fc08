package io.distkv.server.http;

import io.distkv.node.Health;
import io.distkv.server.http.exchange.Answer;
import io.distkv.server.http.exchange.Exchange;
import io.distkv.server.http.exchange.Route;
import io.distkv.server.metrics.MetricSource;
import io.distkv.storage.Damage;
import io.helidon.http.Status;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What operators and their tools ask: {@code /metrics} for Prometheus, {@code /healthz} (does the
 * process answer, and is nothing broken) and {@code /readyz} (does the node serve clients).
 *
 * <p>Both health pages name the files that were found damaged. That alone makes neither of them
 * fail: the node serves all that is not in these files, and a restart, which is what an
 * orchestrator answers a failure with, mends nothing.
 */
final class OperationsPages {
  private static final String PLAIN = "text/plain; charset=utf-8";

  /** Named one by one; there may be more. */
  private static final int MOST_DAMAGED_FILES = 20;

  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private final List<MetricSource> sources;
  private final Supplier<Health> health;
  private final Supplier<List<Damage>> damaged;

  /**
   * @param sources of the figures; more may come
   */
  OperationsPages(
      List<MetricSource> sources, Supplier<Health> health, Supplier<List<Damage>> damaged) {
    this.sources = sources;
    this.health = health;
    this.damaged = damaged;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>(Route.page("/metrics", this::metrics));
    routes.addAll(Route.page("/healthz", this::live));
    routes.addAll(Route.page("/readyz", this::ready));
    return routes;
  }

  private Answer metrics(Exchange exchange) {
    MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
    sources.forEach(source -> source.collect(snapshots::metricSnapshot));
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    try {
      writer.write(page, snapshots.build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Answer.of(Status.OK_200).body(writer.getContentType(), page.toByteArray());
  }

  private Answer live(Exchange exchange) {
    Health now = health.get();
    return answer(now, now != Health.FAILED);
  }

  private Answer ready(Exchange exchange) {
    Health now = health.get();
    return answer(now, now == Health.READY);
  }

  private Answer answer(Health now, boolean good) {
    String text = now.name().toLowerCase(Locale.ROOT) + "\n" + describe(damaged.get());
    return Answer.of(good ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503)
        .body(PLAIN, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String describe(List<Damage> damages) {
    if (damages.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    text.append("damaged files: ").append(damages.size());
    text.append("; see Damage in docs/operations.md\n");
    int named = Math.min(damages.size(), MOST_DAMAGED_FILES);
    damages.subList(0, named).forEach(damage -> text.append(damage).append('\n'));
    if (named < damages.size()) {
      text.append("and ").append(damages.size() - named).append(" more\n");
    }
    return text.toString();
  }
}
