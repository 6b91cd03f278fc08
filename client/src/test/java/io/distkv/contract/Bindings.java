package io.distkv.contract;

import java.util.Map;
import java.util.TreeMap;

/**
 * The versions that a door told for the names that a scenario has for them: {@code v1} and so on; a
 * number stands for itself.
 */
final class Bindings {
  private final Map<String, Long> versions = new TreeMap<>();
  private long largest;

  /** The version that a name or number says. */
  long version(String word) {
    if (!word.startsWith("v")) {
      return Long.parseLong(word);
    }
    Long version = versions.get(word);
    if (version == null) {
      throw new IllegalArgumentException("no answer has told a version " + word);
    }
    return version;
  }

  @Override
  public String toString() {
    return versions.toString();
  }

  /**
   * Whether a version is the one of a name, which is given to it if it has none yet.
   *
   * @param rising whether one that is told for the first time must be above all before it, as those
   *     of one partition are
   */
  boolean matches(String word, long version, boolean rising) {
    Long known = versions.putIfAbsent(word, version);
    if (known != null) {
      return known == version;
    }
    boolean fits = version == Answer.UNTOLD_VERSION || version > (rising ? largest : 0);
    largest = Math.max(largest, version);
    return fits;
  }
}
