package io.distkv.node.replica;

import io.distkv.node.keyspace.Durability;
import io.distkv.storage.journal.Journal;
import io.distkv.storage.journal.JournalEnvironment;
import io.distkv.storage.journal.JournalListener;
import io.distkv.storage.journal.JournalOptions;
import io.distkv.storage.journal.RecordKind;
import io.distkv.storage.journal.RecordVisitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A journal as the replicas that share it use it: who waits for it to get on, and what runs when it
 * has become durable up to a position.
 *
 * <p>Used on the lane only; opened before anything else is called.
 */
final class JournalLog implements JournalListener {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final DiskReserve reserve;
  private final Runnable afterAdvance;
  private final Consumer<IOException> whenFailed;
  private final List<Waiter> waiters = new ArrayList<>();
  private List<RaftReplica> waiting = new ArrayList<>();
  private List<RaftReplica> advancing = new ArrayList<>();
  private @Nullable Journal journal;
  private boolean diskFull;
  private long mostBufferedBytes;
  private long promisedBytes;

  /** What runs once the journal is durable up to a position. */
  private record Waiter(long position, Runnable then) {}

  /**
   * @param afterAdvance runs each time after those who waited were told that the journal got on
   * @param whenFailed runs once, when the journal takes nothing any more
   */
  JournalLog(DiskReserve reserve, Runnable afterAdvance, Consumer<IOException> whenFailed) {
    this.reserve = reserve;
    this.afterAdvance = afterAdvance;
    this.whenFailed = whenFailed;
  }

  /** Opens the journal and has its records visited; blocks. */
  void open(JournalEnvironment environment, JournalOptions options, RecordVisitor visitor)
      throws IOException {
    mostBufferedBytes = options.mostBufferedBytes();
    journal = Journal.open(environment, options, visitor, this);
  }

  /** The journal, once open. */
  Journal journal() {
    Journal open = journal;
    if (open == null) {
      throw new IllegalStateException("the journal is not open");
    }
    return open;
  }

  /** Closes the journal, if it was opened. */
  void close(Runnable then) {
    Journal open = journal;
    if (open == null) {
      then.run();
    } else {
      open.close(then);
    }
  }

  /** Appends a record and gives the position after it. */
  long append(
      long replica,
      long incarnation,
      RecordKind kind,
      long term,
      long index,
      byte[] payload,
      Durability durability) {
    return journal()
        .append(
            replica,
            incarnation,
            kind,
            term,
            index,
            payload,
            0,
            payload.length,
            syncWithinNanos(durability));
  }

  /** So many bytes will be appended at the end of this turn. */
  void promise(long bytes) {
    promisedBytes += bytes;
  }

  /** What was promised has been appended. */
  void kept(long bytes) {
    promisedBytes -= bytes;
  }

  /** Whether the journal has room for so many bytes beside what it was promised. */
  boolean hasRoomFor(long bytes) {
    long all = promisedBytes + bytes;
    boolean fits = promisedBytes == 0 || all <= mostBufferedBytes;
    return fits && journal().hasRoomFor((int) Math.min(all, Integer.MAX_VALUE));
  }

  /** Up to where the journal is written. */
  long writtenPosition() {
    return journal().writtenPosition();
  }

  /** Up to where the journal is durable. */
  long durablePosition() {
    return journal().durablePosition();
  }

  private static long syncWithinNanos(Durability durability) {
    return switch (durability.mode()) {
      case COMMIT -> Journal.SYNC_AT_ONCE;
      case INTERVAL -> durability.intervalMillis() * NANOS_PER_MILLI;
      case NONE -> Journal.NEVER_SYNC;
    };
  }

  /** Has a replica told when the journal gets on, until it waits no more. */
  void await(RaftReplica replication) {
    waiting.add(replication);
  }

  /** Runs a task once the journal is durable up to a position; now, if it is. */
  void whenDurable(long position, Runnable then) {
    if (journal().durablePosition() >= position) {
      then.run();
    } else {
      waiters.add(new Waiter(position, then));
      journal().sync();
    }
  }

  @Override
  public void advanced(long writtenPosition, long durablePosition) {
    List<RaftReplica> told = waiting;
    waiting = advancing;
    advancing = told;
    for (RaftReplica replication : told) {
      if (replication.advanced(writtenPosition, durablePosition)) {
        waiting.add(replication);
      }
    }
    told.clear();
    if (!waiters.isEmpty()) {
      runWaiters(durablePosition);
    }
    afterAdvance.run();
  }

  private void runWaiters(long durablePosition) {
    List<Runnable> due = new ArrayList<>();
    for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
      Waiter waiter = all.next();
      if (waiter.position() <= durablePosition) {
        all.remove();
        due.add(waiter.then());
      }
    }
    due.forEach(Runnable::run);
  }

  /** Whether what was appended may wait for room on the disk. */
  boolean diskFull() {
    return diskFull;
  }

  @Override
  public void failed(IOException cause) {
    whenFailed.accept(cause);
  }

  @Override
  public void diskFull(boolean full) {
    diskFull = full;
    if (full) {
      reserve.metFullDisk();
    }
  }
}
