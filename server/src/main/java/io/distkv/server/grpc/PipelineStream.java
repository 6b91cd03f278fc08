package io.distkv.server.grpc;

import io.distkv.api.v1.Operation.OperationCase;
import io.distkv.api.v1.PipelineRequest;
import io.distkv.api.v1.PipelineResponse;
import io.distkv.base.ErrorCode;
import io.distkv.base.Limits;
import io.distkv.node.command.Reply;
import io.distkv.node.session.UnaryCall;
import io.distkv.server.call.BadRequestException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pipeline: operations that are begun as they come, whose results leave together at the end of
 * each turn that brings any. The next message is asked for when few enough operations are under way
 * and the client takes what it gets, so that neither can pile up. On its lane only.
 */
final class PipelineStream implements StreamObserver<PipelineRequest> {
  /** While more are under way, no further message is taken. */
  private static final int ENOUGH_UNDER_WAY = 1_024;

  private final CallLane lane;
  private final ServerCallStreamObserver<PipelineResponse> client;
  private final Set<Item> underWay = new LinkedHashSet<>();
  private PipelineResponse.Builder done = PipelineResponse.newBuilder();
  private boolean sending;
  private boolean asked;
  private boolean noMore;
  private boolean ended;

  private PipelineStream(CallLane lane, ServerCallStreamObserver<PipelineResponse> client) {
    this.lane = lane;
    this.client = client;
  }

  /** Begins; what it gives is told what the client sends. */
  static StreamObserver<PipelineRequest> start(ServerCallStreamObserver<PipelineResponse> client) {
    PipelineStream stream = new PipelineStream(CallLane.current(), client);
    client.disableAutoRequest();
    client.setOnReadyHandler(() -> stream.lane.run(stream::ask));
    client.setOnCancelHandler(() -> stream.lane.run(stream::cancelled));
    stream.ask();
    return stream;
  }

  private void ask() {
    if (!asked && !ended && !noMore && underWay.size() < ENOUGH_UNDER_WAY && client.isReady()) {
      asked = true;
      client.request(1);
    }
  }

  @Override
  public void onNext(PipelineRequest request) {
    asked = false;
    List<PipelineRequest.Item> items = request.getItemsList();
    if (items.size() > Limits.MAX_BATCH_OPERATIONS) {
      fail(
          Failures.status(
              ErrorCode.TOO_LARGE,
              "a message of a pipeline has at most "
                  + Limits.MAX_BATCH_OPERATIONS
                  + " operations, this one has "
                  + items.size()));
      return;
    }
    String keyspace = Keyspaces.name(request.getKeyspace());
    for (PipelineRequest.Item item : items) {
      new Item(item.getId(), item.getOperation().getOperationCase()).begin(keyspace, item);
    }
    ask();
  }

  /** An operation that is under way. */
  private final class Item {
    private final long id;
    private final OperationCase kind;
    private @Nullable UnaryCall call;
    private boolean over;

    Item(long id, OperationCase kind) {
      this.id = id;
      this.kind = kind;
    }

    void begin(String keyspace, PipelineRequest.Item item) {
      byte[][] words;
      try {
        words = CommandWords.operation(item.getOperation());
      } catch (BadRequestException e) {
        fail(ErrorCode.INVALID_ARGUMENT, e.text());
        return;
      }
      call = lane.calls().begin(keyspace, words, this::answer);
      if (!over) {
        underWay.add(this);
      }
    }

    private void answer(Reply reply) {
      over = true;
      underWay.remove(this);
      if (reply instanceof Reply.Failure failure) {
        fail(failure.code(), failure.text());
      } else {
        done.addItems(
            PipelineResponse.Item.newBuilder().setId(id).setResult(Answers.operation(kind, reply)));
        sendAtTurnEnd();
      }
    }

    private void fail(ErrorCode code, String text) {
      done.addItems(
          PipelineResponse.Item.newBuilder()
              .setId(id)
              .setFailure(
                  PipelineResponse.Failure.newBuilder()
                      .setDetail(Failures.detail(code))
                      .setMessage(text)));
      sendAtTurnEnd();
    }

    void cancel() {
      if (call != null) {
        call.cancel();
      }
    }
  }

  private void sendAtTurnEnd() {
    if (!sending) {
      sending = true;
      lane.lane().atTurnEnd(this::send);
    }
  }

  private void send() {
    sending = false;
    if (ended) {
      return;
    }
    client.onNext(done.build());
    done = PipelineResponse.newBuilder();
    endIfDone();
    ask();
  }

  private void endIfDone() {
    if (noMore && !ended && !sending && underWay.isEmpty()) {
      ended = true;
      client.onCompleted();
    }
  }

  private void fail(StatusRuntimeException why) {
    cancelled();
    client.onError(why);
  }

  private void cancelled() {
    ended = true;
    Collection<Item> given = List.copyOf(underWay);
    underWay.clear();
    given.forEach(Item::cancel);
  }

  @Override
  public void onCompleted() {
    noMore = true;
    endIfDone();
  }

  @Override
  public void onError(Throwable broken) {
    cancelled();
  }
}
