package io.distkv.server.grpc;

import static io.distkv.server.metrics.Snapshots.count;
import static io.distkv.server.metrics.Snapshots.gauge;

import io.distkv.server.metrics.MetricSource;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Counts calls by method and status, each lane for itself, what they hold, and who was refused; all
 * of it is added up when asked. Any thread, but for {@link LaneCalls}.
 */
final class CallMetrics implements MetricSource {
  private static final Status.Code[] CODES = Status.Code.values();

  /** What calls of no method that there is are counted as. */
  private static final String OTHER = "other";

  private final SortedSet<String> methods = new TreeSet<>();
  private final List<LaneCalls> lanes = new ArrayList<>();
  private final MessageMemory memory;
  private final IntSupplier connections;
  private final LongSupplier refusedConnections;
  private final LongAdder refusedForMemory = new LongAdder();
  private final LongAdder refusedForTime = new LongAdder();

  /**
   * @param connections how many there are
   * @param refusedConnections how many were too many
   */
  CallMetrics(
      List<ServerServiceDefinition> services,
      int laneCount,
      MessageMemory memory,
      IntSupplier connections,
      LongSupplier refusedConnections) {
    for (ServerServiceDefinition service : services) {
      for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
        methods.add(method.getMethodDescriptor().getFullMethodName());
      }
    }
    for (int lane = 0; lane < laneCount; lane++) {
      lanes.add(new LaneCalls(methods));
    }
    this.memory = memory;
    this.connections = connections;
    this.refusedConnections = refusedConnections;
  }

  /** Who counts for a lane. */
  LaneCalls lane(int index) {
    return lanes.get(index);
  }

  /** The calls of one lane. On it. */
  static final class LaneCalls {
    private final Map<String, Method> methods = new HashMap<>();
    private final Method other = new Method();

    private LaneCalls(Set<String> names) {
      names.forEach(name -> methods.put(name, new Method()));
    }

    /** A call of a method begins; those of methods that are none are counted together. */
    Method begin(String name) {
      Method method = of(name);
      method.add(Method.BEGUN, 1);
      return method;
    }

    private Method of(String name) {
      return methods.getOrDefault(name, other);
    }
  }

  /** The calls of one method on one lane: written on it with plain additions, read by anybody. */
  static final class Method {
    private static final int BEGUN = 0;
    private static final int NANOS = 1;
    private static final int ENDED = 2;

    private final AtomicLongArray counts = new AtomicLongArray(ENDED + CODES.length);

    void ended(Status.Code code, long tookNanos) {
      add(ENDED + code.value(), 1);
      add(NANOS, tookNanos);
    }

    private void add(int index, long more) {
      counts.setOpaque(index, counts.getPlain(index) + more);
    }
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
    long underWay = collect(OTHER, calls, seconds);
    for (String method : methods) {
      underWay += collect(method, calls, seconds);
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

  /** Adds the counts of a method; tells how many of its calls are under way. */
  private long collect(
      String name, CounterSnapshot.Builder calls, CounterSnapshot.Builder seconds) {
    long endedCalls = 0;
    for (Status.Code code : CODES) {
      long ended = sum(name, Method.ENDED + code.value());
      endedCalls += ended;
      if (ended > 0) {
        calls.dataPoint(
            count(ended, "method", name, "status", code.name().toLowerCase(Locale.ROOT)));
      }
    }
    seconds.dataPoint(count(sum(name, Method.NANOS) / 1e9, "method", name));
    return Math.max(0, sum(name, Method.BEGUN) - endedCalls);
  }

  private long sum(String method, int index) {
    long sum = 0;
    for (LaneCalls lane : lanes) {
      sum += lane.of(method).counts.getOpaque(index);
    }
    return sum;
  }
}
