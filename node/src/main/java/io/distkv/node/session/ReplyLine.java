package io.distkv.node.session;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.CommandSpec;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Flag;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.LanePort;
import org.jspecify.annotations.Nullable;

/**
 * The line in which one session's replies leave: in the order of the requests, each once.
 *
 * <p>A reply that is there at once, with nothing before it, leaves no trace here. Any other gets a
 * {@link Slot} at the end of the line, and leaves when it and all before it are filled. A slot that
 * is not filled within the deadline is filled with a timeout, and what comes of it later is
 * dropped. Nothing is said to the output after {@link #close}.
 *
 * <p>Used on the session's home lane only, but for {@link #closed}.
 */
final class ReplyLine {
  private static final Reply.Failure TIMEOUT =
      Errors.of(
          ErrorCode.TIMEOUT, "no answer within the deadline; a write may have happened or may yet");

  private static final Reply.Failure NO_MEMORY =
      Errors.of(
          ErrorCode.OVERLOADED,
          "the node has no memory for this reply (clients.memory); try again later");

  /** Replies beyond this are given only where the output has room for them. */
  private static final long LARGE_BYTES = 64 * 1024;

  private final Session session;
  private final LaneSessions lane;
  private final LanePort home;
  private final Output output;
  private @Nullable Slot head;
  private @Nullable Slot tail;
  private int inFlight;
  private long inFlightBytes;
  private boolean listed;
  private boolean timedOut;
  private @Nullable Follower arriving;
  private long arrivedNanos;
  private volatile boolean closed;

  /**
   * @param listed whether somebody else sees to its deadlines: else the lane is told when replies
   *     are awaited
   */
  ReplyLine(Session session, LaneSessions lane, Output output, boolean listed) {
    this.session = session;
    this.lane = lane;
    this.output = output;
    this.listed = listed;
    home = lane.port();
  }

  /** How many replies are awaited. */
  int inFlight() {
    return inFlight;
  }

  /** Bytes of the requests that they answer, and of replies that wait for those before them. */
  long inFlightBytes() {
    return inFlightBytes;
  }

  boolean isEmpty() {
    return head == null;
  }

  /** Whether nothing is under way; what was answered with a timeout may be for ever. */
  boolean isQuiet() {
    return head == null && !timedOut;
  }

  /** Whether nobody reads the replies any more. Any thread. */
  boolean closed() {
    return closed;
  }

  /** Nobody reads the replies any more. */
  void close() {
    closed = true;
    for (Slot slot = head; slot != null; slot = slot.next()) {
      if (slot.endAdmission()) {
        lane.admission().abandoned();
      }
    }
  }

  /** Closes the output behind the replies that are awaited now. */
  void closeAtEnd() {
    if (tail == null) {
      output.close();
    } else {
      tail.closeAfter();
    }
  }

  /** The next request that gets a reply or a place here is followed. */
  void follow(Follower follower) {
    arriving = follower;
    arrivedNanos = nanos(follower);
  }

  /** A reply that is there at once: it leaves now if nothing is before it. */
  void answerNow(Prepared.@Nullable Ready command, Reply reply, boolean silent) {
    if (head != null || arriving != null) {
      place(command, silent, 0).fill(reply);
      return;
    }
    CommandSpec spec = command == null ? null : command.spec();
    Reply given = bounded(spec, reply);
    if (spec != null) {
      lane.observer().completed(spec, 0, given instanceof Reply.Failure);
    }
    if (!silent && !closed) {
      output.reply(given);
    }
  }

  /** A place at the end of the line for what is done now. */
  Slot append(Prepared.@Nullable Ready command, boolean silent, long sizeBytes) {
    boolean first = tail == null;
    Slot slot = place(command, silent, sizeBytes);
    if (first && command instanceof Prepared.Write && !session.isPaced()) {
      admit(slot);
    }
    return slot;
  }

  private void admit(Slot slot) {
    slot.admitted();
    lane.admission().began();
  }

