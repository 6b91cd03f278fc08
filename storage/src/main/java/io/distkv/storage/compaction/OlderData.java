package io.distkv.storage.compaction;

import io.distkv.storage.level.Levels;
import io.distkv.storage.level.TableHandle;
import io.distkv.storage.manifest.TableMeta;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Answers, for keys that rise, whether tables below the output of a flush or compaction may hold
 * something of a key: whether its tombstone still hides anything. Not thread-safe.
 */
final class OlderData {
  private final List<List<TableHandle>> sorted = new ArrayList<>();
  private final int[] positions;
  private final List<TableHandle> unsorted;

  /** Everything in the levels from one on. Level 0 tables overlap and are looked at one by one. */
  OlderData(Levels levels, int fromLevel) {
    unsorted = fromLevel == 0 ? levels.at(0) : List.of();
    for (int level = Math.max(1, fromLevel); level < levels.count(); level++) {
      if (!levels.at(level).isEmpty()) {
        sorted.add(levels.at(level));
      }
    }
    positions = new int[sorted.size()];
  }

  boolean mayHave(byte[] key, int offset, int length) {
    for (TableHandle table : unsorted) {
      if (compare(table.meta().smallestKey(), key, offset, length) <= 0
          && compare(table.meta().largestKey(), key, offset, length) >= 0) {
        return true;
      }
    }
    for (int i = 0; i < positions.length; i++) {
      List<TableHandle> tables = sorted.get(i);
      while (positions[i] < tables.size()
          && compare(tables.get(positions[i]).meta().largestKey(), key, offset, length) < 0) {
        positions[i]++;
      }
      if (positions[i] < tables.size()) {
        TableMeta meta = tables.get(positions[i]).meta();
        if (compare(meta.smallestKey(), key, offset, length) <= 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static int compare(byte[] bound, byte[] key, int offset, int length) {
    return Arrays.compareUnsigned(bound, 0, bound.length, key, offset, offset + length);
  }
}
