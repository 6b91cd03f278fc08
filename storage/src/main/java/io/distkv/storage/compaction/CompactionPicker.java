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
 *
 * <p>A damaged table stays where it is, and so does what would have to pass it: newer tables of
 * level 0 that share keys with it, or with what waits for it. Lest those pile up in front of
 * readers, they are merged with each other, like with like in size, and stay in level 0.
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

  /**
   * Bytes that compactions still have to move for every level to be within its target.
   *
   * @param damaged whether the table of a number is, so that it and what waits for it stays put
   */
  public long debtBytes(Levels levels, LongPredicate damaged) {
    long[] bytes = bytes(levels);
    LevelTargets targets = targets(levels);
    long level0 = 0;
    if (levels.at(0).size() > level0Tables) {
      List<TableHandle> movable = movable(levels, targets.base(), damaged);
      level0 = movable.stream().mapToLong(table -> table.meta().fileBytes()).sum();
    }
    return level0 + targets.excess(bytes);
  }

  /**
   * The next compaction, or null if nothing is to be done now.
   *
   * @param busy whether the table of a number is in a compaction already
   * @param damaged whether the table of a number is, and stays where it is
   * @param horizon newest version that nobody reads before any more
   */
  public @Nullable CompactionPlan pick(
      Levels levels, LongPredicate busy, LongPredicate damaged, long horizon) {
    LevelTargets targets = targets(levels);
    LongPredicate unavailable = busy.or(damaged);
    for (int level : byUrgency(levels, unavailable, targets)) {
      CompactionPlan plan =
          level == 0
              ? level0(levels, busy, damaged, targets.base(), Reason.LEVEL_0)
              : fromLevel(levels, unavailable, level);
      if (plan == null && level == 0) {
        plan = withinLevel0(levels, busy, damaged, targets.base());
      }
      if (plan != null) {
        return plan;
      }
    }
    return garbage(levels, busy, damaged, horizon, targets.base());
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

  /** All of level 0 that can go, with what it overlaps; one such compaction runs at a time. */
  private @Nullable CompactionPlan level0(
      Levels levels, LongPredicate busy, LongPredicate damaged, int base, Reason reason) {
    List<TableHandle> tables = movable(levels, base, damaged);
    if (tables.isEmpty() || any(levels.at(0), busy)) {
      return null;
    }
    KeySpan span = KeySpan.of(tables);
    List<TableHandle> below = levels.overlapping(base, span.smallest(), span.largest());
    if (any(below, busy)) {
      return null;
    }
    boolean move =
        reason == Reason.LEVEL_0 && below.isEmpty() && areApart(tables) && movable(0, base);
    return plan(levels, reason, 0, tables, base, below, move);
  }

  /**
   * The tables of level 0 that can go to the base: all, unless there is damage. Then not the
   * damaged ones; nor one that shares keys with an older one that stays, for it would be found
   * behind that; nor any, if together they reach over a damaged table of the base.
   */
  private static List<TableHandle> movable(Levels levels, int base, LongPredicate damaged) {
    List<TableHandle> all = levels.at(0);
    boolean sound = !any(all, damaged) && (all.isEmpty() || !any(levels.at(base), damaged));
    if (sound) {
      return all;
    }
    List<TableHandle> staying = new ArrayList<>();
    List<TableHandle> going = new ArrayList<>();
    for (TableHandle table : all.reversed()) {
      KeySpan span = KeySpan.of(List.of(table));
      if (damaged.test(table.number()) || staying.stream().anyMatch(span::overlaps)) {
        staying.add(table);
      } else {
        going.add(table);
      }
    }
    if (!going.isEmpty()) {
      KeySpan span = KeySpan.of(going);
      List<TableHandle> below = levels.overlapping(base, span.smallest(), span.largest());
      if (any(below, damaged)) {
        return List.of();
      }
    }
    return going;
  }

  /** Several of the newest tables of level 0 as one, where they cannot go down for damage. */
  private @Nullable CompactionPlan withinLevel0(
      Levels levels, LongPredicate busy, LongPredicate damaged, int base) {
    List<TableHandle> tables = levels.at(0);
    if (any(tables, busy) || movable(levels, base, damaged).size() == tables.size()) {
      return null;
    }
    List<TableHandle> run = new ArrayList<>();
    long bytes = 0;
    for (TableHandle table : tables) {
      boolean outgrown = !run.isEmpty() && table.meta().fileBytes() > 2 * bytes;
      if (damaged.test(table.number()) || outgrown) {
        break; // what is merged must follow each other in age
      }
      run.add(table);
      bytes += table.meta().fileBytes();
    }
    return run.size() >= Math.max(2, level0Tables)
        ? plan(levels, Reason.LEVEL_0, 0, run, 0, List.of(), false)
        : null;
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
      if (any(below, busy)) {
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
      Levels levels, LongPredicate busy, LongPredicate damaged, long horizon, int base) {
    LongPredicate unavailable = busy.or(damaged);
    int last = levels.count() - 1;
    for (int level = 0; level <= last; level++) {
      for (TableHandle table : levels.at(level)) {
        if (unavailable.test(table.number()) || !Garbage.isMostOf(table.meta(), horizon)) {
          continue;
        }
        CompactionPlan plan =
            level == 0
                ? level0(levels, busy, damaged, base, Reason.GARBAGE)
                : garbage(levels, unavailable, level, table);
        if (plan != null) {
          return plan;
        }
      }
    }
    return null;
  }

  /** One level down with it; in the last level, and where nothing is below, it is thinned out. */
  private @Nullable CompactionPlan garbage(
      Levels levels, LongPredicate unavailable, int level, TableHandle table) {
    int next = Math.min(level + 1, levels.count() - 1);
    List<TableHandle> below = next == level ? List.of() : overlapping(levels, next, table);
    return any(below, unavailable)
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
    inputs.set(from, upper); // last: a merge within a level has no lower tables
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

  private static boolean any(List<TableHandle> tables, LongPredicate busy) {
    return tables.stream().anyMatch(table -> busy.test(table.number()));
  }

  private static long[] bytes(Levels levels) {
    long[] bytes = new long[levels.count()];
    for (int level = 0; level < bytes.length; level++) {
      bytes[level] = levels.bytes(level);
    }
    return bytes;
  }

  /** From the first key of some tables to the last. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record KeySpan(byte[] smallest, byte[] largest) {

    static KeySpan of(List<TableHandle> tables) {
      byte[] smallest = tables.get(0).meta().smallestKey();
      byte[] largest = tables.get(0).meta().largestKey();
      for (TableHandle table : tables) {
        TableMeta meta = table.meta();
        smallest =
            Arrays.compareUnsigned(smallest, meta.smallestKey()) <= 0
                ? smallest
                : meta.smallestKey();
        largest =
            Arrays.compareUnsigned(largest, meta.largestKey()) >= 0 ? largest : meta.largestKey();
      }
      return new KeySpan(smallest, largest);
    }

    boolean overlaps(TableHandle table) {
      return Arrays.compareUnsigned(table.meta().smallestKey(), largest) <= 0
          && Arrays.compareUnsigned(table.meta().largestKey(), smallest) >= 0;
    }
  }
}
