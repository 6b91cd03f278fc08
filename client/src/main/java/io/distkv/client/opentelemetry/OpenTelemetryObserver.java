package io.distkv.client.opentelemetry;

import io.distkv.client.ClientObserver;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * Tells OpenTelemetry of every operation, by the names of its conventions for databases: a span of
 * kind client named "operation keyspace", below the caller's; the histogram {@code
 * db.client.operation.duration} in seconds; and the counter {@code distkv.client.retries}. Calls
 * carry {@code traceparent} and {@code tracestate} of the span; operations that share messages do
 * not, since those are headers of a call.
 *
 * <p>Needs {@code io.opentelemetry:opentelemetry-api} on the class path; nothing else of the client
 * does. Thread-safe.
 */
public final class OpenTelemetryObserver implements ClientObserver {
  private static final String SCOPE = "io.distkv.client";
  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
  private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("db.operation.name");
  private static final AttributeKey<String> KEYSPACE = AttributeKey.stringKey("db.namespace");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  private static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("distkv.client.attempts");
  private static final AttributeKey<Boolean> UNKNOWN =
      AttributeKey.booleanKey("distkv.client.outcome_unknown");
  private static final double NANOS_PER_SECOND = 1e9;

  private final Tracer tracer;
  private final DoubleHistogram durations;
  private final LongCounter retries;

  private OpenTelemetryObserver(OpenTelemetry openTelemetry) {
    tracer = openTelemetry.getTracer(SCOPE);
    Meter meter = openTelemetry.getMeter(SCOPE);
    durations =
        meter
            .histogramBuilder("db.client.operation.duration")
            .setUnit("s")
            .setDescription("How long operations take, with all their attempts.")
            .setExplicitBucketBoundariesAdvice(
                List.of(0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0))
            .build();
    retries =
        meter
            .counterBuilder("distkv.client.retries")
            .setUnit("{retry}")
            .setDescription("Attempts beyond the first.")
            .build();
  }

  /**
   * An observer for {@link io.distkv.client.DistKvBuilder#observer}.
   *
   * @param openTelemetry whose tracer and meter are used
   * @return the observer
   */
  public static OpenTelemetryObserver of(OpenTelemetry openTelemetry) {
    return new OpenTelemetryObserver(openTelemetry);
  }

  @Override
  public Observation started(String operation, String keyspace) {
    Attributes what = Attributes.of(SYSTEM, "distkv", OPERATION, operation, KEYSPACE, keyspace);
    Context caller = Context.current();
    Span span =
        tracer
            .spanBuilder(keyspace.isEmpty() ? operation : operation + " " + keyspace)
            .setSpanKind(SpanKind.CLIENT)
            .setParent(caller)
            .setAllAttributes(what)
            .startSpan();
    return new SpanObservation(span, caller.with(span), what);
  }

  private final class SpanObservation implements Observation {
    private final Span span;
    private final Context context;
    private final Attributes what;

    SpanObservation(Span span, Context context, Attributes what) {
      this.span = span;
      this.context = context;
      this.what = what;
    }

    @Override
    public void headers(BiConsumer<String, String> header) {
      W3CTraceContextPropagator.getInstance()
          .inject(
              context,
              header,
              (carrier, name, value) -> {
                if (carrier != null) {
                  carrier.accept(name.toLowerCase(Locale.ROOT), value);
                }
              });
    }

    @Override
    public void ended(OperationEnd end) {
      AttributesBuilder all = what.toBuilder();
      if (end.error() != null) {
        all.put(ERROR, end.error().name());
        span.setAttribute(ERROR, end.error().name());
        span.setAttribute(UNKNOWN, end.outcomeUnknown());
        span.setStatus(StatusCode.ERROR);
      }
      durations.record(end.nanos() / NANOS_PER_SECOND, all.build(), context);
      if (end.attempts() > 1) {
        retries.add(end.attempts() - 1L, what, context);
      }
      span.setAttribute(ATTEMPTS, (long) end.attempts());
      span.end();
    }
  }
}
