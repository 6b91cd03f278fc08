package io.distkv.server.trace;

import io.distkv.base.Clock;
import io.distkv.node.command.CommandSpec;
import io.distkv.node.replica.ReplicaIdentity;
import io.distkv.node.session.Follower;
import io.distkv.node.session.Passage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * One request that is traced: becomes a span of its front end, under it one for each command that
 * it ran, and under that one for each part of the command's way. Keys and values are not among what
 * is told: traces go elsewhere.
 *
 * <p>Any thread; the last word is {@link #end}, and what comes after it is ignored.
 */
public final class RequestTrace implements Follower {
  /** Of one request; a long scan runs many. */
  private static final int MOST_COMMANDS = 64;

  private static final AttributeKey<String> PROTOCOL = AttributeKey.stringKey("distkv.protocol");
  private static final AttributeKey<String> KEYSPACE = AttributeKey.stringKey("db.namespace");
  private static final AttributeKey<String> COMMAND = AttributeKey.stringKey("db.operation.name");
  private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
  private static final AttributeKey<String> STATUS = AttributeKey.stringKey("distkv.status");
  private static final AttributeKey<Long> PARTITION = AttributeKey.longKey("distkv.partition");
  private static final AttributeKey<Long> KEYS = AttributeKey.longKey("distkv.keys");
  private static final AttributeKey<Long> BYTES = AttributeKey.longKey("distkv.request.bytes");

  private final Tracer tracer;
  private final Clock clock;
  private final String protocol;
  private final Context parent;
  private final long epochOffsetNanos;
  private final long beginNanos;
  private final List<Passage> passages = new ArrayList<>(1);
  private boolean ended;

  /**
   * @param epochOffsetNanos from the node's monotonic clock to nanoseconds since 1970
   */
  RequestTrace(Tracer tracer, Clock clock, String protocol, Context parent, long epochOffsetNanos) {
    this.tracer = tracer;
    this.clock = clock;
    this.protocol = protocol;
    this.parent = parent;
    this.epochOffsetNanos = epochOffsetNanos;
    beginNanos = clock.monotonicNanos();
  }

  @Override
  public synchronized void passed(Passage passage) {
    if (!ended && passages.size() < MOST_COMMANDS) {
      passages.add(passage);
    }
  }

  /**
   * The request has its answer.
   *
   * @param name of the kind of request, one of few
   * @param status of the answer, in the protocol's words
   * @param failed whether the node is to blame that it is not what was asked for
   */
  public synchronized void end(String name, String status, boolean failed) {
    if (ended) {
      return;
    }
    ended = true;
    long endNanos = clock.monotonicNanos();
    Span front =
        start(tracer.spanBuilder(name).setSpanKind(SpanKind.SERVER).setParent(parent), beginNanos);
    front.setAttribute(PROTOCOL, protocol);
    front.setAttribute(STATUS, status);
    if (failed) {
      front.setStatus(StatusCode.ERROR, status);
    }
    Context under = Context.root().with(front);
    passages.forEach(passage -> tell(passage, under));
    end(front, endNanos);
  }

  /** The request was one command, whose reply leaves: its name is that of the request. */
  public synchronized void endWith(Passage passage) {
    passed(passage);
    CommandSpec spec = passage.spec();
    end(spec == null ? "unknown command" : spec.name(), passage.failed() ? "error" : "ok", false);
  }

  private void tell(Passage passage, Context under) {
    CommandSpec spec = passage.spec();
    SpanBuilder builder =
        tracer
            .spanBuilder(spec == null ? "refused" : "command " + spec.name())
            .setParent(under)
            .setAllAttributes(attributes(passage));
    Span command = start(builder, passage.beginNanos());
    Context inside = under.with(command);
    for (Passage.Part part : passage.parts()) {
      String name = part.stage().name().toLowerCase(Locale.ROOT);
      Span span = start(tracer.spanBuilder(name).setParent(inside), part.beginNanos());
      end(span, part.endNanos());
    }
    end(command, passage.endNanos());
  }

  private static Attributes attributes(Passage passage) {
    AttributesBuilder attributes = Attributes.builder();
    CommandSpec spec = passage.spec();
    if (spec != null) {
      attributes.put(COMMAND, spec.name());
    }
    ReplicaIdentity replica = passage.replica();
    if (replica != null) {
      attributes.put(KEYSPACE, replica.keyspace().options().name());
      attributes.put(PARTITION, (long) replica.partition());
    }
    if (!passage.client().address().isEmpty()) {
      attributes.put(CLIENT, passage.client().address());
    }
    return attributes.put(KEYS, (long) passage.keys()).put(BYTES, passage.requestBytes()).build();
  }

  private Span start(SpanBuilder builder, long nanos) {
    return builder.setStartTimestamp(epochOffsetNanos + nanos, TimeUnit.NANOSECONDS).startSpan();
  }

  private void end(Span span, long nanos) {
    span.end(epochOffsetNanos + nanos, TimeUnit.NANOSECONDS);
  }
}
