package io.distkv.node.session;

import io.distkv.base.Clock;
import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import java.util.function.LongSupplier;

/**
 * Decides whether a lane takes one write more, or has so many under way that it would wait too long
 * for them. Under more load than a node can carry, waiting grows without bound, until every answer
 * comes too late; who is refused at once can go elsewhere or come again, and those that are taken
 * are answered in time.
 *
 * <p>Only writes count whose client waits for nothing else: each of them stands for a client of its
 * own. A client that sends more before it has its answers (a pipeline) paces itself by them and by
 * the bounds of its connection, and would not understand that some in the middle are refused. Reads
 * are answered from memory where they arrive, or wait in a bounded queue for a worker.
 *
 * <p>A lane is overloaded if for a whole window no write was answered within what they may wait.
 * One that is quick is enough to show that there is no standing queue, as in CoDel (RFC 8289): a
 * burst that is being worked off is none. An overloaded lane takes as many at a time as it gets
 * done in half of that time, at its present rate: the other half is for what it does not see, the
 * wait in the socket while a turn goes on. Where all that it took were answered in a quarter of
 * that time, its rate is that at which writes come, since what was refused may come again all at
 * once: then it takes twice as many. A lane that had nothing to do for a whole window is not
 * overloaded. A sync of the disk is not waiting: where the disk is slow, four times what one takes
 * is allowed if it is more. That is what the disk takes and not what writes spend in the journal:
 * of a lane that is behind, all that a long turn took in is decided as of the next.
 *
 * <p>While a turn goes on nothing is answered that could tell. So a lane that was overloaded a
 * moment ago is so again if one turn has been taking writes in for twice as long as they may wait.
 * Without this, one that fell behind took in at once all that stood in its sockets, and each turn
 * was as much longer than the last as more was offered than it gets done. Where there was no
 * overload, such a turn is a burst, or of a node that has just started.
 *
 * <p>Used on the lane only.
 */
final class Admission {
  static final Reply.Failure REFUSED =
      Errors.of(
          ErrorCode.OVERLOADED,
          "more writes come than the node gets done; nothing was done; try again in 100 ms");

  /** So many are taken at any time: a lane with fewer has no queue worth the name. */
  static final int ALWAYS_TAKEN = 128;

  private static final int SYNC_TIMES = 4;

  /** The window of a lane that is not overloaded, in allowed waits: a burst may take so long. */
  private static final int BURSTS = 5;

  /** The same where no overload was lately: the node may have just started, and be slow. */
  private static final int FIRST_BURSTS = 10;

  /** The window of one that is, and how long a turn may take writes in. */
  private static final int LOOKS = 2;

  /** How long after an overload it is wary, in allowed waits. */
  private static final int WARY = 50;

  /** How many writes come between two looks at the clock, while it is wary. */
  private static final int GLANCES = 16;

  /** Where all are answered within this part of what is allowed, more could have been taken. */
  private static final int QUICK = 4;

  private static final long NONE = Long.MAX_VALUE;

  private final long allowedNanos;
  private final LongSupplier diskSyncNanos;
  private final Clock clock;
  private int sinceGlance;
  private long windowBeganNanos;
  private long waryUntilNanos = Long.MIN_VALUE;
  private long standstillSinceNanos;
  private int underWay;
  private long limit = NONE;
  private long refusedWrites;

  // Of the window.
  private long answered;
  private long refused;
  private long leastNanos = Long.MAX_VALUE;
  private long mostNanos;
  private long leastSyncNanos = Long.MAX_VALUE;

  /**
   * @param allowedNanos that a write may wait, about; 0 if none is ever refused
   * @param diskSyncNanos how long the disk's latest sync took
   * @param clock tells how long a turn has been going on
   */
  Admission(long allowedNanos, LongSupplier diskSyncNanos, Clock clock) {
    this.allowedNanos = allowedNanos;
    this.diskSyncNanos = diskSyncNanos;
    this.clock = clock;
  }

