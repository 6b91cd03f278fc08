package io.distkv.node.session;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import org.jspecify.annotations.Nullable;

/** A session that serves one request after another for {@link UnaryCalls}. On its lane only. */
final class UnarySession implements Output {
  private final UnaryCalls calls;
  private final Session session;
  private @Nullable UnaryCall current;

  UnarySession(UnaryCalls calls, LaneSessions lane) {
    this.calls = calls;
    session = new Session(lane, 0, new SessionContext(lane.port().lane().index(), "", "", this));
  }

  /** Only while no request is under way. */
  void serve(
      UnaryCall call,
      @Nullable String keyspace,
      byte[][] words,
      @Nullable Follower follower,
      boolean paced) {
    current = call;
    session.setPaced(paced);
    if (keyspace == null || session.client().select(keyspace)) {
      session.submit(words, follower);
    } else {
      reply(Errors.of(ErrorCode.NOT_FOUND, "there is no keyspace " + keyspace));
    }
  }

  /** Nobody waits for the request that is under way. */
  void giveUp() {
    current = null;
    session.close();
    calls.over(this, false);
  }

  @Override
  public void reply(Reply reply) {
    UnaryCall answered = current;
    if (answered == null) {
      return;
    }
    current = null;
    boolean late = reply instanceof Reply.Failure failure && failure.code() == ErrorCode.TIMEOUT;
    if (late) {
      session.close();
    }
    calls.over(this, !late);
    answered.answer(reply);
  }

  @Override
  public void unanswered() {
    throw new IllegalStateException("no request without a reply belongs here");
  }

  @Override
  public void protocol(int version) {
    throw new IllegalStateException("replies of no protocol are asked for here");
  }

  @Override
  public void close() {
    throw new IllegalStateException("no request that ends a connection belongs here");
  }

  @Override
  public boolean hasRoomFor(long replyBytes) {
    return true;
  }

  @Override
  public long inputBytes() {
    return 0;
  }

  @Override
  public long outputBytes() {
    return 0;
  }
}
