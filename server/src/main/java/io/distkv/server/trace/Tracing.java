package io.distkv.server.trace;

import io.distkv.base.Clock;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests are traced, and sends what is known of them to a collector.
 *
 * <p>A request that is not traced costs one random number. The spans of one that is are made when
 * it is over, all at once, from the times that the node noted on its way ({@link
 * io.distkv.node.session.Passage}): nothing of OpenTelemetry runs while a request is under way, and
 * the node knows none of it. What the collector does not take soon enough is dropped, and counted.
 *
 * <p>Any thread.
 */
public final class Tracing implements AutoCloseable {
  private static final int MOST_QUEUED_SPANS = 4_096;
  private static final long CLOSE_SECONDS = 2;
  private static final String SCOPE = "io.distkv.server";

  private static final TextMapGetter<Headers> GETTER =
      new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable Headers headers, String name) {
          return headers == null ? null : headers.get(name);
        }
      };

  private final Clock clock;
  private final TraceSampler sampler = new TraceSampler();
  private final @Nullable CountedExporter exporter;
  private final @Nullable SdkTracerProvider provider;
  private final @Nullable Tracer tracer;
  private volatile boolean followsCallers;

  /** The headers of a request. */
  @FunctionalInterface
  public interface Headers {
    /** The value of a header; null if there is none. */
    @Nullable String get(String name);
  }

  /**
   * @param exporter null for no traces
   * @param processor takes spans to the exporter
   */
  Tracing(Clock clock, @Nullable CountedExporter exporter, @Nullable SpanProcessor processor) {
    this.clock = clock;
    this.exporter = exporter;
    if (processor == null) {
      provider = null;
      tracer = null;
    } else {
      provider =
          SdkTracerProvider.builder()
              .setSampler(Sampler.alwaysOn())
              .setResource(Resource.getDefault().toBuilder().put("service.name", "distkv").build())
              .addSpanProcessor(processor)
              .build();
      tracer = provider.get(SCOPE);
    }
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
    CountedExporter exporter =
        new CountedExporter(
            OtlpHttpSpanExporter.builder()
                .setEndpoint(base + "/v1/traces")
                .setTimeout(Duration.ofSeconds(10))
                .build());
    return new Tracing(
        clock,
        exporter,
        BatchSpanProcessor.builder(exporter)
            .setMaxQueueSize(MOST_QUEUED_SPANS)
            .setScheduleDelay(Duration.ofSeconds(1))
            .build());
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
  public @Nullable CountedExporter exporter() {
    return exporter;
  }

  /**
   * A request comes that cannot belong to a trace.
   *
   * @param protocol it came by
   * @return null if it is not traced
   */
  public @Nullable RequestTrace begin(String protocol) {
    return tracer != null && sampler.picks() ? trace(protocol, Context.root()) : null;
  }

  /**
   * A request comes that may belong to a trace of its caller's, which then says whether it is
   * traced.
   *
   * @return null if it is not traced
   */
  public @Nullable RequestTrace begin(String protocol, Headers headers) {
    if (tracer == null) {
      return null;
    }
    if (followsCallers && headers.get("traceparent") != null) {
      Context context =
          W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, GETTER);
      SpanContext caller = Span.fromContext(context).getSpanContext();
      if (caller.isValid()) {
        return caller.isSampled() ? trace(protocol, context) : null;
      }
    }
    return begin(protocol);
  }

  private @Nullable RequestTrace trace(String protocol, Context parent) {
    Tracer on = tracer;
    if (on == null) {
      return null;
    }
    Instant now = Instant.now();
    long epochNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    return new RequestTrace(on, clock, protocol, parent, epochNanos - clock.monotonicNanos());
  }

  /** Sends what is left, for a moment; takes no more. */
  @Override
  public void close() {
    if (provider != null) {
      provider.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
