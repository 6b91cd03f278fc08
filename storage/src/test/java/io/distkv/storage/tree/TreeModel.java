package io.distkv.storage.tree;

import io.distkv.base.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a tree should hold, as a sorted map of sorted maps that forgets nothing. */
final class TreeModel {

  @SuppressWarnings("ArrayRecordComponent") // compared by their content, explicitly
  record Visible(byte[] key, byte[] value, long version, long expiresAtMillis) {}

  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Content(byte @Nullable [] value, long expiresAtMillis) {}

  private final NavigableMap<byte[], NavigableMap<Long, Content>> keys =
      new TreeMap<>(Arrays::compareUnsigned);

  void apply(TestReplica.Entry entry) {
    for (TestReplica.Write write : entry.writes()) {
      byte[] key = write.key();
      if (key == null) {
        keys.values().forEach(versions -> versions.put(entry.version(), new Content(null, 0)));
      } else {
        keys.computeIfAbsent(key, each -> new TreeMap<>())
            .put(entry.version(), new Content(write.value(), write.expiresAtMillis()));
      }
    }
  }

  /** The keys of a range as of a version, without those that have expired by then. */
  List<Visible> visible(KeyRange range, long asOf) {
    List<Visible> visible = new ArrayList<>();
    for (byte[] key : keys.keySet()) {
      boolean inRange = !range.isBelow(key, 0, key.length) && !range.isAbove(key, 0, key.length);
      Visible at = inRange ? get(key, asOf) : null;
      if (at != null) {
        visible.add(at);
      }
    }
    return visible;
  }

  @Nullable Visible get(byte[] key, long asOf) {
    NavigableMap<Long, Content> versions = keys.get(key);
    Map.Entry<Long, Content> at = versions == null ? null : versions.floorEntry(asOf);
    if (at == null) {
      return null;
    }
    byte[] value = at.getValue().value;
    long expiresAt = at.getValue().expiresAtMillis;
    return value == null || hasExpired(expiresAt, asOf)
        ? null
        : new Visible(key, value, at.getKey(), expiresAt);
  }

  static boolean hasExpired(long expiresAtMillis, long asOf) {
    return expiresAtMillis != 0 && expiresAtMillis <= Version.millis(asOf);
  }
}
