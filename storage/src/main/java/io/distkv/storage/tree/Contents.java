package io.distkv.storage.tree;

import io.distkv.base.Version;
import io.distkv.storage.level.Levels;
import io.distkv.storage.level.TableHandle;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.memtable.Memtable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/**
 * What a tree holds now, and how that is shown to readers.
 *
 * <p>Everything but {@link #snapshot} is the lane's. A log entry is applied within one task of the
 * lane and ends with {@link #publish}; only between two entries are memtables frozen and tables
 * installed. So there are two views of the layers, and they differ only between a clear and the
 * publishing of its entry: the lane's own, and the visible one that snapshots take.
 *
 * <p>A snapshot on another thread must pair the layers with a version that they hold completely. It
 * reads layers, then version, then looks whether the layers are still the same; since an
 * arrangement never comes back once replaced, the version was then read while they were in force. A
 * clear shows its layers first and its version after; their floor is that version, so a reader that
 * comes in between sees a version below the floor and tries again.
 */
@SuppressWarnings("ReferenceEquality") // whether it is the very same arrangement is the question
final class Contents {

  /** How much the memtable grows between two reports to the budget. */
  private static final long REPORT_BYTES = 16 * 1024;

  private long historyMillis;
  private final MemtableBudget.Account budget;

  /** Oldest first. */
  private final ArrayDeque<Frozen> frozen = new ArrayDeque<>();

  private Layers layers;
  private volatile Layers visible;
  private volatile long publishedVersion;
  private long publishedIndex;
  private long publishedTerm;
  private int epoch;
  private boolean clearPending;
  private boolean replacing;
  private long frozenCount;
  private long frozenIndex;
  private long frozenBytes;
  private long reportedBytes;
  private volatile boolean closed;

  Contents(
      Levels levels,
      long floor,
      long lastVersion,
      Applied applied,
      long historyMillis,
      MemtableBudget.Account budget) {
    this.historyMillis = historyMillis;
    this.budget = budget;
    this.layers = new Layers(new Memtable(), List.of(), levels, floor);
    this.visible = layers;
    this.publishedVersion = lastVersion;
    this.publishedIndex = applied.index();
    this.publishedTerm = applied.term();
    this.frozenIndex = applied.index();
  }

  /** The lane's view. */
  Layers layers() {
    return layers;
  }

  long publishedVersion() {
    return publishedVersion;
  }

  long publishedIndex() {
    return publishedIndex;
  }

  long publishedTerm() {
    return publishedTerm;
  }

  /** How often the tree was cleared since it was opened. */
  int epoch() {
    return epoch;
  }

  /** Whether the tree was cleared and the memtable that records it is not frozen yet. */
  boolean isClearPending() {
    return clearPending;
  }

  /** Entries of all memtables, of all versions. */
  long memtableEntries() {
    long entries = layers.active().entries();
    for (Frozen each : frozen) {
      entries += each.memtable().entries();
    }
    return entries;
  }

  /** Those of {@link #memtableEntries} that have an expiry. */
  long memtableExpiring() {
    long expiring = layers.active().expiring();
    for (Frozen each : frozen) {
      expiring += each.memtable().expiring();
    }
    return expiring;
  }

  int frozenMemtables() {
    return frozen.size();
  }

  long frozenBytes() {
    return frozenBytes;
  }

  /**
   * The newest version that no reader may ask before, once what is rewritten now is installed.
   *
   * @param durable a version that no crash takes back: what is dropped never depends on later ones,
   *     or a crash that takes them back would leave less history than is promised
   */
  long horizon(long durable) {
    long kept = Version.ofMillis(Math.max(0, Version.millis(durable) - historyMillis));
    return Math.max(layers.floor(), historyMillis == 0 ? durable : kept);
  }

  /** Keeps another length of history; what is below the floor is gone already. */
  void alter(long newHistoryMillis) {
    historyMillis = newHistoryMillis;
  }

  /** The tables as the lane sees them, held once more: the caller releases them. */
  Levels holdLevels() {
    Levels levels = layers.levels();
    if (!levels.tryRetain()) {
      throw new IllegalStateException("the tree is closed");
    }
    return levels;
  }

  /** Empties the tree for the lane; others see it with the entry's publishing. */
  void clear(long version) {
    Levels before = layers.levels();
    Levels empty = Levels.empty(before.count());
    if (before != visible.levels()) {
      before.release();
    }
    layers = new Layers(new Memtable(), List.of(), empty, version);
    frozen.clear();
    frozenBytes = 0;
    epoch++;
    clearPending = true;
  }

  /** Shows the writes of an entry, which is complete, to readers. */
  void publish(long version, long index, long term) {
    if (version < publishedVersion) {
      // Readers would not see this entry, nor those before it.
      throw new IllegalStateException(
          "entry %d has version %s, behind %s"
              .formatted(index, Version.toString(version), Version.toString(publishedVersion)));
    }
    publishedIndex = index;
    publishedTerm = term;
    if (visible != layers) {
      show();
    }
    publishedVersion = version;
    long held = layers.active().heldBytes();
    if (held - reportedBytes >= REPORT_BYTES || held < reportedBytes) {
      report();
    }
  }

