package io.distkv.storage.level;

import io.distkv.base.Version;
import io.distkv.storage.manifest.TableMeta;
import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.KeyHash;
import io.distkv.storage.table.Lookup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which tables make up a tree at one moment. Immutable; holds its tables, so that they stay
 * readable, until the last holder of the arrangement itself lets go.
 *
 * <p>Level 0 has what flushes made, newest first, each over any keys; the versions of one are all
 * above those of the next, which is what their order is told by. Every other level is sorted by
 * key, and no key is in two of its tables. Of one key, everything in a level is newer than
 * everything in the levels below, and the same among the tables of level 0; so the first entry that
 * a read finds on its way down is the newest.
 */
public final class Levels {
  private final List<List<TableHandle>> levels;
  private final long[] bytes;
  private final long totalBytes;
  private final AtomicInteger holders = new AtomicInteger(1);

  private Levels(List<List<TableHandle>> levels) {
    this.levels = levels;
    this.bytes = new long[levels.size()];
    for (int level = 0; level < bytes.length; level++) {
      for (TableHandle table : levels.get(level)) {
        table.retain();
        bytes[level] += table.meta().fileBytes();
      }
    }
    this.totalBytes = Arrays.stream(bytes).sum();
  }

  /** An arrangement without tables. */
  public static Levels empty(int count) {
    return new Levels(Collections.nCopies(count, List.of()));
  }

  /** This arrangement without some tables and with others in a level; held by the caller. */
  public Levels with(Collection<TableHandle> removed, int level, Collection<TableHandle> added) {
    Set<Long> gone = new TreeSet<>();
    removed.forEach(table -> gone.add(table.number()));
    List<List<TableHandle>> changed = new ArrayList<>();
    for (int i = 0; i < levels.size(); i++) {
      List<TableHandle> tables = new ArrayList<>(levels.get(i));
      tables.removeIf(table -> gone.contains(table.number()));
      if (i == level) {
        tables.addAll(added);
        tables.sort(level == 0 ? NEWEST_FIRST : BY_KEY);
      }
      changed.add(List.copyOf(tables));
    }
    return new Levels(changed);
  }

  private static final Comparator<TableHandle> NEWEST_FIRST =
      Comparator.comparingLong((TableHandle table) -> table.meta().largestVersion())
          .thenComparingLong(TableHandle::number)
          .reversed();

  private static final Comparator<TableHandle> BY_KEY =
      (left, right) ->
          Arrays.compareUnsigned(left.meta().smallestKey(), right.meta().smallestKey());

  /** Adds a holder, unless the last one has let go already. */
  public boolean tryRetain() {
    int seen = holders.get();
    while (seen > 0) {
      if (holders.compareAndSet(seen, seen + 1)) {
        return true;
      }
      seen = holders.get();
    }
    return false;
  }

  /** Takes a holder away. */
  public void release() {
    if (holders.decrementAndGet() == 0) {
      levels.forEach(tables -> tables.forEach(TableHandle::release));
    }
  }

  /** Number of levels. */
  public int count() {
    return levels.size();
  }

  /** The tables of a level, newest first in level 0, by key elsewhere. */
  public List<TableHandle> at(int level) {
    return levels.get(level);
  }

  /** File bytes of a level's tables. */
  public long bytes(int level) {
    return bytes[level];
  }

  /** File bytes of all tables. */
  public long totalBytes() {
    return totalBytes;
  }

  /** Every table, from level 0 down. */
  public List<TableHandle> all() {
    return levels.stream().flatMap(List::stream).toList();
  }

  /** The tables of a level that have a key from {@code smallest} up to and with {@code largest}. */
  public List<TableHandle> overlapping(int level, byte[] smallest, byte[] largest) {
    List<TableHandle> tables = levels.get(level);
    if (level == 0) {
      return tables.stream().filter(table -> overlaps(table.meta(), smallest, largest)).toList();
    }
    int from = firstEndingAtOrAfter(tables, smallest, 0, smallest.length);
    int to = from;
    while (to < tables.size() && overlaps(tables.get(to).meta(), smallest, largest)) {
      to++;
    }
    return tables.subList(from, to);
  }

  private static boolean overlaps(TableMeta table, byte[] smallest, byte[] largest) {
    return Arrays.compareUnsigned(table.smallestKey(), largest) <= 0
        && Arrays.compareUnsigned(table.largestKey(), smallest) >= 0;
  }

  /**
   * Finds the newest entry of a key at or below a version.
   *
   * @param hash {@link KeyHash} of the key
   * @param memoryOnly whether to answer COLD instead of reading the disk
   */
  public Lookup.Outcome get(
      byte[] key, int offset, int length, long hash, long asOf, boolean memoryOnly, Lookup into)
      throws IOException {
    for (TableHandle table : levels.get(0)) {
      TableMeta meta = table.meta();
      if (meta.smallestVersion() <= asOf && hasInRange(meta, key, offset, length)) {
        Lookup.Outcome outcome =
            table.reader().get(key, offset, length, hash, asOf, memoryOnly, into);
        if (outcome != Lookup.Outcome.ABSENT) {
          return outcome;
        }
      }
    }
    for (int level = 1; level < levels.size(); level++) {
      List<TableHandle> tables = levels.get(level);
      int at = firstEndingAtOrAfter(tables, key, offset, length);
      if (at < tables.size() && startsAtOrBefore(tables.get(at).meta(), key, offset, length)) {
        Lookup.Outcome outcome =
            tables.get(at).reader().get(key, offset, length, hash, asOf, memoryOnly, into);
        if (outcome != Lookup.Outcome.ABSENT) {
          return outcome;
        }
      }
    }
    return Lookup.Outcome.ABSENT;
  }

  /**
   * Adds a cursor for every table of level 0 and one for each other level that has tables.
   *
   * @param newerThan tables with nothing newer are left out
   */
  public void addCursors(List<EntryCursor> cursors, long newerThan) {
    for (int level = 0; level < levels.size(); level++) {
      List<TableHandle> tables = levels.get(level);
      if (newerThan > Version.NONE) {
        tables =
            tables.stream().filter(table -> table.meta().largestVersion() > newerThan).toList();
      }
      if (level == 0) {
        tables.forEach(table -> cursors.add(table.reader().cursor(true)));
      } else if (!tables.isEmpty()) {
        cursors.add(new LevelCursor(tables, reader -> reader.cursor(true)));
      }
    }
  }

  /** The index of the first table whose largest key is at or after a key. */
  static int firstEndingAtOrAfter(List<TableHandle> tables, byte[] key, int offset, int length) {
    int low = 0;
    int high = tables.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(tables.get(middle).meta().largestKey(), key, offset, length) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static boolean hasInRange(TableMeta meta, byte[] key, int offset, int length) {
    return startsAtOrBefore(meta, key, offset, length)
        && compare(meta.largestKey(), key, offset, length) >= 0;
  }

  private static boolean startsAtOrBefore(TableMeta meta, byte[] key, int offset, int length) {
    return compare(meta.smallestKey(), key, offset, length) <= 0;
  }

  private static int compare(byte[] bound, byte[] key, int offset, int length) {
    return Arrays.compareUnsigned(bound, 0, bound.length, key, offset, offset + length);
  }
}
