package io.distkv.simulation.hunt;

import io.distkv.base.Version;
import io.distkv.node.command.Value;
import io.distkv.simulation.world.Violation;
import io.distkv.storage.tree.Cursor;
import io.distkv.storage.tree.KeyRange;
import io.distkv.storage.tree.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a range of a tree shows at one version, entry by entry, versions included. Entries that have
 * expired by that version's own time are left out: whether they are still there depends on flushes
 * and compactions, and no reader can tell.
 */
record TreeImage(List<Entry> entries) {

  /** One key with what it has. */
  @SuppressWarnings("ArrayRecordComponent") // compared by its own methods
  record Entry(byte[] key, byte[] value, long version, long expiresAtMillis) {

    boolean same(Entry other) {
      return Arrays.equals(key, other.key)
          && Arrays.equals(value, other.value)
          && version == other.version
          && expiresAtMillis == other.expiresAtMillis;
    }

    @Override
    public String toString() {
      return "%s = %s of version %s%s"
          .formatted(
              Replies.text(key),
              Replies.text(value),
              Version.toString(version),
              expiresAtMillis == 0 ? "" : " until " + expiresAtMillis);
    }
  }

  TreeImage {
    entries = List.copyOf(entries);
  }

  /** A snapshot's range, walked forward, or backward, which gives the entries in falling order. */
  static TreeImage of(Snapshot snapshot, KeyRange range, boolean forward) throws IOException {
    long nowMillis = Version.millis(snapshot.asOf());
    List<Entry> entries = new ArrayList<>();
    Cursor cursor = snapshot.cursor(range);
    boolean found = forward ? cursor.seekToFirst() : cursor.seekToLast();
    while (found) {
      if (!Value.expired(cursor.expiresAtMillis(), nowMillis)) {
        int start = cursor.valueOffset();
        byte[] value = Arrays.copyOfRange(cursor.valueArray(), start, start + cursor.valueLength());
        entries.add(new Entry(cursor.key(), value, cursor.version(), cursor.expiresAtMillis()));
      }
      found = forward ? cursor.next() : cursor.prev();
    }
    return new TreeImage(entries);
  }

  /** What a model says. */
  static TreeImage of(VersionedModel model, long asOf) {
    List<Entry> entries = new ArrayList<>();
    model
        .cells()
        .forEach((key, versions) -> {
          Map.Entry<Long, VersionedModel.Cell> newest = versions.floorEntry(asOf);
          byte[] value = newest == null ? null : newest.getValue().value();
          if (value != null) {
            long expiry = newest.getValue().expiresAtMillis();
            if (!Value.expired(expiry, Version.millis(asOf))) {
              entries.add(new Entry(key, value, newest.getKey(), expiry));
            }
          }
        });
    return new TreeImage(entries);
  }

  TreeImage reversed() {
    return new TreeImage(entries.reversed());
  }

  /** Those of the entries whose key is in a range. */
  TreeImage within(byte @Nullable [] from, byte @Nullable [] to) {
    return new TreeImage(
        entries.stream()
            .filter(entry -> from == null || Arrays.compareUnsigned(entry.key, from) >= 0)
            .filter(entry -> to == null || Arrays.compareUnsigned(entry.key, to) < 0)
            .toList());
  }

  /** Those that have not expired, in the order of their keys. */
  TreeImage sortedAndAlive(long nowMillis) {
    return new TreeImage(
        entries.stream()
            .filter(entry -> !Value.expired(entry.expiresAtMillis, nowMillis))
            .sorted((left, right) -> Arrays.compareUnsigned(left.key, right.key))
            .toList());
  }

  /**
   * Compares.
   *
   * @param relation between the two, for the message
   * @throws Violation if they differ
   */
  void requireSame(String relation, TreeImage found) {
    int common = Math.min(entries.size(), found.entries.size());
    int same = 0;
    while (same < common && entries.get(same).same(found.entries.get(same))) {
      same++;
    }
    if (same < Math.max(entries.size(), found.entries.size())) {
      throw new Violation(
          "%s: entry %d of %d should be %s, and of %d found is %s"
              .formatted(
                  relation, same, entries.size(), at(same), found.entries.size(), found.at(same)));
    }
  }

  private String at(int index) {
    return index < entries.size() ? entries.get(index).toString() : "none";
  }
}
