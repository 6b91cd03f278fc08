package io.distkv.storage.tree;

import io.distkv.base.Lane.Cancellable;
import io.distkv.base.Version;
import io.distkv.storage.compaction.Garbage;
import io.distkv.storage.level.TableHandle;
import io.distkv.storage.manifest.TableMeta;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that what only time has made garbage (expired values; overwritten ones whose history
 * ran out) leaves the disk in a tree that nobody writes to.
 *
 * <p>What may be dropped is judged by the log's time, and that stands still without writes. So when
 * the wall clock passes the time at which a table becomes mostly garbage, the owner is asked for a
 * log entry that does nothing but carry the time; the memtable is flushed once such a time is
 * published, which brings it into the manifest; and then the table is compacted as any other that
 * is mostly garbage. Judging by the wall clock instead would let one replica drop a value that an
 * entry applied later on another one still finds.
 *
 * <p>The price of a look is that entry, a flush, and a compaction that drops at least half of what
 * it reads. So that ten thousand small trees do not spend the disk's syncs on a few kilobytes each,
 * small tables wait longer, and looks of one tree keep a pause. A tree without anything that ages
 * has no timer.
 *
 * <p>On the lane only.
 */
final class Aging {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  /** Bytes of a table from which on it is worth a look of its own. */
  private static final long LARGE_TABLE_BYTES = 1L << 20;

  /** How many times as long as a large table a small one waits. */
  private static final long SMALL_TABLE_PAUSES = 60;

  /** A timer is not trusted for longer, since the wall clock may be set. */
  private static final long LONGEST_TIMER_MILLIS = 3_600_000L;

  private final TreeContext context;
  private final Contents contents;
  private final LongSupplier durableVersion;
  private final Runnable freeze;
  private final long pauseMillis;
  private long historyMillis;

  /** Part of the pause, other in each tree: what expires everywhere at once is spread out. */
  private final long shiftMillis;

  private @Nullable Cancellable timer;
  private long timerMillis;
  private long nextLookMillis;

  /** A published version from here on is worth a flush; LATEST if none is. */
  private long awaitedVersion = Version.LATEST;

  /**
   * @param durableVersion the last version that tables hold
   * @param freeze has the memtable flushed, between two entries
   */
  Aging(TreeContext context, Contents contents, LongSupplier durableVersion, Runnable freeze) {
    this.context = context;
    this.contents = contents;
    this.durableVersion = durableVersion;
    this.freeze = freeze;
    this.pauseMillis = context.options().agingPauseMillis();
    this.historyMillis = context.options().historyMillis();
    long mixed = context.owner().treeId() * 0x9E3779B97F4A7C15L;
    this.shiftMillis = Math.floorMod(mixed >>> 17, pauseMillis);
  }

  /** Another length of history is kept; {@link #plan} comes next. */
  void alter(long newHistoryMillis) {
    historyMillis = newHistoryMillis;
  }

  /** The tables have changed, or are known for the first time. */
  void plan() {
    long dueMillis = Math.max(earliestLookMillis(), nextLookMillis);
    if (dueMillis == Long.MAX_VALUE || !context.upkeep().isOpen()) {
      stop();
    } else if (timer == null || dueMillis < timerMillis) {
      stop();
      long nowMillis = nowMillis();
      long delayMillis = Math.clamp(dueMillis - nowMillis, 0, LONGEST_TIMER_MILLIS);
      timerMillis = nowMillis + delayMillis;
      timer = context.lane().schedule(delayMillis * NANOS_PER_MILLI, this::look);
    }
  }

  /**
   * Whether a version that is published now has been waited for, so that the memtable should go.
   */
  boolean hasCome(long version) {
    if (version < awaitedVersion) {
      return false;
    }
    awaitedVersion = Version.LATEST;
    return true;
  }

  /** Whether an entry with the time of now would make a table mostly garbage, however small. */
  boolean isDue() {
    long horizon = contents.horizon(durableVersion.getAsLong());
    long nowMillis = nowMillis();
    return contents.layers().levels().all().stream()
        .mapToLong(table -> Garbage.from(table.meta()))
        .anyMatch(from -> from > horizon && from != Version.LATEST && logMillis(from) <= nowMillis);
  }

  /** Takes the timer back. */
  void stop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** When the clock will have come so far that looking after some table is worth it. */
  private long earliestLookMillis() {
    long horizon = contents.horizon(durableVersion.getAsLong());
    long earliest = Long.MAX_VALUE;
    for (TableHandle table : contents.layers().levels().all()) {
      long from = Garbage.from(table.meta());
      if (from > horizon && from != Version.LATEST) {
        earliest = Math.min(earliest, logMillis(from) + patienceMillis(table.meta()));
      }
    }
    return earliest;
  }

  /** The time that an entry must have so that the horizon can be a version. */
  private long logMillis(long horizon) {
    return Version.millis(horizon) + 1 + historyMillis;
  }

  private long patienceMillis(TableMeta table) {
    boolean large = table.fileBytes() >= LARGE_TABLE_BYTES;
    return (large ? 1 : SMALL_TABLE_PAUSES) * (pauseMillis + shiftMillis);
  }

  private void look() {
    timer = null;
    long nowMillis = nowMillis();
    if (Math.max(earliestLookMillis(), nextLookMillis) <= nowMillis && context.upkeep().isOpen()) {
      nextLookMillis = nowMillis + pauseMillis;
      bringTime();
    }
    plan();
  }

  /** Gets the log's time up to what the first of the tables waits for, and into the manifest. */
  private void bringTime() {
    long horizon = contents.horizon(durableVersion.getAsLong());
    long first = Version.LATEST;
    for (TableHandle table : contents.layers().levels().all()) {
      long from = Garbage.from(table.meta());
      first = from > horizon ? Math.min(first, from) : first;
    }
    awaitedVersion = Version.ofMillis(logMillis(first));
    if (hasCome(contents.publishedVersion())) {
      if (contents.hasUnfrozen()) {
        freeze.run();
      }
    } else {
      context.owner().askForTime();
    }
  }

  private long nowMillis() {
    return context.resources().clock().wallMillis();
  }
}
