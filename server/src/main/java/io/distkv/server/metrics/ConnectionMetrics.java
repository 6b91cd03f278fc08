package io.distkv.server.metrics;

import static io.distkv.server.metrics.Snapshots.counter;
import static io.distkv.server.metrics.Snapshots.gauge;

import io.distkv.server.resp.ClientMemory;
import io.distkv.server.resp.ConnectionCounters;
import io.distkv.server.resp.ConnectionCounters.Event;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.function.Consumer;

/** The figures of the Redis front end, all lanes together. */
public final class ConnectionMetrics implements MetricSource {
  private final List<ConnectionCounters> lanes;
  private final ClientMemory memory;

  public ConnectionMetrics(List<ConnectionCounters> lanes, ClientMemory memory) {
    this.lanes = List.copyOf(lanes);
    this.memory = memory;
  }

  @Override
  public void collect(Consumer<MetricSnapshot> into) {
    into.accept(
        gauge(
            "distkv_connections",
            "Redis clients connected now",
            sum(Event.OPENED) - sum(Event.CLOSED)));
    count(into, Event.OPENED, "connections_accepted", "Redis clients that connected");
    count(into, Event.REFUSED, "connections_refused", "Clients refused over clients.max");
    count(into, Event.REQUESTS, "requests_received", "Requests parsed");
    count(into, Event.BYTES_READ, "received_bytes", "Bytes received from Redis clients");
    count(into, Event.BYTES_WRITTEN, "sent_bytes", "Bytes of replies to Redis clients");
    count(into, Event.PROTOCOL_ERRORS, "protocol_errors", "Clients that broke the protocol");
    count(
        into,
        Event.OUTPUT_LIMIT_CLOSES,
        "output_limit_closes",
        "Clients closed because they left too many replies unread");
    count(into, Event.IDLE_CLOSES, "idle_closes", "Clients closed because they were idle");
    count(
        into,
        Event.INPUT_PAUSES,
        "input_pauses",
        "Times that reading from a client paused until it, or the node, caught up");
    into.accept(
        gauge("distkv_client_memory_bytes", "Memory that clients hold", memory.heldBytes()));
    count(into, Event.MEMORY_PAUSES, "memory_pauses", "Pauses because clients.memory was used up");
    count(
        into,
        Event.MEMORY_REFUSALS,
        "memory_refusals",
        "Requests and transactions given up because clients.memory stayed used up");
    count(
        into,
        Event.MEMORY_CLOSES,
        "memory_closes",
        "Clients closed because clients.memory stayed used up");
  }

  private void count(Consumer<MetricSnapshot> into, Event event, String name, String help) {
    into.accept(counter("distkv_" + name, help, sum(event)));
  }

  private long sum(Event event) {
    return lanes.stream().mapToLong(lane -> lane.get(event)).sum();
  }
}
