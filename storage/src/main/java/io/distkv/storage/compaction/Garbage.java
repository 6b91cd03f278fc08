package io.distkv.storage.compaction;

import io.distkv.base.Version;
import io.distkv.storage.manifest.TableMeta;

/** How much of a table is not worth keeping any more. */
public final class Garbage {

  private Garbage() {}

  /**
   * From which horizon on a table is mostly garbage: at least half of its entries are tombstones,
   * overwritten or expired, and all of it is old enough that they can be dropped.
   *
   * @return {@link Version#LATEST} if time alone never makes it so
   */
  public static long from(TableMeta table) {
    long garbage = table.tombstones() + table.entries() - table.distinctKeys();
    if (2 * garbage >= table.entries()) {
      return table.largestVersion();
    }
    long expiryMillis = table.mostlyGarbageMillis();
    if (expiryMillis == 0 || expiryMillis >= Version.millis(Version.LATEST)) {
      return Version.LATEST;
    }
    // In its last millisecond a value still lives.
    return Math.max(table.largestVersion(), Version.ofMillis(expiryMillis + 1));
  }

  /**
   * Whether a table is mostly garbage.
   *
   * @param horizon newest version that nobody reads before any more
   */
  static boolean isMostOf(TableMeta table, long horizon) {
    return from(table) <= horizon;
  }
}
