package io.distkv.storage.journal;

import io.distkv.base.Lane;
import io.distkv.storage.CorruptionException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of all replicas of a lane: one sequence of records over a run of segment files, whose
 * fsync they share.
 *
 * <p>What is appended during a lane turn is given to the sync worker at the turn's end; there it is
 * written, and synced if a record asked for that, while the lane goes on ({@link JournalWriter}).
 * So there is at most one write and one sync under way, and all that arrives meanwhile shares the
 * next.
 *
 * <p>Rejected: writing on the lane, and only syncing on the worker. It saved up to a third of the
 * processor time of a record without sync, and nothing measurable with one. But on a busy disk such
 * a write now and then takes 20 ms and more, and the lane would stand still.
 *
 * <p>The first record of a turn is a mark with the position then known to be durable, if that has
 * moved. After a crash the marks tell a torn tail from corruption ({@link SegmentScan}).
 *
 * <p>Segments leave the journal oldest first, when no replica needs anything in them ({@link
 * Retention}), and come back under a new number ({@link SegmentSupply}). A replica that releases
 * nothing holds all segments from its oldest record on: {@link #sizeBytes} and {@link #pinning} let
 * the owner see it and flush that replica.
 *
 * <p>All methods are called on the lane, but for {@link #open}.
 */
public final class Journal {
  /** For {@code syncWithinNanos}: the record must be durable as soon as possible. */
  public static final long SYNC_AT_ONCE = 0;

  /** For {@code syncWithinNanos}: the record needs no sync on its own account. */
  public static final long NEVER_SYNC = Long.MAX_VALUE;

  private static final long RETRY_NANOS = 1_000_000_000L;
  private static final long IDLE_MARK_NANOS = 1_000_000_000L;

  private enum State {
    OPEN,
    CLOSING,
    FAILED,
    CLOSED
  }

  private final Lane lane;
  private final JournalOptions options;
  private final JournalListener listener;
  private final SegmentSupply supply;
  private final JournalWriter writer;
  private final Retention retention;
  private final LogSegments segments;
  private final Appender appender;
  private final SyncTimers syncTimers;
  private final Runnable turnEnd = this::endTurn;

  private State state = State.OPEN;
  private boolean inTurn;
  private boolean syncAtTurnEnd;
  private long toldWritten;
  private long toldDurable;
  private boolean toldDiskFull;
  private Lane.@Nullable Cancellable idleTimer;
  private Lane.@Nullable Cancellable retryTimer;
  private @Nullable Runnable whenClosed;
  private boolean closingMarkPut;

  private Journal(
      JournalEnvironment environment,
      JournalOptions options,
      JournalListener listener,
      Recovery recovered)
      throws IOException {
    this.lane = environment.lane();
    syncTimers = new SyncTimers(lane, this::sync);
    this.options = options;
    this.listener = listener;
    long end = recovered.end();
    toldWritten = end;
    toldDurable = end;
    supply = new SegmentSupply(environment, options, recovered, this::supplyChanged, this::fail);
    recovered.fill(supply);
    retention = recovered.retention();
    segments = new LogSegments(recovered.segments(), retention, supply);
    appender = new Appender(retention, segments, Position.offset(end), recovered.lastMark());
    Chunk first = appender.chunks().current();
    writer = new JournalWriter(recovered.files(), environment.sync(), lane, first, this::progress);
    supply.work();
    markWhenIdle();
  }

  /**
   * Opens a journal, or begins one where there is none: reads what it holds, and makes that
   * durable. Blocks; called before the lane uses the journal, from any thread.
   *
   * @param visitor is given every record that survived, in order; also those that were released
   *     before and whose segment was not yet given up
   * @throws CorruptionException if a record is damaged that was known to be durable. Its message
   *     names the replicas that lost acknowledged writes, where that can be told
   */
  public static Journal open(
      JournalEnvironment environment,
      JournalOptions options,
      RecordVisitor visitor,
      JournalListener listener)
      throws IOException {
    return new Journal(environment, options, listener, Recovery.run(environment, options, visitor));
  }

  /**
   * Appends a record. It is given to the disk at the end of the lane's turn.
   *
   * @param replica whose it is
   * @param incarnation of the replica, never lower than in its records before; a higher one
   *     releases all that the lower left
   * @param index of the entry; for other kinds whatever the replica likes
   * @param payload of which {@code length} bytes from {@code offset} on are copied
   * @param syncWithinNanos {@link #SYNC_AT_ONCE}, {@link #NEVER_SYNC}, or after how long at most a
   *     sync must begin that covers the record
   * @return the record's end: it is durable when the position reported as durable has reached it
   * @throws IllegalStateException if the journal failed or was closed
   */
  public long append(
      long replica,
      long incarnation,
      RecordKind kind,
      long term,
      long index,
      byte[] payload,
      int offset,
      int length,
      long syncWithinNanos) {
    if (state != State.OPEN) {
      throw new IllegalStateException("the journal is " + state);
    }
    beginTurn();
    long end = appender.append(replica, incarnation, kind, term, index, payload, offset, length);
    if (syncWithinNanos == SYNC_AT_ONCE) {
      syncAtTurnEnd = true;
    } else if (syncWithinNanos != NEVER_SYNC) {
      syncTimers.within(syncWithinNanos);
    }
    return end;
  }

  private void beginTurn() {
    if (inTurn) {
      return;
    }
    inTurn = true;
    lane.atTurnEnd(turnEnd);
    appender.mark(writer.durable());
  }

  private void endTurn() {
    inTurn = false;
    boolean sync = syncAtTurnEnd;
    syncAtTurnEnd = false;
    if (state == State.OPEN || state == State.CLOSING) {
      publish(sync);
    }
  }

  private void publish(boolean sync) {
    appender.chunks().current().publish();
    writer.publish(appender.endPosition(), sync);
  }

  /** Has all that was appended so far made durable; {@link JournalListener#advanced} tells when. */
  public void sync() {
    if (state != State.OPEN) {
      return;
    }
    if (inTurn) {
      syncAtTurnEnd = true;
    } else if (writer.durable() < appender.endPosition()) {
      publish(true);
    }
  }

  /**
   * Whether the journal's memory has room for a record with such a payload. Whoever admits new work
   * asks this; {@link #append} itself never refuses, since what follows from work that was admitted
   * must not fail.
   */
  public boolean hasRoomFor(int payloadBytes) {
    return appender.chunks().hasRoomFor(payloadBytes, options.mostBufferedBytes());
  }

  /**
   * The replica needs no entry up to this index any more: its durable tables hold them. Segments
   * that nobody needs are given up and reused, oldest first. Until then, and after a restart, their
   * records are still delivered.
   */
  public void release(long replica, long index) {
    retention.release(replica, index);
    giveUpSegments();
  }

  /**
   * Lets a replica append once more all entries that it still needs, so that those that are in old
   * segments can be given up: once what was appended is durable, nobody needs them. A start may
   * find such entries twice, and for a while those between them once only.
   *
   * @param again appends all that {@link #release} has not released, in order, by {@link #append}
   */
  public void appendAgain(long replica, Runnable again) {
    retention.appendAgain(replica, again, appender::endPosition);
  }

  /** The number of the oldest segment: it rises when segments are given up. */
  public long oldestSegment() {
    return segments.oldest();
  }

  /** The replica is no more: nothing that the journal has of it is needed. */
  public void forget(long replica) {
    retention.forget(replica);
    giveUpSegments();
  }

  private void giveUpSegments() {
    if (state == State.OPEN) {
      retention.durable(writer.durable());
      segments.giveUp(writer.written());
    }
  }

  /** Bytes from the oldest record that is kept to the newest: what a restart would read. */
  public long sizeBytes() {
    return segments.sealedBytes() + Position.offset(appender.endPosition());
  }

  /** The replicas that keep the oldest segment from being given up, rising. */
  public List<Long> pinning() {
    return segments.pinningOldest();
  }

  /** Replicas that the journal has records of and that were not forgotten, rising. */
  public List<Long> replicas() {
    return retention.replicas();
  }

  /** Bytes that can be appended before the journal needs room on the disk for another segment. */
  public long spaceLeftBytes() {
    return segments.spaceLeftBytes(Position.offset(appender.endPosition()));
  }

  /** The position after all that was appended. */
  public long endPosition() {
    return appender.endPosition();
  }

  /** Everything before this position was given to the operating system. */
  public long writtenPosition() {
    return toldWritten;
  }

  /** Everything before this position is durable. */
  public long durablePosition() {
    return toldDurable;
  }

  /** On the lane, after the writer did something. */
  private void progress() {
    writer.reportTaken();
    if (state == State.FAILED || state == State.CLOSED) {
      return;
    }
    long durable = writer.durable();
    long written = writer.written();
    appender.chunks().free(written);
    if (written > toldWritten || durable > toldDurable) {
      toldWritten = written;
      toldDurable = durable;
      listener.advanced(written, durable);
    }
    IOException failure = writer.failure();
    if (failure != null) {
      fail(failure);
      return;
    }
    tellDiskFull();
    giveUpSegments();
    if (state == State.CLOSING) {
      goOnClosing();
    } else {
      supply.work();
      markWhenIdle();
    }
  }

  /** The disk's being full ends with a later success; until then the writer tries now and then. */
  private void tellDiskFull() {
    boolean full = writer.diskFull() || supply.diskFull();
    if (full != toldDiskFull) {
      toldDiskFull = full;
      listener.diskFull(full);
    }
    if (writer.diskFull() && retryTimer == null) {
      retryTimer =
          lane.schedule(
              RETRY_NANOS,
              () -> {
                retryTimer = null;
                writer.unblock();
              });
    }
  }

  private void supplyChanged() {
    if (state == State.OPEN || state == State.CLOSING) {
      writer.unblock();
      tellDiskFull();
    }
  }

  /** Without this, damage of what was appended last would pass for a torn tail. */
  private void markWhenIdle() {
    if (appender.isNews(writer.durable()) && idleTimer == null) {
      idleTimer = lane.schedule(IDLE_MARK_NANOS, this::markIfIdle);
    }
  }

  private void markIfIdle() {
    idleTimer = null;
    if (state == State.OPEN && !inTurn && writer.durable() == appender.endPosition()) {
      beginTurn();
    }
  }

  private void fail(IOException cause) {
    if (state == State.OPEN || state == State.CLOSING) {
      boolean closing = state == State.CLOSING;
      state = State.FAILED;
      cancelTimers();
      supply.stop(() -> {});
      listener.failed(cause);
      if (closing) {
        goOnClosing();
      }
    }
  }

  /**
   * Makes everything durable, leaves a mark that says so, and closes the files.
   *
   * @param then run on the lane at the end, also if the journal has failed or fails now
   */
  public void close(Runnable then) {
    whenClosed = then;
    cancelTimers();
    if (state == State.OPEN) {
      state = State.CLOSING;
      publish(true);
    }
    goOnClosing();
  }

  private void goOnClosing() {
    // On a full disk, what waits in memory cannot be written; nobody was told that it is.
    if (state == State.CLOSING && !writer.diskFull()) {
      if (writer.durable() == appender.endPosition() && !closingMarkPut) {
        closingMarkPut = true;
        appender.mark(writer.durable());
        publish(true);
      }
      if (writer.durable() < appender.endPosition()) {
        return;
      }
    }
    Runnable then = whenClosed;
    if (then != null) {
      whenClosed = null;
      supply.stop(() -> closeFiles(then));
    }
  }

  private void closeFiles(Runnable then) {
    try {
      writer.close();
      supply.close();
    } catch (IOException e) {
      fail(e);
    }
    state = State.CLOSED;
    then.run();
  }

  private void cancelTimers() {
    syncTimers.cancel();
    cancel(idleTimer);
    cancel(retryTimer);
  }

  private static void cancel(Lane.@Nullable Cancellable timer) {
    if (timer != null) {
      timer.cancel();
    }
  }
}
