package io.distkv.server.grpc;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.ScanRequest;
import io.distkv.api.v1.ScanResponse;
import io.distkv.node.command.Reply;
import io.distkv.node.session.UnaryCall;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One scan: reads a page, sends it, and reads the next when the client has room for it. What a slow
 * client does not take is not read. On its lane only.
 */
final class ScanStream {
  private static final long PAGE_KEYS = 1_000;

  private final CallLane lane;
  private final ScanRequest request;
  private final ServerCallStreamObserver<ScanResponse> client;
  private final boolean limited;
  private long keysLeft;
  private ByteString from;
  private ByteString to;
  private boolean reading;
  private boolean ended;
  private @Nullable UnaryCall call;

  private ScanStream(
      CallLane lane, ScanRequest request, ServerCallStreamObserver<ScanResponse> client) {
    this.lane = lane;
    this.request = request;
    this.client = client;
    from = request.getStart();
    to = request.getEnd();
    limited = request.getLimit() != 0;
    keysLeft = request.getLimit();
    if (!request.getResumeToken().isEmpty()) {
      goOnAt(ResumeToken.nextKey(request));
    }
  }

  /** Begins; messages follow on this lane. */
  static void start(ScanRequest request, ServerCallStreamObserver<ScanResponse> client) {
    ScanStream stream = new ScanStream(CallLane.current(), request, client);
    client.setOnReadyHandler(() -> stream.lane.run(stream::goOn));
    client.setOnCancelHandler(() -> stream.lane.run(stream::cancelled));
    stream.goOn();
  }

  private void goOnAt(ByteString key) {
    if (request.getReverse()) {
      to = key;
    } else {
      from = key;
    }
  }

  private void goOn() {
    if (reading || ended || !client.isReady()) {
      return;
    }
    reading = true;
    call = lane.calls().begin(Keyspaces.name(request.getKeyspace()), words(), this::read);
  }

  private byte[][] words() {
    CommandWords.Words words = CommandWords.words("KV.SCAN");
    words.add("LIMIT", limited ? Math.min(keysLeft, PAGE_KEYS) : PAGE_KEYS);
    if (!from.isEmpty()) {
      words.add("FROM").add(from);
    }
    if (!to.isEmpty()) {
      words.add("TO").add(to);
    }
    if (!request.getPrefix().isEmpty()) {
      words.add("PREFIX").add(request.getPrefix());
    }
    if (request.getReverse()) {
      words.add("REVERSE");
    }
    if (request.getKeysOnly()) {
      words.add("KEYSONLY");
    }
    if (request.getAsOf() != 0) {
      words.add("ASOF", request.getAsOf());
    }
    return words.end();
  }

  private void read(Reply reply) {
    reading = false;
    if (ended) {
      return;
    }
    if (reply instanceof Reply.Failure failure) {
      ended = true;
      client.onError(Failures.status(failure));
      return;
    }
    List<Reply> page = Answers.parts(reply);
    ScanResponse.Builder message = ScanResponse.newBuilder();
    for (Reply entry : Answers.parts(page.get(0))) {
      message.addEntries(Answers.entry(entry));
    }
    boolean more = !(page.get(1) instanceof Reply.Null);
    if (more) {
      ByteString next = Answers.bytes(page.get(1));
      goOnAt(next);
      message.setResumeToken(ResumeToken.of(request, next));
    }
    keysLeft -= message.getEntriesCount();
    client.onNext(message.build());
    if (more && !(limited && keysLeft == 0)) {
      goOn();
    } else {
      ended = true;
      client.onCompleted();
    }
  }

  private void cancelled() {
    ended = true;
    if (call != null) {
      call.cancel();
    }
  }
}
