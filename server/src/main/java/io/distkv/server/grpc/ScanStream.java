package io.distkv.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.distkv.api.v1.ScanRequest;
import io.distkv.api.v1.ScanResponse;
import io.distkv.node.command.Reply;
import io.distkv.node.session.Follower;
import io.distkv.node.session.UnaryCall;
import io.distkv.server.call.ResumeToken;
import io.distkv.server.call.Words;
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
  private final @Nullable Follower follower = TraceInterceptor.follower();
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
      goOnAt(nextKey(request));
    }
  }

  /** Begins; messages follow on this lane. */
  static void start(ScanRequest request, ServerCallStreamObserver<ScanResponse> client) {
    ScanStream stream = new ScanStream(CallLane.current(), request, client);
    client.setOnReadyHandler(() -> stream.lane.run(stream::goOn));
    client.setOnCancelHandler(() -> stream.lane.run(stream::cancelled));
    stream.goOn();
  }

  private static ByteString nextKey(ScanRequest request) {
    byte[] token = request.getResumeToken().toByteArray();
    return UnsafeByteOperations.unsafeWrap(
        ResumeToken.nextKey(listing(request), token, ResumeToken.Names.GRPC));
  }

  private static ByteString token(ScanRequest request, ByteString nextKey) {
    return UnsafeByteOperations.unsafeWrap(ResumeToken.of(listing(request), nextKey.toByteArray()));
  }

  private static ResumeToken.Listing listing(ScanRequest request) {
    return new ResumeToken.Listing(
        Keyspaces.name(request.getKeyspace()),
        request.getStart().toByteArray(),
        request.getEnd().toByteArray(),
        request.getPrefix().toByteArray(),
        request.getReverse(),
        String.valueOf(request.getAsOf()));
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
    call = lane.calls().begin(Keyspaces.name(request.getKeyspace()), words(), this::read, follower);
  }

  private byte[][] words() {
    Words words = Words.of("KV.SCAN");
    words.add("LIMIT", limited ? Math.min(keysLeft, PAGE_KEYS) : PAGE_KEYS);
    if (!from.isEmpty()) {
      words.add("FROM").add(from.toByteArray());
    }
    if (!to.isEmpty()) {
      words.add("TO").add(to.toByteArray());
    }
    if (!request.getPrefix().isEmpty()) {
      words.add("PREFIX").add(request.getPrefix().toByteArray());
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
      message.setResumeToken(token(request, next));
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
