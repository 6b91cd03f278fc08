package io.distkv.node.hotkeys;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the most frequent of many keys with a fixed number of counters (Metwally, Agrawal and El
 * Abbadi, 2005). A key without a counter takes that of the least frequent one, and its count,
 * remembered as what may be too much. So a key that is asked for more often than once in as many
 * times as there are counters is always among them, and its count less the error is never too high.
 *
 * <p>A counter is looked for among all when one is taken over: they are few, and only samples come
 * here.
 */
final class SpaceSaving {
  private final int most;

  /** In the order in which they came, which breaks ties. */
  private final Map<Name, Counter> counters = new LinkedHashMap<>();

  private long total;

  /** A key of a keyspace, by its bytes. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Name(String keyspace, byte[] key) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Name(String otherKeyspace, byte[] otherKey)
          && keyspace.equals(otherKeyspace)
          && Arrays.equals(key, otherKey);
    }

    @Override
    public int hashCode() {
      return 31 * keyspace.hashCode() + Arrays.hashCode(key);
    }
  }

  private static final class Counter {
    private long count;
    private long error;
  }

  /**
   * A sketch that has seen nothing.
   *
   * @param most how many counters it has
   */
  SpaceSaving(int most) {
    this.most = most;
  }

  /** A key was asked for so many times. Nobody changes the array afterwards. */
  void add(String keyspace, byte[] key, int times) {
    total += times;
    Name name = new Name(keyspace, key);
    Counter counter = counters.get(name);
    if (counter == null) {
      counter = counters.size() < most ? new Counter() : takeLeast();
      counters.put(name, counter);
    }
    counter.count += times;
  }

  private Counter takeLeast() {
    Name least = null;
    long count = Long.MAX_VALUE;
    for (Map.Entry<Name, Counter> each : counters.entrySet()) {
      if (each.getValue().count < count) {
        count = each.getValue().count;
        least = each.getKey();
      }
    }
    Counter taken = new Counter();
    taken.count = count;
    taken.error = count;
    counters.remove(least);
    return taken;
  }

  /** Everything so far counts half from now on. */
  void halve() {
    total >>= 1;
    counters
        .values()
        .removeIf(counter -> {
          counter.count >>= 1;
          counter.error >>= 1;
          return counter.count == 0;
        });
  }

  /** What was counted, less what may be too much. */
  HotKeys counted() {
    List<HotKey> keys = new ArrayList<>(counters.size());
    counters.forEach((name, counter) -> {
      if (counter.count > counter.error) {
        keys.add(new HotKey(name.keyspace, name.key, counter.count - counter.error));
      }
    });
    keys.sort(HotKeys.MOST_FIRST);
    return new HotKeys(total, List.copyOf(keys));
  }
}
