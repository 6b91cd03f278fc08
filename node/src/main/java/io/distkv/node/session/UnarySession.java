package io.distkv.node.session;

import io.distkv.base.Chain;
import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request of {@link UnaryCalls}, and the session that it has to itself. On its lane only. */
final class UnarySession extends Chain.Link<UnarySession> implements UnaryCall, Output {
  private final UnaryCalls calls;
  private final Session session;

  /** Who is told the reply; null once it was given, or nobody waits for it any more. */
  private @Nullable Consumer<Reply> done;

  UnarySession(UnaryCalls calls, LaneSessions lane, Consumer<Reply> done) {
    this.calls = calls;
    this.done = done;
    session = Session.ofOneRequest(lane, this);
  }

  void begin(
      @Nullable String keyspace, byte[][] words, @Nullable Follower follower, boolean paced) {
    session.setPaced(paced);
    if (keyspace == null || session.client().select(keyspace)) {
      session.submit(words, follower);
    } else {
      reply(Errors.of(ErrorCode.NOT_FOUND, "there is no keyspace " + keyspace));
    }
  }

  /** Answers it if it is over its deadline, and tells whether it still waits for its reply. */
  boolean stillWaits(long nowNanos) {
    session.stillWaits(nowNanos);
    return done != null;
  }

  @Override
  public void cancel() {
    if (done != null) {
      done = null;
      session.close();
      calls.over(this);
    }
  }

  @Override
  public void reply(Reply reply) {
    Consumer<Reply> told = done;
    if (told == null) {
      return;
    }
    done = null;
    if (reply instanceof Reply.Failure failure && failure.code() == ErrorCode.TIMEOUT) {
      session.close();
    }
    calls.over(this);
    told.accept(reply);
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
