package io.distkv.server.trace;

import io.distkv.node.session.Passage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The spans of one request: one of its front end, under it one for each command that it ran, and
 * under that one for each part of the command's way.
 */
final class Spans {
  private static final IdGenerator IDS = IdGenerator.random();

  private static final AttributeKey<String> PROTOCOL = AttributeKey.stringKey("distkv.protocol");
  private static final AttributeKey<String> KEYSPACE = AttributeKey.stringKey("db.namespace");
  private static final AttributeKey<String> COMMAND = AttributeKey.stringKey("db.operation.name");
  private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
  private static final AttributeKey<String> STATUS = AttributeKey.stringKey("distkv.status");
  private static final AttributeKey<Long> PARTITION = AttributeKey.longKey("distkv.partition");
  private static final AttributeKey<Long> KEYS = AttributeKey.longKey("distkv.keys");
  private static final AttributeKey<Long> BYTES = AttributeKey.longKey("distkv.request.bytes");

  private final FinishedTrace trace;
  private final String traceId;
  private final List<SpanData> spans = new ArrayList<>(8);

  private Spans(FinishedTrace trace) {
    this.trace = trace;
    SpanContext caller = trace.caller();
    traceId = caller.isValid() ? caller.getTraceId() : IDS.generateTraceId();
  }

  /** All of them, each behind the one that it is under. */
  static List<SpanData> of(FinishedTrace trace) {
    Spans spans = new Spans(trace);
    SpanContext front =
        spans.add(
            trace.name(),
            SpanKind.SERVER,
            trace.caller(),
            trace.failed()
                ? StatusData.create(StatusCode.ERROR, trace.status())
                : StatusData.unset(),
            Attributes.of(PROTOCOL, trace.protocol(), STATUS, trace.status()),
            trace.beginNanos(),
            trace.endNanos());
    trace.commands().forEach(command -> spans.add(command, front));
    return spans.spans;
  }

  private void add(TracedCommand command, SpanContext front) {
    SpanContext under =
        add(
            command.command() == null ? "refused" : "command " + command.command(),
            SpanKind.INTERNAL,
            front,
            StatusData.unset(),
            attributes(command),
            command.beginNanos(),
            command.endNanos());
    for (Passage.Part part : command.parts()) {
      add(
          part.stage().name().toLowerCase(Locale.ROOT),
          SpanKind.INTERNAL,
          under,
          StatusData.unset(),
          Attributes.empty(),
          part.beginNanos(),
          part.endNanos());
    }
  }

  private SpanContext add(
      String name,
      SpanKind kind,
      SpanContext parent,
      StatusData status,
      Attributes attributes,
      long beginNanos,
      long endNanos) {
    TraceState state = trace.caller().getTraceState();
    SpanContext context =
        SpanContext.create(traceId, IDS.generateSpanId(), TraceFlags.getSampled(), state);
    long offset = trace.epochOffsetNanos();
    spans.add(
        new FinishedSpan(
            name,
            kind,
            context,
            parent,
            status,
            attributes,
            offset + beginNanos,
            offset + endNanos));
    return context;
  }

  private static Attributes attributes(TracedCommand command) {
    AttributesBuilder attributes = Attributes.builder();
    if (command.command() != null) {
      attributes.put(COMMAND, command.command());
    }
    if (command.keyspace() != null) {
      attributes.put(KEYSPACE, command.keyspace());
      attributes.put(PARTITION, (long) command.partition());
    }
    if (!command.client().isEmpty()) {
      attributes.put(CLIENT, command.client());
    }
    return attributes.put(KEYS, (long) command.keys()).put(BYTES, command.requestBytes()).build();
  }
}
