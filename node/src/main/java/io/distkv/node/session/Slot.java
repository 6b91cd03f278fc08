package io.distkv.node.session;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.CommandSpec;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.Answer;
import io.distkv.node.replica.Call;
import io.distkv.node.replica.FetchCall;
import io.distkv.node.replica.ReadCall;
import io.distkv.node.replica.SnapshotCall;
import io.distkv.node.replica.WriteCall;
import io.distkv.node.session.Passage.Stage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place of one request in its session's line of replies. Filled once, in whatever order the
 * requests end; a second filling (the outcome of a request that was already answered with a
 * timeout) is ignored.
 */
final class Slot implements Answer {
  private final ReplyLine line;
  private final Prepared.@Nullable Ready command;
  private final @Nullable Follower follower;
  private boolean silent;
  private final long sizeBytes;
  private final long submittedNanos;
  private int protocol;
  private boolean closing;
  private @Nullable Slot next;
  private volatile @Nullable Reply reply;
  private long replyBytes;
  private long filledNanos;

  /** The last call that came back. */
  private @Nullable Call lastCall;

  private boolean gathering;
  private boolean admitted;

  /**
   * @param silent whether the client does not want to see the reply
   */
  Slot(
      ReplyLine line,
      Prepared.@Nullable Ready command,
      @Nullable Follower follower,
      boolean silent,
      long sizeBytes,
      long submittedNanos) {
    this.line = line;
    this.command = command;
    this.follower = follower;
    this.silent = silent;
    this.sizeBytes = sizeBytes;
    this.submittedNanos = submittedNanos;
  }

  @Override
  public void answered(Call call) {
    lastCall = call;
    fill(CallOutcome.of(call));
  }

  @Override
  public boolean abandoned() {
    return reply != null || line.closed();
  }

  @Override
  public boolean followed() {
    return follower != null;
  }

  /** One of several calls has come back, or one with whose outcome there is more to do. */
  void gathered(Call call) {
    lastCall = call;
    gathering = true;
  }

  /** The lane's admission counts it among the writes under way. */
  void admitted() {
    admitted = true;
  }

  /** The admission stops to count it; tells whether it did. */
  boolean endAdmission() {
    boolean was = admitted;
    admitted = false;
    return was;
  }

  /** The last call that came back; null before. */
  @Nullable Call lastCall() {
    return lastCall;
  }

  /** Fills the slot, and lets out what it held up. */
  void fill(Reply outcome) {
    if (reply == null) {
      line.fill(this, outcome);
    }
  }

  /** Of the line: this is what leaves, and counts for so many bytes until it does. */
  void take(Reply given, long bytes, long nanos) {
    filledNanos = nanos;
    reply = given;
    replyBytes = bytes;
  }

  /** The reply; null while it is awaited. */
  @Nullable Reply reply() {
    return reply;
  }

  /** What the reply counts for among the bytes in flight. */
  long replyBytes() {
    return replyBytes;
  }

  /** The command; null if there is none of that name. */
  @Nullable CommandSpec spec() {
    return command == null ? null : command.spec();
  }

  /** Who follows the request; null if nobody does. */
  @Nullable Follower follower() {
    return follower;
  }

  /** The way that the request took; once it is filled. */
  Passage passage(Passage.Client client, boolean failed, long endNanos) {
    Call call = lastCall;
    return new Passage(
        command,
        sizeBytes,
        call == null ? null : call.replica().identity(),
        client,
        failed,
        parts(call, endNanos),
        submittedNanos,
        endNanos);
  }

  private List<Passage.Part> parts(@Nullable Call call, long endNanos) {
    Passage.Parts parts = new Passage.Parts(submittedNanos);
    switch (call) {
      case null -> parts.upTo(filledNanos, stageWithoutCall());
      case WriteCall write ->
          parts
              .upTo(write.arrivedNanos(), Stage.ROUTE)
              .upTo(write.begunNanos(), Stage.ADMIT)
              .upTo(write.decidedNanos(), Stage.JOURNAL)
              .upTo(write.endedNanos(), Stage.APPLY);
      case ReadCall _, FetchCall _, SnapshotCall _ ->
          parts
              .upTo(call.arrivedNanos(), Stage.ROUTE)
              .upTo(call.begunNanos(), Stage.AWAIT)
              .upTo(call.decidedNanos(), Stage.QUEUE)
              .upTo(call.endedNanos(), Stage.READ);
    }
    return parts
        .upTo(filledNanos, gathering ? Stage.GATHER : Stage.RETURN)
        .upTo(endNanos, Stage.LINE)
        .all();
  }

  private Stage stageWithoutCall() {
    if (reply instanceof Reply.Failure failure && failure.code() == ErrorCode.TIMEOUT) {
      return Stage.UNANSWERED;
    }
    return command instanceof Prepared.Read ? Stage.READ : Stage.RUN;
  }

  boolean silent() {
    return silent;
  }

  void setSilent(boolean newSilent) {
    silent = newSilent;
  }

  /** Bytes of the request. */
  long sizeBytes() {
    return sizeBytes;
  }

  /** When the request came, on the lane's monotonic clock. */
  long submittedNanos() {
    return submittedNanos;
  }

  /** The protocol to switch to just before the reply; 0 for no switch. */
  int protocol() {
    return protocol;
  }

  void switchProtocol(int version) {
    protocol = version;
  }

  /** Whether the connection closes after the reply. */
  boolean closing() {
    return closing;
  }

  void closeAfter() {
    closing = true;
  }

  @Nullable Slot next() {
    return next;
  }

  void setNext(Slot slot) {
    next = slot;
  }
}
