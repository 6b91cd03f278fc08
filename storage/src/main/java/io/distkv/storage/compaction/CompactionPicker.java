package io.distkv.storage.compaction;

import io.distkv.storage.compaction.CompactionPlan.Reason;
import io.distkv.storage.level.Levels;
import io.distkv.storage.level.TableHandle;
import io.distkv.storage.manifest.TableMeta;
import io.distkv.storage.table.Compression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the next compaction. A pure function of the arrangement of tables and of which of them
 * are in a compaction already.
 *
 * <p>Two compactions never share a table. That keeps their key ranges apart where it matters: an
 * output lands in a level whose overlapping tables are all inputs, and of two compactions into
 * neighbouring levels the keys differ, because within a level no key is in two tables.
 *
 * <p>Order: what piles up most above its measure goes first, level 0 counting tables and the others
 * bytes; after that, tables that are mostly garbage, so that a wall of tombstones does not stay in
 * the way of readers until its level happens to grow.
 */
public final class CompactionPicker {
  private final int level0Tables;
  private final long baseLevelBytes;
  private final int levelFactor;
  private final List<Compression> compressions;

  public CompactionPicker(
      int level0Tables, long baseLevelBytes, int levelFactor, List<Compression> compressions) {
    this.level0Tables = level0Tables;
    this.baseLevelBytes = baseLevelBytes;
    this.levelFactor = levelFactor;
    this.compressions = List.copyOf(compressions);
  }

  /** How large each level should be. */
  public LevelTargets targets(Levels levels) {
    return LevelTargets.of(bytes(levels), baseLevelBytes, levelFactor);
  }

  /** Bytes that compactions still have to move for every level to be within its target. */
  public long debtBytes(Levels levels) {
    long[] bytes = bytes(levels);
    long level0 = levels.at(0).size() > level0Tables ? bytes[0] : 0;
    return level0 + targets(levels).excess(bytes);
  }

  /**
   * The next compaction, or null if nothing is to be done now.
   *
   * @param busy whether the table of a number is in a compaction already
   * @param horizon newest version that nobody reads before any more
   */
  public @Nullable CompactionPlan pick(Levels levels, LongPredicate busy, long horizon) {
    LevelTargets targets = targets(levels);
    for (int level : byUrgency(levels, busy, targets)) {
      CompactionPlan plan =
          level == 0
              ? level0(levels, busy, targets.base(), Reason.LEVEL_0)
              : fromLevel(levels, busy, level);
      if (plan != null) {
        return plan;
      }
    }
    return garbage(levels, busy, horizon, targets.base());
  }

  /** A compaction of everything into the last level; null if there is nothing. */
  public @Nullable CompactionPlan pickAll(Levels levels) {
    int from = 0;
    while (from < levels.count() && levels.at(from).isEmpty()) {
      from++;
    }
    if (from == levels.count()) {
      return null;
    }
    List<List<TableHandle>> inputs = new ArrayList<>();
    for (int level = 0; level < levels.count(); level++) {
      inputs.add(levels.at(level));
    }
    return new CompactionPlan(Reason.REQUEST, inputs, from, levels.count() - 1, false);
  }

  /** The levels that are over their measure, the furthest first. */
  private List<Integer> byUrgency(Levels levels, LongPredicate busy, LevelTargets targets) {
    int last = levels.count() - 1;
    double[] scores = new double[last];
    List<Integer> over = new ArrayList<>();
    for (int level = 0; level < last; level++) {
      double idle = 0;
      for (TableHandle table : levels.at(level)) {
        if (!busy.test(table.number())) {
          idle += level == 0 ? 1 : table.meta().fileBytes();
        }
      }
      double measure = level == 0 ? level0Tables : targets.target(level);
      scores[level] = idle / Math.max(1, measure);
      if (scores[level] >= 1 && (level == 0 || scores[level] > 1)) {
        over.add(level);
      }
    }
    over.sort((left, right) -> Double.compare(scores[right], scores[left]));
    return over;
  }

  /** All of level 0 with what it overlaps; only one such compaction runs at a time. */
  private @Nullable CompactionPlan level0(
      Levels levels, LongPredicate busy, int base, Reason reason) {
    List<TableHandle> tables = levels.at(0);
    if (tables.isEmpty() || anyBusy(tables, busy)) {
      return null;
    }
    byte[] smallest = tables.get(0).meta().smallestKey();
    byte[] largest = tables.get(0).meta().largestKey();
    for (TableHandle table : tables) {
      smallest = min(smallest, table.meta().smallestKey());
      largest = max(largest, table.meta().largestKey());
    }
    List<TableHandle> below = levels.overlapping(base, smallest, largest);
    if (anyBusy(below, busy)) {
      return null;
    }
    boolean move =
        reason == Reason.LEVEL_0 && below.isEmpty() && areApart(tables) && movable(0, base);
    return plan(levels, reason, 0, tables, base, below, move);
  }

