package io.distkv.simulation.hunt;

import io.distkv.base.Version;
import io.distkv.node.command.Value;
import io.distkv.simulation.world.Violation;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.tree.Cursor;
import io.distkv.storage.tree.KeyRange;
import io.distkv.storage.tree.Snapshot;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A multi-version map as it should be, and the comparison of a tree's snapshot with it. */
final class VersionedModel {
  private final NavigableMap<byte[], NavigableMap<Long, Cell>> cells =
      new TreeMap<>(Arrays::compareUnsigned);
  private long publishedVersion;
  private long lastClear;

  /** What a key was given, and by which version: a value, or null for a deletion. */
  @SuppressWarnings("ArrayRecordComponent")
  record Cell(byte @Nullable [] value, long expiresAtMillis, long version) {}

  void put(byte[] key, byte @Nullable [] value, long expiresAtMillis, long version) {
    cells
        .computeIfAbsent(key, any -> new TreeMap<>())
        .put(version, new Cell(value, expiresAtMillis, version));
  }

  void clear(long version) {
    cells.clear();
    lastClear = version;
  }

  void publish(long version) {
    publishedVersion = version;
  }

  long publishedVersion() {
    return publishedVersion;
  }

  /** The version of the last entry that emptied the tree; 0 if there was none. */
  long lastClear() {
    return lastClear;
  }

  /** Every version of every key; to be read only. */
  NavigableMap<byte[], NavigableMap<Long, Cell>> cells() {
    return cells;
  }

  /** Everything as of a version, for comparisons after later changes. */
  NavigableMap<byte[], Cell> asOf(long version) {
    NavigableMap<byte[], Cell> view = new TreeMap<>(Arrays::compareUnsigned);
    cells.forEach((key, versions) -> {
      Map.Entry<Long, Cell> newest = versions.floorEntry(version);
      if (newest != null && newest.getValue().value != null) {
        view.put(key, newest.getValue());
      }
    });
    return view;
  }

  /** Compares a snapshot with what it should show: each key by itself, and both ways through. */
  static void compare(
      Snapshot snapshot, NavigableMap<byte[], Cell> expected, Iterable<byte[]> keys, long logMillis)
      throws IOException {
    Lookup lookup = new Lookup();
    for (byte[] key : keys) {
      boolean found = snapshot.get(key, lookup) == Lookup.Outcome.FOUND;
      compare(key, expected.get(key), found ? cell(lookup) : null, snapshot.asOf(), logMillis);
    }
    compareScan(snapshot, expected, KeyRange.ALL, true, logMillis);
    compareScan(snapshot, expected, KeyRange.ALL, false, logMillis);
  }

  /** Walks a range one way. */
  static void compareScan(
      Snapshot snapshot,
      NavigableMap<byte[], Cell> expected,
      KeyRange range,
      boolean forward,
      long logMillis)
      throws IOException {
    NavigableMap<byte[], Cell> inRange = expected;
    inRange = range.from() == null ? inRange : inRange.tailMap(range.from(), true);
    inRange = range.to() == null ? inRange : inRange.headMap(range.to(), false);
    NavigableMap<byte[], Cell> left = new TreeMap<>(Arrays::compareUnsigned);
    left.putAll(inRange);
    Cursor cursor = snapshot.cursor(range);
    byte[] before = null;
    boolean found = forward ? cursor.seekToFirst() : cursor.seekToLast();
    while (found) {
      byte[] key = cursor.key();
      if (before != null && (Arrays.compareUnsigned(before, key) < 0) != forward) {
        throw new Violation(
            "a scan shows %s after %s".formatted(Replies.text(key), Replies.text(before)));
      }
      Cell cell =
          new Cell(
              Arrays.copyOfRange(
                  cursor.valueArray(),
                  cursor.valueOffset(),
                  cursor.valueOffset() + cursor.valueLength()),
              cursor.expiresAtMillis(),
              cursor.version());
      compare(key, left.remove(key), cell, snapshot.asOf(), logMillis);
      before = key;
      found = forward ? cursor.next() : cursor.prev();
    }
    left.forEach((key, cell) -> compare(key, cell, null, snapshot.asOf(), logMillis));
  }

  private static Cell cell(Lookup lookup) {
    return new Cell(
        Arrays.copyOfRange(
            lookup.valueArray(), lookup.valueOffset(), lookup.valueOffset() + lookup.valueLength()),
        lookup.expiresAtMillis(),
        lookup.version());
  }

  private static void compare(
      byte[] key, @Nullable Cell expected, @Nullable Cell found, long asOf, long logMillis) {
    boolean same =
        expected == null
            ? found == null
            : found == null
                ? Value.expired(expected.expiresAtMillis, logMillis)
                : Arrays.equals(expected.value, found.value)
                    && expected.expiresAtMillis == found.expiresAtMillis
                    && expected.version == found.version;
    if (!same) {
      throw new Violation(
          "%s as of %s should be %s, is %s"
              .formatted(Replies.text(key), Version.toString(asOf), text(expected), text(found)));
    }
  }

  private static String text(@Nullable Cell cell) {
    if (cell == null || cell.value == null) {
      return "absent";
    }
    return Replies.text(cell.value)
        + " of "
        + Version.toString(cell.version)
        + (cell.expiresAtMillis == 0 ? "" : " until " + cell.expiresAtMillis);
  }
}
