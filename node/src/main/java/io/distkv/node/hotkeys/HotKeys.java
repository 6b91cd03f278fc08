package io.distkv.node.hotkeys;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * The keys that were asked for most of late.
 *
 * @param samples of operations that all counts are of; older ones count less and less
 * @param keys the most frequent first
 */
public record HotKeys(long samples, List<HotKey> keys) {
  /** What was asked for where nothing was. */
  public static final HotKeys NONE = new HotKeys(0, List.of());

  static final Comparator<HotKey> BY_NAME =
      Comparator.comparing(HotKey::keyspace).thenComparing(HotKey::key, Arrays::compareUnsigned);

  static final Comparator<HotKey> MOST_FIRST =
      Comparator.comparingLong(HotKey::samples).reversed().thenComparing(BY_NAME);

  /**
   * Those of several samplers together.
   *
   * @param most how many keys are of interest
   */
  public static HotKeys merge(List<HotKeys> parts, int most) {
    TreeMap<HotKey, Long> sums = new TreeMap<>(BY_NAME);
    long samples = 0;
    for (HotKeys part : parts) {
      samples += part.samples;
      part.keys.forEach(each -> sums.merge(each, each.samples(), Long::sum));
    }
    List<HotKey> keys = new ArrayList<>();
    sums.forEach((key, sum) -> keys.add(new HotKey(key.keyspace(), key.key(), sum)));
    keys.sort(MOST_FIRST);
    return new HotKeys(samples, List.copyOf(keys.subList(0, Math.min(most, keys.size()))));
  }
}
