package io.distkv.node.session;

import io.distkv.node.command.CommandSpec;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.Answer;
import io.distkv.node.replica.Call;
import org.jspecify.annotations.Nullable;

/**
 * The place of one request in its session's line of replies. Filled once, in whatever order the
 * requests end; a second filling (the outcome of a request that was already answered with a
 * timeout) is ignored.
 */
final class Slot implements Answer {
  private final ReplyLine line;
  private final @Nullable CommandSpec spec;
  private boolean silent;
  private final long sizeBytes;
  private final long submittedNanos;
  private int protocol;
  private boolean closing;
  private @Nullable Slot next;
  private volatile @Nullable Reply reply;
  private long replyBytes;

  /**
   * @param silent whether the client does not want to see the reply
   */
  Slot(
      ReplyLine line,
      @Nullable CommandSpec spec,
      boolean silent,
      long sizeBytes,
      long submittedNanos) {
    this.line = line;
    this.spec = spec;
    this.silent = silent;
    this.sizeBytes = sizeBytes;
    this.submittedNanos = submittedNanos;
  }

  @Override
  public void answered(Call call) {
    fill(CallOutcome.of(call));
  }

  @Override
  public boolean abandoned() {
    return reply != null || line.closed();
  }

  /** Fills the slot, and lets out what it held up. */
  void fill(Reply outcome) {
    if (reply == null) {
      line.fill(this, outcome);
    }
  }

  /** Of the line: this is what leaves, and counts for so many bytes until it does. */
  void take(Reply given, long bytes) {
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
    return spec;
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
