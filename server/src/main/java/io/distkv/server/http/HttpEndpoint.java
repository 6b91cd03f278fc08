package io.distkv.server.http;

import io.distkv.node.Health;
import io.distkv.server.metrics.MetricSource;
import io.distkv.storage.Damage;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * What operators and their tools ask over HTTP: {@code /metrics} for Prometheus, {@code /healthz}
 * (does the process answer, and is nothing broken) and {@code /readyz} (does the node serve
 * clients). It answers from the first moment of a start, so that a long recovery can be watched.
 *
 * <p>Both health pages name the files that were found damaged. That alone makes neither of them
 * fail: the node serves all that is not in these files, and a restart, which is what an
 * orchestrator answers a failure with, mends nothing.
 */
public final class HttpEndpoint implements AutoCloseable {
  private static final String PLAIN = "text/plain; charset=utf-8";

  /** Named one by one; there may be more. */
  private static final int MOST_DAMAGED_FILES = 20;

  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private final List<MetricSource> sources = new CopyOnWriteArrayList<>();
  private final Supplier<Health> health;
  private final Supplier<List<Damage>> damaged;
  private final WebServer server;
  private final InetSocketAddress bound;

  private HttpEndpoint(
      InetSocketAddress address, Supplier<Health> health, Supplier<List<Damage>> damaged) {
    this.health = health;
    this.damaged = damaged;
    server =
        WebServer.builder()
            .address(address.getAddress())
            .port(address.getPort())
            .shutdownHook(false)
            .routing(this::route)
            .build()
            .start();
    bound = new InetSocketAddress(address.getAddress(), server.port());
  }

  /**
   * Starts to listen; port 0 takes any free one.
   *
   * @param damaged the files that were found damaged, with a finding of each
   */
  public static HttpEndpoint start(
      InetSocketAddress address, Supplier<Health> health, Supplier<List<Damage>> damaged) {
    return new HttpEndpoint(address, health, damaged);
  }

  /** Shows the figures of one more source. */
  public void add(MetricSource source) {
    sources.add(source);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return bound;
  }

  private void route(HttpRouting.Builder routing) {
    routing.get("/metrics", this::metrics).get("/healthz", this::live).get("/readyz", this::ready);
  }

  private void metrics(ServerRequest request, ServerResponse response) {
    MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
    sources.forEach(source -> source.collect(snapshots::metricSnapshot));
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    try {
      writer.write(page, snapshots.build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    response.header(HeaderNames.CONTENT_TYPE, writer.getContentType()).send(page.toByteArray());
  }

  private void live(ServerRequest request, ServerResponse response) {
    Health now = health.get();
    answer(response, now, now != Health.FAILED);
  }

  private void ready(ServerRequest request, ServerResponse response) {
    Health now = health.get();
    answer(response, now, now == Health.READY);
  }

  private void answer(ServerResponse response, Health now, boolean good) {
    String text = now.name().toLowerCase(Locale.ROOT) + "\n" + describe(damaged.get());
    response
        .status(good ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503)
        .header(HeaderNames.CONTENT_TYPE, PLAIN)
        .send(text.getBytes(StandardCharsets.UTF_8));
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

  @Override
  public void close() {
    server.stop();
  }
}
