package io.distkv.server.grpc;

import static io.distkv.server.metrics.Snapshots.count;
import static io.distkv.server.metrics.Snapshots.gauge;

import io.distkv.server.metrics.MetricSource;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** Counts calls by method and status, what they hold, and who was refused. Any thread. */
final class CallMetrics implements MetricSource {
  private static final Status.Code[] CODES = Status.Code.values();

  private final SortedMap<String, Method> methods = new TreeMap<>();
  private final Method other = new Method();
  private final MessageMemory memory;
  private final IntSupplier connections;
  private final LongSupplier refusedConnections;
  private final LongAdder refusedForMemory = new LongAdder();
  private final LongAdder refusedForTime = new LongAdder();

  /** The calls of one method. */
  static final class Method {
    private final LongAdder begun = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder[] ended = new LongAdder[CODES.length];

    private Method() {
      for (int i = 0; i < ended.length; i++) {
        ended[i] = new LongAdder();
      }
    }

    void ended(Status.Code code, long tookNanos) {
      ended[code.value()].increment();
      nanos.add(tookNanos);
    }

    private long endedCalls() {
      long sum = 0;
      for (LongAdder calls : ended) {
        sum += calls.sum();
      }
      return sum;
    }
  }

  /**
   * @param connections how many there are
   * @param refusedConnections how many were too many
   */
  CallMetrics(
      List<ServerServiceDefinition> services,
      MessageMemory memory,
      IntSupplier connections,
      LongSupplier refusedConnections) {
    for (ServerServiceDefinition service : services) {
      for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
        MethodDescriptor<?, ?> descriptor = method.getMethodDescriptor();
        methods.put(descriptor.getFullMethodName(), new Method());
      }
    }
    this.memory = memory;
    this.connections = connections;
    this.refusedConnections = refusedConnections;
  }

  /** A call of a method begins; those of methods that are none are counted together. */
  Method method(String name) {
    Method method = methods.getOrDefault(name, other);
    method.begun.increment();
    return method;
  }

  void refusedForMemory() {
    refusedForMemory.increment();
  }

  void refusedForTime() {
    refusedForTime.increment();
  }

  @Override
  public void collect(Consumer<MetricSnapshot> into) {
    CounterSnapshot.Builder calls =
        CounterSnapshot.builder()
            .name("distkv_grpc_calls")
            .help("gRPC calls that have ended, by method and status");
    CounterSnapshot.Builder seconds =
        CounterSnapshot.builder()
            .name("distkv_grpc_call_seconds")
            .help("Time that gRPC calls took which have ended, from their headers to their status");
    long underWay = collect("other", other, calls, seconds);
    for (var entry : methods.entrySet()) {
      underWay += collect(entry.getKey(), entry.getValue(), calls, seconds);
    }
    into.accept(calls.build());
    into.accept(seconds.build());
    into.accept(gauge("distkv_grpc_calls_under_way", "gRPC calls that have not ended", underWay));
    into.accept(
        gauge("distkv_grpc_connections", "Connections of gRPC clients", connections.getAsInt()));
    into.accept(
        gauge(
            "distkv_grpc_message_bytes",
            "Memory that large gRPC messages take, of grpc.memory",
            memory.heldBytes()));
    into.accept(
        CounterSnapshot.builder()
            .name("distkv_grpc_refusals")
            .help("gRPC connections and calls refused for one of the bounds")
            .dataPoint(count(refusedConnections.getAsLong(), "reason", "connections"))
            .dataPoint(count(refusedForMemory.sum(), "reason", "memory"))
            .dataPoint(count(refusedForTime.sum(), "reason", "timeout"))
            .build());
  }

  private static long collect(
      String name, Method method, CounterSnapshot.Builder calls, CounterSnapshot.Builder seconds) {
    for (Status.Code code : CODES) {
      long ended = method.ended[code.value()].sum();
      if (ended > 0) {
        calls.dataPoint(
            count(ended, "method", name, "status", code.name().toLowerCase(Locale.ROOT)));
      }
    }
    seconds.dataPoint(count(method.nanos.sum() / 1e9, "method", name));
    return Math.max(0, method.begun.sum() - method.endedCalls());
  }
}
