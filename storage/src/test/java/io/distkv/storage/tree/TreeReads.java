package io.distkv.storage.tree;

import io.distkv.base.Version;
import io.distkv.storage.table.Lookup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What tests of a tree ask of it again and again. */
final class TreeReads {

  private TreeReads() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static TreeOptions small() {
    return TreeOptions.DEFAULT.withMemtableBytes(20_000);
  }

  /** The newest value of a key, as text; null if there is none. */
  static @Nullable String read(Tree tree, String key) throws IOException {
    Lookup lookup = new Lookup();
    return tree.get(bytes(key), Version.LATEST, lookup) == Lookup.Outcome.FOUND
        ? text(lookup)
        : null;
  }

  static @Nullable String read(Snapshot snapshot, String key) throws IOException {
    Lookup lookup = new Lookup();
    return snapshot.get(bytes(key), lookup) == Lookup.Outcome.FOUND ? text(lookup) : null;
  }

  private static String text(Lookup lookup) {
    return new String(
        lookup.valueArray(), lookup.valueOffset(), lookup.valueLength(), StandardCharsets.UTF_8);
  }

  static long tables(Tree tree) {
    return tree.statistics().levels().stream()
        .mapToLong(TreeStatistics.LevelStatistics::tables)
        .sum();
  }
}
