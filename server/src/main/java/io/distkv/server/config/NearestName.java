package io.distkv.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known name that was probably meant by an unknown one, by edit distance. */
final class NearestName {

  private NearestName() {}

  static Optional<String> of(String unknown, Collection<String> known) {
    String typed = unknown.toLowerCase(Locale.ROOT);
    int tolerance = Math.max(2, unknown.length() / 3);
    return known.stream()
        .filter(name -> distance(typed, name.toLowerCase(Locale.ROOT)) <= tolerance)
        .min(
            Comparator.comparingInt(
                (String name) -> distance(typed, name.toLowerCase(Locale.ROOT))));
  }

  /** Insertions, deletions and replacements that turn one text into the other (Levenshtein). */
  static int distance(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replace = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replace, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[to.length()];
  }
}
