package io.distkv.node.session;

import io.distkv.base.Chain;
import io.distkv.node.command.Reply;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests that stand for themselves, as those of gRPC and HTTP do: each names its keyspace, and is
 * answered when it is done, in no order with others.
 *
 * <p>A session answers in order, so each request gets one of its own, which ends with it. To keep
 * sessions and use them again would cost more: with thousands of requests under way they would be
 * out of the processor's caches by the time they are, and each reference that is stored into an old
 * object costs a fence (docs/performance.md has the figure).
 *
 * <p>Used on its lane only.
 */
public final class UnaryCalls {
  /** The reply to a write that is refused because more come than the lane gets done. */
  public static final Reply.Failure WRITE_REFUSED = Admission.REFUSED;

  private final LaneSessions lane;

  /** In the order in which they began, which is that of their deadlines. */
  private final Chain<UnarySession> underWay = new Chain<>();

  UnaryCalls(LaneSessions lane) {
    this.lane = lane;
  }

  /**
   * Begins a request.
   *
   * @param keyspace its name
   * @param words the command's name first; not changed by anyone afterwards. Commands of the
   *     connection and of transactions do not belong here
   * @param done is told the reply once, on the lane, perhaps in this call
   * @return the way to give it up
   */
  public UnaryCall begin(String keyspace, byte[][] words, Consumer<Reply> done) {
    return start(keyspace, words, done, null, false);
  }

  /**
   * The same for a request that is followed.
   *
   * @param follower told of the way that the request took, before its reply; not if it is given up,
   *     and not if there is no such keyspace. Null if nobody wants to know
   */
  public UnaryCall begin(
      String keyspace, byte[][] words, Consumer<Reply> done, @Nullable Follower follower) {
    return start(keyspace, words, done, follower, false);
  }

  /**
   * The same for one of many requests of a client that paces itself by their replies, and so needs
   * not be refused where more come than the node gets done.
   */
  public UnaryCall beginPaced(
      String keyspace, byte[][] words, Consumer<Reply> done, @Nullable Follower follower) {
    return start(keyspace, words, done, follower, true);
  }

  /** The same for a request that concerns no keyspace in particular. */
  public UnaryCall begin(byte[][] words, Consumer<Reply> done) {
    return start(null, words, done, null, false);
  }

  /** The same for one that is followed, unless nobody wants to know. */
  public UnaryCall begin(byte[][] words, Consumer<Reply> done, @Nullable Follower follower) {
    return start(null, words, done, follower, false);
  }

  private UnaryCall start(
      @Nullable String keyspace,
      byte[][] words,
      Consumer<Reply> done,
      @Nullable Follower follower,
      boolean paced) {
    UnarySession call = new UnarySession(this, lane, done);
    underWay.add(call);
    lane.watchDeadlines();
    call.begin(keyspace, words, follower, paced);
    return call;
  }

  /**
   * Whether a write that would come now is {@link #WRITE_REFUSED}, so that one which is sure to be
   * need not be read first. If so, it counts as one that was.
   */
  public boolean refusesWrites() {
    return !lane.admission().admits(turnNanos());
  }

  /** The monotonic clock as it was when first asked for in this turn of the lane. */
  public long turnNanos() {
    return lane.port().turnNanos();
  }

  /** Requests that are not answered yet. */
  public int underWay() {
    return underWay.size();
  }

  /** Answers those that are over their deadlines. */
  void answerOverdue(long nowNanos) {
    UnarySession oldest = underWay.first();
    while (oldest != null && !oldest.stillWaits(nowNanos)) {
      oldest = underWay.first();
    }
  }

  /** A request has its reply, or nobody waits for it any more. */
  void over(UnarySession call) {
    underWay.remove(call);
  }
}