  /** The table of a level that drags the least of the next level along, for its size. */
  private @Nullable CompactionPlan fromLevel(Levels levels, LongPredicate busy, int level) {
    TableHandle best = null;
    List<TableHandle> bestBelow = List.of();
    double bestRatio = Double.MAX_VALUE;
    for (TableHandle table : levels.at(level)) {
      if (busy.test(table.number())) {
        continue;
      }
      List<TableHandle> below = overlapping(levels, level + 1, table);
      if (anyBusy(below, busy)) {
        continue;
      }
      long belowBytes = below.stream().mapToLong(each -> each.meta().fileBytes()).sum();
      double ratio = (double) belowBytes / table.meta().fileBytes();
      if (ratio < bestRatio) {
        best = table;
        bestBelow = below;
        bestRatio = ratio;
      }
    }
    if (best == null) {
      return null;
    }
    boolean move = bestBelow.isEmpty() && movable(level, level + 1);
    return plan(levels, Reason.SIZE, level, List.of(best), level + 1, bestBelow, move);
  }

  private @Nullable CompactionPlan garbage(
      Levels levels, LongPredicate busy, long horizon, int base) {
    int last = levels.count() - 1;
    for (int level = 0; level <= last; level++) {
      for (TableHandle table : levels.at(level)) {
        if (busy.test(table.number()) || !Garbage.isMostOf(table.meta(), horizon)) {
          continue;
        }
        CompactionPlan plan = garbage(levels, busy, level, table, base);
        if (plan != null) {
          return plan;
        }
      }
    }
    return null;
  }

  /** One level down with it; in the last level, and where nothing is below, it is thinned out. */
  private @Nullable CompactionPlan garbage(
      Levels levels, LongPredicate busy, int level, TableHandle table, int base) {
    if (level == 0) {
      return level0(levels, busy, base, Reason.GARBAGE);
    }
    int next = Math.min(level + 1, levels.count() - 1);
    List<TableHandle> below = next == level ? List.of() : overlapping(levels, next, table);
    return anyBusy(below, busy)
        ? null
        : plan(levels, Reason.GARBAGE, level, List.of(table), next, below, false);
  }

  private static CompactionPlan plan(
      Levels levels,
      Reason reason,
      int from,
      List<TableHandle> upper,
      int to,
      List<TableHandle> lower,
      boolean move) {
    List<List<TableHandle>> inputs =
        new ArrayList<>(Collections.nCopies(levels.count(), List.of()));
    inputs.set(to, lower);
    inputs.set(from, upper);
    return new CompactionPlan(reason, inputs, from, to, move);
  }

  /** A table is moved only to where tables are compressed the same way. */
  private boolean movable(int from, int to) {
    return compressions.get(from) == compressions.get(to);
  }

  private static List<TableHandle> overlapping(Levels levels, int level, TableHandle table) {
    return levels.overlapping(level, table.meta().smallestKey(), table.meta().largestKey());
  }

  private static boolean areApart(List<TableHandle> tables) {
    List<TableMeta> byKey =
        tables.stream()
            .map(TableHandle::meta)
            .sorted(
                (left, right) -> Arrays.compareUnsigned(left.smallestKey(), right.smallestKey()))
            .toList();
    for (int i = 1; i < byKey.size(); i++) {
      if (Arrays.compareUnsigned(byKey.get(i - 1).largestKey(), byKey.get(i).smallestKey()) >= 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean anyBusy(List<TableHandle> tables, LongPredicate busy) {
    return tables.stream().anyMatch(table -> busy.test(table.number()));
  }

  private static byte[] min(byte[] left, byte[] right) {
    return Arrays.compareUnsigned(left, right) <= 0 ? left : right;
  }

  private static byte[] max(byte[] left, byte[] right) {
    return Arrays.compareUnsigned(left, right) >= 0 ? left : right;
  }

  private static long[] bytes(Levels levels) {
    long[] bytes = new long[levels.count()];
    for (int level = 0; level < bytes.length; level++) {
      bytes[level] = levels.bytes(level);
    }
    return bytes;
  }
}
