package io.distkv.node.hotkeys;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Counts the most frequent of many keys with a fixed number of counters (Metwally, Agrawal and El
 * Abbadi, 2005). A key without a counter takes that of the least frequent one, and its count,
 * remembered as what may be too much. So a key that is asked for more often than once in as many
 * times as there are counters is always among them, and its count less the error is never too high.
 *
 * <p>The least frequent counters are looked for among all, and used up one after the other: where
 * keys come once each, every one of them takes a counter over.
 */
final class SpaceSaving {
  private final int most;

  /** In the order in which they came, which breaks ties. */
  private final Map<Name, Counter> counters = new LinkedHashMap<>();

  /**
   * Of those that were the least frequent when they were last looked for, what is left: a counter
   * that is taken over has more than they, so they are the least frequent until they are used up.
   */
  private final Deque<Name> least = new ArrayDeque<>();

  private long leastCount;
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
    Name name = nextLeast();
    if (name == null) {
      findLeast();
      name = Objects.requireNonNull(nextLeast());
    }
    counters.remove(name);
    Counter taken = new Counter();
    taken.count = leastCount;
    taken.error = leastCount;
    return taken;
  }

  /** The next of those that were the least frequent when they were looked for, and still are. */
  private @Nullable Name nextLeast() {
    Name name = least.poll();
    while (name != null && count(name) > leastCount) {
      name = least.poll();
    }
    return name;
  }

  private long count(Name name) {
    return Objects.requireNonNull(counters.get(name)).count;
  }

  private void findLeast() {
    leastCount = Long.MAX_VALUE;
    counters.forEach((name, counter) -> {
      if (counter.count < leastCount) {
        leastCount = counter.count;
        least.clear();
      }
      if (counter.count == leastCount) {
        least.add(name);
      }
    });
  }

  /** Everything so far counts half from now on. */
  void halve() {
    total >>= 1;
    least.clear();
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
