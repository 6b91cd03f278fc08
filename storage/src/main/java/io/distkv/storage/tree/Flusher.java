package io.distkv.storage.tree;

import io.distkv.storage.compaction.Rewrite;
import io.distkv.storage.level.Levels;
import io.distkv.storage.level.TableHandle;
import io.distkv.storage.tree.TreeListener.FlushEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings frozen memtables to disk, one after another, oldest first: build a table on a worker; wait
 * until the log is durable as far as the table goes, for tables must never know more than the log;
 * record it in the manifest; put it in the memtable's place.
 *
 * <p>The flush of the first memtable after a clear also records the clear. Until it is in force a
 * crash brings the old tables back, and the log, which still has the clear, empties them again.
 *
 * <p>On the lane only.
 */
final class Flusher {

  private record Waiter(long sequence, TreeCallback callback) {}

  private final TreeContext context;
  private final Upkeep upkeep;
  private final Contents contents;
  private final ManifestQueue manifests;
  private final Runnable levelsChanged;
  private final ArrayDeque<Frozen> queue = new ArrayDeque<>();
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
  private @Nullable Build running;
  private boolean busy;
  private long lastQueued;
  private long lastFlushed;

  Flusher(TreeContext context, Contents contents, ManifestQueue manifests, Runnable levelsChanged) {
    this.context = context;
    this.upkeep = context.upkeep();
    this.contents = contents;
    this.manifests = manifests;
    this.levelsChanged = levelsChanged;
    upkeep.whenFailed(this::fail);
  }

  void add(Frozen frozen) {
    queue.addLast(frozen);
    lastQueued = frozen.sequence();
    pump();
  }

  /** Calls back once every memtable added so far, or what cleared it away, is on disk. */
  void whenFlushed(TreeCallback callback) {
    IOException failure = upkeep.failure();
    if (failure != null || lastFlushed >= lastQueued) {
      callback.done(failure);
    } else {
      waiters.addLast(new Waiter(lastQueued, callback));
    }
  }

  /** Forgets all memtables: the tree was cleared, and a memtable that records it will come. */
  void clear() {
    queue.clear();
    if (running != null) {
      running.cancel();
    }
  }

  /** The tree was replaced: nobody need wait for what it held before. */
  void replaced() {
    lastFlushed = lastQueued;
    while (!waiters.isEmpty()) {
      waiters.removeFirst().callback.done(null);
    }
  }

  /** Tells all who wait that it was in vain. */
  void fail(IOException why) {
    while (!waiters.isEmpty()) {
      waiters.removeFirst().callback.done(why);
    }
  }

  /** Lets go of everything; no job of the tree runs any more. */
  void close() {
    if (running != null) {
      running.discard();
    }
  }

  private void pump() {
    if (busy || queue.isEmpty() || !upkeep.isOpen()) {
      return;
    }
    busy = true;
    Build build = new Build(queue.getFirst(), contents.holdLevels());
    running = build;
    upkeep.start(build);
  }

  private void next() {
    busy = false;
    running = null;
    pump();
  }

  private final class Build extends Upkeep.Job {
    private final Frozen frozen;
    private final Levels levels;
    private final long horizon;
    private final long startedNanos = context.nowNanos();
    private final @Nullable Rewrite rewrite;
    private List<TableHandle> tables = List.of();
    private boolean handedOver;

    Build(Frozen frozen, Levels levels) {
      this.frozen = frozen;
      this.levels = levels;
      this.horizon = contents.horizon(frozen.version());
      this.rewrite =
          frozen.memtable().entries() == 0
              ? null
              : Rewrite.ofMemtable(
                  frozen.memtable().cursor(), levels, horizon, context.target(0, Long.MAX_VALUE));
    }

    @Override
    boolean step() throws IOException {
      if (rewrite == null) {
        return true;
      }
      if (!rewrite.step(context.options().stepBytes())) {
        return false;
      }
      tables = context.openNew(rewrite.outputs());
      return true;
    }

    @Override
    void abandon() throws IOException {
      context.close(tables);
      if (rewrite != null) {
        rewrite.abandon();
      }
    }

    @Override
    void finish() {
      levels.release();
      upkeep.succeeded(Upkeep.Kind.FLUSH);
      context.owner().whenDurable(frozen.applied().index(), this::record);
    }

    private void record() {
      if (!upkeep.isOpen()) {
        discard();
        return;
      }
      handedOver = true;
      manifests.submit(
          new ManifestQueue.Change(
              frozen.epoch(),
              frozen.clears(),
              List.of(),
              new TreeMap<>(Map.of(0, tables)),
              frozen.applied(),
              horizon,
              frozen.version(),
              this::installed,
              Flusher.this::next));
    }

    /** Lets go of a table that waits for the log, and will not be recorded. */
    void discard() {
      if (!handedOver) {
        handedOver = true;
        TreeContext.discard(tables);
      }
    }

    private void installed() {
      contents.installFlush(frozen, tables, horizon);
      queue.removeFirst();
      lastFlushed = frozen.sequence();
      context.resources().listener().flushed(event());
      context.owner().flushed(frozen.applied().index());
      levelsChanged.run();
      while (!waiters.isEmpty() && waiters.getFirst().sequence <= lastFlushed) {
        waiters.removeFirst().callback.done(null);
      }
      next();
    }

    private FlushEvent event() {
      return new FlushEvent(
          context.directory(),
          frozen.memtable().entries(),
          frozen.heldBytes(),
          tables.stream().mapToLong(table -> table.meta().fileBytes()).sum(),
          context.nowNanos() - startedNanos);
    }

    @Override
    void fail(IOException why) {
      levels.release();
      busy = false;
      running = null;
      upkeep.failed(Upkeep.Kind.FLUSH, why, Flusher.this::pump);
    }

    @Override
    void cancelled() {
      levels.release();
      next();
    }
  }
}
