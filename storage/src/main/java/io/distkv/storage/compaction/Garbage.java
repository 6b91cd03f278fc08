package io.distkv.storage.compaction;

import io.distkv.base.Version;
import io.distkv.storage.manifest.TableMeta;

/** How much of a table is not worth keeping any more. */
final class Garbage {

  private Garbage() {}

  /**
   * Whether at least half of a table's entries are tombstones, overwritten or expired, and all of
   * it is old enough that they can be dropped.
   *
   * @param horizon newest version that nobody reads before any more
   */
  static boolean isMostOf(TableMeta table, long horizon) {
    if (table.largestVersion() > horizon) {
      return false;
    }
    boolean expired = table.expiring() > 0 && table.latestExpiryMillis() < Version.millis(horizon);
    long overwritten = table.entries() - table.distinctKeys();
    long garbage = table.tombstones() + overwritten + (expired ? table.expiring() : 0);
    return garbage > 0 && 2 * garbage >= table.entries();
  }
}
