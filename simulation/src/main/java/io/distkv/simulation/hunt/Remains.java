package io.distkv.simulation.hunt;

import io.distkv.simulation.hunt.PartitionHistory.Found;
import io.distkv.simulation.world.Violation;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that a node held when nothing was under way in it, just before it ended. If nothing of its
 * log is lost, the next one must hold the same, to the byte: what the log rebuilds is what was
 * there.
 *
 * <p>Values that have expired since, by any clock that either node may have seen, are left out.
 *
 * @param contents of each keyspace, in order
 */
record Remains(List<NavigableMap<byte[], Found>> contents) {

  /** What it held of the keyspace with this place among them. */
  NavigableMap<byte[], Found> content(Space space) {
    return contents.get(space.number());
  }

  /**
   * Whether two contents are the same, but for what may have expired.
   *
   * @param latestMillis later than any clock of the run has been
   */
  static boolean same(
      NavigableMap<byte[], Found> one, NavigableMap<byte[], Found> other, long latestMillis) {
    NavigableMap<byte[], Found> lasting = lasting(one, latestMillis);
    NavigableMap<byte[], Found> others = lasting(other, latestMillis);
    return lasting.keySet().equals(others.keySet())
        && lasting.entrySet().stream()
            .allMatch(entry -> Found.equal(entry.getValue(), others.get(entry.getKey())));
  }

  /**
   * Compares with what a later node holds.
   *
   * @param latestMillis later than any clock of the run has been
   * @throws Violation if it holds something else
   */
  void compare(List<Space> spaces, List<NavigableMap<byte[], Found>> rebuilt, long latestMillis) {
    for (int i = 0; i < spaces.size(); i++) {
      NavigableMap<byte[], Found> before = lasting(contents.get(i), latestMillis);
      NavigableMap<byte[], Found> after = lasting(rebuilt.get(i), latestMillis);
      String space = spaces.get(i).name();
      before.forEach((key, found) -> require(space, key, found, after.remove(key)));
      after.forEach((key, found) -> require(space, key, null, found));
    }
  }

  private static void require(
      String space, byte[] key, @Nullable Found before, @Nullable Found after) {
    if (!Found.equal(before, after)) {
      throw new Violation(
          "rebuilt from its log, a node has another state than the one that died: %s in %s was %s, is %s"
              .formatted(Replies.text(key), space, before, after));
    }
  }

  private static NavigableMap<byte[], Found> lasting(
      NavigableMap<byte[], Found> content, long latestMillis) {
    NavigableMap<byte[], Found> lasting = new TreeMap<>(content);
    lasting
        .values()
        .removeIf(found -> found.expiresAtMillis() != 0 && found.expiresAtMillis() <= latestMillis);
    return lasting;
  }
}