  /**
   * Whether to take a write that comes now; if not, it is to be {@link #REFUSED}.
   *
   * @param turnNanos when the lane's turn began
   */
  boolean admits(long turnNanos) {
    if (allowedNanos == 0) {
      return true;
    }
    look(turnNanos);
    if (underWay < ALWAYS_TAKEN) {
      return true;
    }
    if (turnNanos < waryUntilNanos && sinceGlance++ % GLANCES == 0) {
      glance(turnNanos);
    }
    if (underWay < limit) {
      return true;
    }
    refused++;
    refusedWrites++;
    return false;
  }

  /** How many it has refused since the start. */
  long refusedWrites() {
    return refusedWrites;
  }

  /** A write was taken. */
  void began() {
    underWay++;
  }

  /** A write that was taken has its answer. */
  void ended(long nowNanos, Slot write) {
    if (allowedNanos != 0) {
      look(nowNanos);
    }
    underWay--;
    answered++;
    long nanos = nowNanos - write.submittedNanos();
    leastNanos = Math.min(leastNanos, nanos);
    mostNanos = Math.max(mostNanos, nanos);
    leastSyncNanos = Math.min(leastSyncNanos, diskSyncNanos.getAsLong());
  }

  /** Nobody waits for the answer to a write that was taken. */
  void abandoned() {
    underWay--;
  }

  /** Whether it refuses what it cannot get done in time. */
  private boolean overloaded() {
    return limit != NONE;
  }

  /** Sees whether this turn has been going on for too long. */
  private void glance(long turnNanos) {
    if (clock.monotonicNanos() - turnNanos > LOOKS * allowedNanos) {
      limit = Math.min(limit, underWay);
    }
  }

  private void look(long nowNanos) {
    long elapsed = nowNanos - windowBeganNanos;
    long windowNanos = windowNanos(nowNanos);
    if (elapsed < windowNanos) {
      return;
    }
    long syncNanos = Math.min(leastSyncNanos, diskSyncNanos.getAsLong());
    long allowed = Math.max(allowedNanos, SYNC_TIMES * syncNanos);
    if (answered > 0 || underWay == 0) {
      standstillSinceNanos = nowNanos;
    }
    if (underWay == 0 && elapsed >= 2 * windowNanos) {
      // A window is over with the first that comes or ends after it: in the second none did.
      limit = NONE;
    } else if (answered > 0) {
      limit = limit(allowed, elapsed);
    } else {
      limit = limitOfStandstill(allowed, nowNanos - standstillSinceNanos);
    }
    if (overloaded()) {
      waryUntilNanos = nowNanos + WARY * allowedNanos;
    }
    windowBeganNanos = nowNanos;
    answered = 0;
    refused = 0;
    leastNanos = Long.MAX_VALUE;
    mostNanos = 0;
    leastSyncNanos = Long.MAX_VALUE;
  }

  private long windowNanos(long nowNanos) {
    if (overloaded()) {
      return LOOKS * allowedNanos;
    }
    return (nowNanos < waryUntilNanos ? BURSTS : FIRST_BURSTS) * allowedNanos;
  }

  private long limit(long allowed, long elapsed) {
    boolean remains = overloaded() && (refused > 0 || leastNanos >= allowed / 2);
    if (leastNanos <= allowed && !remains) {
      return NONE;
    }
    long byRate = answered * allowed / (2 * elapsed);
    return mostNanos < allowed / QUICK
        ? Math.max(byRate, 2 * Math.max(limit, ALWAYS_TAKEN))
        : byRate;
  }

  /** What waits is not joined by more; where nothing waits, there was nothing to do. */
  private long limitOfStandstill(long allowed, long since) {
    if (underWay == 0) {
      return NONE;
    }
    return since > 2 * allowed ? Math.min(limit, underWay) : limit;
  }
}