  /** Whether entries were published that no frozen memtable accounts for. */
  boolean hasUnfrozen() {
    return clearPending || layers.active().entries() > 0 || publishedIndex > frozenIndex;
  }

  /** Puts the active memtable aside for its flush and starts another. Between two entries. */
  Frozen freeze(byte[] attachment) {
    Memtable memtable = layers.active();
    Applied applied = new Applied(publishedIndex, publishedTerm, attachment);
    Frozen next =
        new Frozen(
            ++frozenCount,
            epoch,
            memtable,
            clearPending,
            applied,
            publishedVersion,
            memtable.heldBytes());
    frozen.addLast(next);
    frozenBytes += next.heldBytes();
    frozenIndex = publishedIndex;
    clearPending = false;
    layers = new Layers(new Memtable(), newestFirst(), layers.levels(), layers.floor());
    show();
    report();
    return next;
  }

  /**
   * Lets a flushed memtable, the oldest, go and puts its table in its place. Between two entries.
   */
  void installFlush(Frozen flushed, Collection<TableHandle> tables, long floor) {
    if (flushed.epoch() != epoch) {
      return;
    }
    frozen.remove(flushed);
    frozenBytes -= flushed.heldBytes();
    install(layers.levels().with(List.of(), 0, tables), floor);
    report();
  }

  /** Puts the outputs of a compaction in the place of its inputs. Between two entries. */
  void installCompaction(
      Collection<TableHandle> inputs, int level, Collection<TableHandle> outputs, long floor) {
    install(layers.levels().with(inputs, level, outputs), floor);
  }

  /**
   * The content is to be replaced: nothing that is under way for it counts any more, and nothing
   * may begin.
   *
   * @return the epoch of the new content
   */
  int beginReplacing() {
    replacing = true;
    return ++epoch;
  }

  /** Whether the content is being replaced. */
  boolean isBeingReplaced() {
    return replacing;
  }

  /** Replaces everything by tables, which hold the log as far as said. Between two entries. */
  void replace(Levels levels, Applied applied, long version, long floor) {
    replacing = false;
    Levels before = layers.levels();
    if (before != visible.levels()) {
      before.release();
    }
    frozen.clear();
    frozenBytes = 0;
    clearPending = false;
    layers = new Layers(new Memtable(), List.of(), levels, Math.max(layers.floor(), floor));
    publishedIndex = applied.index();
    publishedTerm = applied.term();
    frozenIndex = applied.index();
    // Readers who see the new layers with the old version see what they held then, or nothing
    // newer; the version follows at once.
    show();
    publishedVersion = version;
    report();
  }

  private void install(Levels levels, long floor) {
    long newFloor = Math.max(layers.floor(), floor);
    layers = new Layers(layers.active(), newestFirst(), levels, newFloor);
    show();
  }

  /** Makes the lane's view the visible one. The tree holds the levels of each of the two. */
  private void show() {
    Levels before = visible.levels();
    visible = layers;
    if (before != layers.levels()) {
      before.release();
    }
  }

  /** A snapshot as of the last published version. On any thread. */
  Snapshot snapshot() {
    while (true) {
      Layers seen = visible;
      long version = publishedVersion;
      if (version >= seen.floor() && holdIfVisible(seen)) {
        return new Snapshot(seen, version);
      }
    }
  }

  /** A snapshot as of a version, or of the last published one if that is older. On any thread. */
  Snapshot snapshot(long asOf) throws HistoryGoneException {
    while (true) {
      Layers seen = visible;
      long version = publishedVersion;
      if (version >= seen.floor() && holdIfVisible(seen)) {
        if (asOf < seen.floor()) {
          seen.levels().release();
          throw new HistoryGoneException(asOf, seen.floor());
        }
        return new Snapshot(seen, Math.min(asOf, version));
      }
    }
  }

  private boolean holdIfVisible(Layers seen) {
    if (!seen.levels().tryRetain()) {
      if (closed) {
        throw new IllegalStateException("the tree is closed");
      }
      return false;
    }
    if (visible == seen) {
      return true;
    }
    seen.levels().release();
    return false;
  }

  /** Lets go of everything; nothing may be called afterwards. */
  void close() {
    closed = true;
    layers.levels().release();
    budget.close();
  }

  private List<Memtable> newestFirst() {
    List<Memtable> memtables = new ArrayList<>();
    Iterator<Frozen> backwards = frozen.descendingIterator();
    backwards.forEachRemaining(each -> memtables.add(each.memtable()));
    return List.copyOf(memtables);
  }

  private void report() {
    reportedBytes = layers.active().heldBytes();
    budget.report(reportedBytes, frozenBytes);
  }
}
