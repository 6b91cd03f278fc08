package io.distkv.client;

import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.PipelineRequest;
import io.distkv.api.v1.PipelineResponse;
import io.distkv.client.AttemptEnd.Reach;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One stream of a pipeline, from its beginning to its end. Operations are sent by one thread at a
 * time; answers come on the connection's event loop.
 */
final class PipelineStream extends ClientCall.Listener<PipelineResponse> {
  /** Answers that may come before they are looked at. */
  private static final int AHEAD = 4;

  /**
   * Ready means that the socket has taken all that was sent: what comes meanwhile goes together.
   */
  private static final int READY_BELOW_BYTES = 1;

  private final Owner owner;
  private final Reached reached = new Reached();
  private final ClientCall<PipelineRequest, PipelineResponse> call;
  private final Map<Long, PipelinedAttempt<?>> underWay = new ConcurrentHashMap<>();
  private volatile boolean ended;
  private boolean hasAnswered;
  private long nextId;

  /** Whose stream it is. */
  interface Owner {
    /** The stream has room, or another one is needed. */
    void proceed();

    /** The stream has ended before it began. */
    void unreachable(AttemptEnd end);
  }

  PipelineStream(Connection connection, Owner owner) {
    this.owner = owner;
    this.call =
        connection
            .channel()
            .newCall(
                KeyValueGrpc.getPipelineMethod(),
                CallOptions.DEFAULT
                    .withStreamTracerFactory(reached)
                    .withOnReadyThreshold(READY_BELOW_BYTES));
  }

  void start() {
    call.start(this, new Metadata());
    call.request(AHEAD);
  }

  boolean hasEnded() {
    return ended;
  }

  boolean isReady() {
    return !ended && call.isReady();
  }

  /** Sends operations, in a message for each keyspace. */
  void send(List<PipelinedAttempt<?>> attempts) {
    Map<String, PipelineRequest.Builder> messages = new LinkedHashMap<>();
    for (PipelinedAttempt<?> attempt : attempts) {
      long id = nextId++;
      underWay.put(id, attempt);
      messages
          .computeIfAbsent(
              attempt.call().keyspace(), name -> PipelineRequest.newBuilder().setKeyspace(name))
          .addItems(
              PipelineRequest.Item.newBuilder().setId(id).setOperation(attempt.call().operation()));
    }
    // After the end, a call takes messages and forgets them; and who ends it looks for what is
    // under
    // way only once, which may have been before these were.
    messages.values().forEach(message -> call.sendMessage(message.build()));
    if (ended) {
      Status broken = Status.UNAVAILABLE.withDescription("the stream ended");
      breakAll(AttemptEnd.of(broken, null, Reach.SENT), false);
    }
  }

  @Override
  public void onReady() {
    owner.proceed();
  }

  @Override
  public void onMessage(PipelineResponse response) {
    call.request(1);
    hasAnswered = true;
    for (PipelineResponse.Item item : response.getItemsList()) {
      PipelinedAttempt<?> attempt = underWay.remove(item.getId());
      if (attempt != null) {
        attempt.answered(item);
      }
    }
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    ended = true;
    Status why = status.isOk() ? Status.UNAVAILABLE.withDescription("the stream ended") : status;
    Reach reach = reached.reach();
    AttemptEnd end = AttemptEnd.of(why, trailers, reach);
    breakAll(end, isRefusal(end));
    if (reach == Reach.NOT_SENT) {
      owner.unreachable(end);
    }
    owner.proceed();
  }

  /** Whether the node has turned the stream away, before it has looked at any operation. */
  private boolean isRefusal(AttemptEnd end) {
    return !hasAnswered
        && end.reach() == Reach.ANSWERED
        && switch (end.status()) {
          case UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED -> true;
          default -> false;
        };
  }

  private void breakAll(AttemptEnd end, boolean refusal) {
    for (Long id : List.copyOf(underWay.keySet())) {
      PipelinedAttempt<?> attempt = underWay.remove(id);
      if (attempt != null) {
        attempt.broken(end, refusal);
      }
    }
  }

  Collection<PipelinedAttempt<?>> underWay() {
    return underWay.values();
  }

  /** Of those whose callers gave up, the answers are of no interest. */
  void forgetThoseOver() {
    underWay.values().removeIf(PipelinedAttempt::isOver);
  }
}