  /**
   * Whether a transaction whose reply has this place may write; it counts as one write then. One
   * behind other replies is part of a pipeline, and may always.
   */
  boolean admitsTransaction(Slot slot) {
    if (head != slot || session.isPaced()) {
      return true;
    }
    boolean admits = lane.admission().admits(home.turnNanos());
    if (admits) {
      admit(slot);
    }
    return admits;
  }

  private Slot place(Prepared.@Nullable Ready command, boolean silent, long sizeBytes) {
    Follower follower = arriving;
    arriving = null;
    long nanos = follower == null ? home.turnNanos() : arrivedNanos;
    Slot slot = new Slot(this, command, follower, silent, sizeBytes, nanos);
    if (tail == null) {
      head = slot;
    } else {
      tail.setNext(slot);
    }
    tail = slot;
    inFlight++;
    inFlightBytes += sizeBytes;
    if (!listed) {
      listed = true;
      lane.waits(session);
    }
    return slot;
  }

  /** The time now as a follower wants it, and else that of the turn. */
  private long nanos(@Nullable Follower follower) {
    return follower == null ? home.turnNanos() : session.services().clock().monotonicNanos();
  }

  /** Fills a slot, and lets out the replies at the front of the line. */
  void fill(Slot slot, Reply outcome) {
    Reply given = bounded(slot.spec(), outcome);
    long bytes = ReplySize.of(given);
    slot.take(given, bytes, nanos(slot.follower()));
    if (slot.endAdmission()) {
      lane.admission().ended(home.turnNanos(), slot);
    }
    inFlightBytes += bytes;
    release();
  }

  /**
   * A reply or, if it is a large one without which nothing is lost, why it cannot be given: a
   * reader can ask again, while what a write has found may be nowhere else by now.
   */
  private Reply bounded(@Nullable CommandSpec spec, Reply reply) {
    if (closed || spec == null || !spec.is(Flag.READONLY)) {
      return reply;
    }
    long bytes = ReplySize.of(reply);
    return bytes > LARGE_BYTES && !output.hasRoomFor(bytes) ? NO_MEMORY : reply;
  }

  /** Lets out the replies at the front of the line. */
  private void release() {
    for (Slot slot = head; slot != null; slot = head) {
      Reply reply = slot.reply();
      if (reply == null) {
        return;
      }
      head = slot.next();
      if (head == null) {
        tail = null;
      }
      inFlight--;
      inFlightBytes -= slot.sizeBytes() + slot.replyBytes();
      letOut(slot, reply);
    }
  }

  private void letOut(Slot slot, Reply reply) {
    CommandSpec spec = slot.spec();
    if (spec != null) {
      long nanos = Math.max(0, home.turnNanos() - slot.submittedNanos());
      boolean failed = reply instanceof Reply.Failure;
      if (lane.observer().completed(spec, nanos, failed)) {
        lane.observer().slow(slot.passage(session.client().who(), failed, home.turnNanos()));
      }
    }
    Follower follower = slot.follower();
    if (follower != null) {
      boolean failed = reply instanceof Reply.Failure;
      follower.passed(slot.passage(session.client().who(), failed, nanos(follower)));
    }
    if (closed) {
      return;
    }
    if (slot.protocol() != 0) {
      output.protocol(slot.protocol());
    }
    if (slot.silent()) {
      output.unanswered();
    } else {
      output.reply(reply);
    }
    if (slot.closing()) {
      output.close();
    }
  }

  /** Answers what is over its deadline. */
  void answerOverdue(long nowNanos, long deadlineNanos) {
    for (Slot slot = head; slot != null; slot = slot.next()) {
      if (nowNanos - slot.submittedNanos() < deadlineNanos) {
        break;
      }
      timedOut |= slot.reply() == null;
      slot.fill(TIMEOUT);
    }
  }

  /** Tells whether replies are still awaited; if not, the lane is told when any are again. */
  boolean stillWaits() {
    listed = head != null && !closed;
    return listed;
  }
}
