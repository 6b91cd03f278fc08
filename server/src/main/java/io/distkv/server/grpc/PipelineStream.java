package io.distkv.server.grpc;

import io.distkv.api.v1.Operation.OperationCase;
import io.distkv.api.v1.PipelineRequest;
import io.distkv.api.v1.PipelineResponse;
import io.distkv.base.Chain;
import io.distkv.base.ErrorCode;
import io.distkv.base.Limits;
import io.distkv.node.command.Reply;
import io.distkv.node.session.Follower;
import io.distkv.node.session.UnaryCall;
import io.distkv.server.call.BadRequestException;
import io.distkv.server.trace.RequestTrace;
import io.distkv.server.trace.Tracing;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pipeline: operations that are begun as they come, whose results leave together at the end of
 * each turn that brings any. An operation is begun when few enough are under way and the client
 * takes what it gets, and the next message is asked for when all of the last are begun; so neither
 * operations nor results can pile up. On its lane only.
 */
final class PipelineStream implements StreamObserver<PipelineRequest> {
  /**
   * While so many are under way, no further one is begun. Some more than half of what a client has
   * under way at most by default would be begun, synced and answered in one go, and client and node
   * would wait for each other in turns.
   */
  private static final int MOST_UNDER_WAY = 1_536;

  /** Results of more bytes leave at once, and not at the end of the turn. */
  private static final long ENOUGH_RESULT_BYTES = 1 << 20;

  private final CallLane lane;
  private final Tracing tracing;
  private final ServerCallStreamObserver<PipelineResponse> client;
  private final Chain<Item> underWay = new Chain<>();
  private final Deque<PipelineRequest.Item> waiting = new ArrayDeque<>();
  private String keyspace = "";
  private PipelineResponse.Builder done = PipelineResponse.newBuilder();
  private long doneBytes;
  private boolean sending;
  private boolean asked;
  private boolean noMore;
  private boolean ended;

  private PipelineStream(
      CallLane lane, Tracing tracing, ServerCallStreamObserver<PipelineResponse> client) {
    this.lane = lane;
    this.tracing = tracing;
    this.client = client;
  }

  /** Begins; what it gives is told what the client sends. */
  static StreamObserver<PipelineRequest> start(
      Tracing tracing, ServerCallStreamObserver<PipelineResponse> client) {
    PipelineStream stream = new PipelineStream(CallLane.current(), tracing, client);
    client.disableAutoRequest();
    client.setOnReadyHandler(() -> stream.lane.run(stream::goOn));
    client.setOnCancelHandler(() -> stream.lane.run(stream::cancelled));
    stream.goOn();
    return stream;
  }

  private void goOn() {
    while (!ended && !waiting.isEmpty() && underWay.size() < MOST_UNDER_WAY && client.isReady()) {
      PipelineRequest.Item item = waiting.remove();
      new Item(item.getId(), item.getOperation().getOperationCase()).begin(item);
    }
    if (!asked && !ended && !noMore && waiting.isEmpty() && client.isReady()) {
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
    keyspace = Keyspaces.name(request.getKeyspace());
    waiting.addAll(items);
    goOn();
  }

  /** An operation that is under way. */
  private final class Item extends Chain.Link<Item> {
    private final long id;
    private final OperationCase kind;
    private @Nullable UnaryCall call;
    private boolean over;

    Item(long id, OperationCase kind) {
      this.id = id;
      this.kind = kind;
    }

    void begin(PipelineRequest.Item item) {
      byte[][] words;
      try {
        words = CommandWords.operation(item.getOperation());
      } catch (BadRequestException e) {
        fail(ErrorCode.INVALID_ARGUMENT, e.text());
        return;
      }
      RequestTrace trace = tracing.begin("grpc-pipeline");
      Follower follower = trace == null ? null : trace::endWith;
      call = lane.calls().beginPaced(keyspace, words, this::answer, follower);
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
        add(
            PipelineResponse.Item.newBuilder()
                .setId(id)
                .setResult(Answers.operation(kind, reply))
                .build());
      }
    }

    private void fail(ErrorCode code, String text) {
      add(
          PipelineResponse.Item.newBuilder()
              .setId(id)
              .setFailure(
                  PipelineResponse.Failure.newBuilder()
                      .setDetail(Failures.detail(code))
                      .setMessage(text))
              .build());
    }

    void cancel() {
      if (call != null) {
        call.cancel();
      }
    }
  }

  private void add(PipelineResponse.Item result) {
    done.addItems(result);
    doneBytes += result.getSerializedSize();
    if (doneBytes >= ENOUGH_RESULT_BYTES) {
      send();
    } else if (!sending) {
      sending = true;
      lane.lane().atTurnEnd(this::sendAtTurnEnd);
    }
  }

  private void sendAtTurnEnd() {
    sending = false;
    if (doneBytes > 0) {
      send();
    }
    endIfDone();
    goOn();
  }

  private void send() {
    if (!ended) {
      client.onNext(done.build());
    }
    done = PipelineResponse.newBuilder();
    doneBytes = 0;
  }

  private void endIfDone() {
    if (noMore && !ended && !sending && underWay.isEmpty() && waiting.isEmpty()) {
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
    waiting.clear();
    for (Item given = underWay.poll(); given != null; given = underWay.poll()) {
      given.cancel();
    }
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
