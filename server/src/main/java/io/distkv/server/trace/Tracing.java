package io.distkv.server.trace;

import io.distkv.base.Clock;
import io.distkv.server.metrics.MetricSource;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests are traced, and sends what is known of them to a collector.
 *
 * <p>A request that is not traced costs one random number. What is told of one that is are the
 * times that the node noted on its way ({@link io.distkv.node.session.Passage}); spans are made of
 * them by the thread that sends them ({@link TraceSender}): nothing of OpenTelemetry runs on a
 * lane, and the node knows none of it.
 *
 * <p>Any thread.
 */
public final class Tracing implements AutoCloseable {
  private static final TextMapGetter<Headers> GETTER =
      new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable Headers headers, String name) {
          return headers == null ? null : headers.get(name);
        }
      };

  private final Clock clock;
  private final TraceSampler sampler = new TraceSampler();
  private final @Nullable Consumer<FinishedTrace> sink;
  private final @Nullable TraceSender sender;
  private volatile boolean followsCallers;

  /** The headers of a request. */
  @FunctionalInterface
  public interface Headers {
    /** The value of a header; null if there is none. */
    @Nullable String get(String name);
  }

  private Tracing(
      Clock clock, @Nullable Consumer<FinishedTrace> sink, @Nullable TraceSender sender) {
    this.clock = clock;
    this.sink = sink;
    this.sender = sender;
  }

  /**
   * Gives traces to a consumer.
   *
   * @param sink called on any thread; must not wait
   */
  static Tracing into(Clock clock, Consumer<FinishedTrace> sink) {
    return new Tracing(clock, sink, null);
  }

  /** Traces nothing. */
  public static Tracing off(Clock clock) {
    return new Tracing(clock, null, null);
  }

  /**
   * Begins to trace.
   *
   * @param endpoint of the collector, OTLP over HTTP, such as {@code http://127.0.0.1:4318}
   */
  public static Tracing start(Clock clock, String endpoint) {
    String base = endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
    TraceSender sender =
        TraceSender.start(
            OtlpHttpSpanExporter.builder()
                .setEndpoint(base + "/v1/traces")
                .setTimeout(Duration.ofSeconds(10))
                .build());
    return new Tracing(clock, sender, sender);
  }

  /** Which share of the requests is traced that belong to no trace of their caller's; 0 to 1. */
  public void setShare(double share) {
    sampler.share(share);
  }

  /** Whether a request is traced when its caller says so, as W3C's Trace Context lets it. */
  public void setFollowsCallers(boolean follows) {
    followsCallers = follows;
  }

  /** What has become of the spans; null if nothing is traced. */
  public @Nullable MetricSource metrics() {
    return sender;
  }

  /**
   * A request comes that cannot belong to a trace.
   *
   * @param protocol it came by
   * @return null if it is not traced
   */
  public @Nullable RequestTrace begin(String protocol) {
    return sink != null && sampler.picks() ? trace(protocol, SpanContext.getInvalid()) : null;
  }

  /**
   * A request comes that may belong to a trace of its caller's, which then says whether it is
   * traced.
   *
   * @return null if it is not traced
   */
  public @Nullable RequestTrace begin(String protocol, Headers headers) {
    if (sink == null) {
      return null;
    }
    if (followsCallers && headers.get("traceparent") != null) {
      Context context =
          W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, GETTER);
      SpanContext caller = Span.fromContext(context).getSpanContext();
      if (caller.isValid()) {
        return caller.isSampled() ? trace(protocol, caller) : null;
      }
    }
    return begin(protocol);
  }

  private @Nullable RequestTrace trace(String protocol, SpanContext caller) {
    if (sink == null) {
      return null;
    }
    Instant now = Instant.now();
    long epochNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    return new RequestTrace(sink, clock, protocol, caller, epochNanos - clock.monotonicNanos());
  }

  /** Sends what is left, for a moment; takes no more. */
  @Override
  public void close() {
    if (sender != null) {
      sender.close();
    }
  }
}
