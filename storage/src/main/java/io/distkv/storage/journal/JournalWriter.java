package io.distkv.storage.journal;

import io.distkv.base.DiskFile;
import io.distkv.base.DiskFullException;
import io.distkv.base.Lane;
import io.distkv.base.Workers;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The half of a journal that runs on the sync worker: writes the chunks that the lane publishes, in
 * order, and syncs when a published record wants it. One pass writes all that was published when it
 * began and then syncs once, so records that arrive during a sync share the next one; and the next
 * pass begins without a way over the lane, so the disk works while the lane applies and answers.
 *
 * <p>Both the write and the sync are done here. Writing on the lane and only syncing here was
 * measured: see {@link Journal}.
 *
 * <p>Invariants: {@code durable <= written <= published}. Before the first byte of a segment is
 * written, the segment before it is synced whole. After a failure nothing is written or synced any
 * more: a sync that succeeds after one that failed proves nothing.
 */
final class JournalWriter {
  private final SegmentFiles files;
  private final Workers sync;
  private final Lane lane;
  private final Runnable onProgress;
  private final Runnable task = this::run;

  /** Whether the task is queued or running. */
  private final AtomicBoolean running = new AtomicBoolean();

  /** Whether a report to the lane is under way. */
  private final AtomicBoolean reporting = new AtomicBoolean();

  // Set by the lane.
  private volatile long published;
  private volatile long syncWanted;

  // Set by the worker; blocked is taken back by the lane.
  private volatile long written;
  private volatile long durable;
  private volatile boolean blocked;
  private volatile boolean diskFull;
  private volatile @Nullable IOException failure;

  // Used by the worker only.
  private Chunk chunk;
  private @Nullable Segment segment;

  /**
   * @param first an empty chunk; all before it is durable
   * @param onProgress run on the lane after written, durable, the full disk or failure changed
   */
  JournalWriter(SegmentFiles files, Workers sync, Lane lane, Chunk first, Runnable onProgress) {
    this.files = files;
    this.sync = sync;
    this.lane = lane;
    this.onProgress = onProgress;
    chunk = first;
    segment = first.segment().file() == null ? null : first.segment();
    published = first.endPosition();
    syncWanted = published;
    written = published;
    durable = published;
  }

  /**
   * On the lane: everything up to this position may be written.
   *
   * @param sync whether it must become durable
   */
  void publish(long position, boolean sync) {
    published = position;
    if (sync) {
      syncWanted = position;
    }
    start();
  }

  /** On the lane: a segment was made ready, or room on the disk. */
  void unblock() {
    if (blocked) {
      blocked = false;
      start();
    }
  }

  /** On the lane: the report that the lane was woken for is being read. */
  void reportTaken() {
    reporting.set(false);
  }

  long written() {
    return written;
  }

  long durable() {
    return durable;
  }

  boolean diskFull() {
    return diskFull;
  }

  @Nullable IOException failure() {
    return failure;
  }

  private void start() {
    if (hasWork() && !running.get() && running.compareAndSet(false, true)) {
      sync.execute(task);
    }
  }

  private boolean hasWork() {
    return !blocked && failure == null && (published > written || syncWanted > durable);
  }

  private void run() {
    do {
      while (hasWork()) {
        pass();
      }
      running.set(false);
    } while (hasWork() && running.compareAndSet(false, true));
  }

  private void pass() {
    try {
      // In this order: what is wanted was published before.
      long wanted = syncWanted;
      writeUpTo(published);
      if (wanted > durable) {
        syncSegment();
      }
    } catch (IOException e) {
      failure = e;
    }
    report();
  }

  private void report() {
    if (reporting.compareAndSet(false, true)) {
      lane.complete(onProgress);
    }
  }

  private void writeUpTo(long target) throws IOException {
    while (written < target) {
      Chunk next = chunk.next();
      int end = chunk.published();
      if (chunk.written() < end) {
        if (!enter(chunk.segment()) || !write(end)) {
          return;
        }
      } else if (next != null) {
        chunk = next;
      } else {
        throw new IllegalStateException("published to " + target + " but written is " + written);
      }
    }
  }

  /**
   * Makes the segment the one being written.
   *
   * @return whether it could be; if not, the writer is blocked
   */
  private boolean enter(Segment next) throws IOException {
    if (next == segment) {
      return true;
    }
    if (next.file() == null && !makeReady(next)) {
      return false;
    }
    syncSegment();
    close();
    segment = next;
    return true;
  }

  private boolean makeReady(Segment next) throws IOException {
    if (next.maker() == Segment.Maker.WRITER) {
      try {
        next.ready(files.create(next.header(), SegmentHeader.BLOCK_BYTES));
        diskFull = false;
        return true;
      } catch (DiskFullException e) {
        return blockedByFullDisk();
      }
    }
    blocked = true;
    // The supply may have been faster than the line above.
    if (next.file() != null) {
      blocked = false;
      return true;
    }
    return false;
  }

  private boolean write(int end) throws IOException {
    try {
      file().write(chunk.unwritten(end), chunk.writeOffset());
    } catch (DiskFullException e) {
      // Only a file that is not zero-filled can grow. The write is repeated whole, later.
      return blockedByFullDisk();
    }
    diskFull = false;
    written = chunk.wrote(end);
    return true;
  }

  private boolean blockedByFullDisk() {
    diskFull = true;
    blocked = true;
    return false;
  }

  private void syncSegment() throws IOException {
    if (durable < written) {
      long reached = written;
      file().sync();
      durable = reached;
    }
  }

  private DiskFile file() {
    DiskFile file = segment == null ? null : segment.file();
    if (file == null) {
      throw new IllegalStateException("no segment is being written");
    }
    return file;
  }

  /** Closes the file that is being written; on the lane only after all work has ended. */
  void close() throws IOException {
    if (segment != null) {
      file().close();
    }
  }
}
