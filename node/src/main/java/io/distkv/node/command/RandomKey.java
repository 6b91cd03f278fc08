package io.distkv.node.command;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Picks some key of a keyspace, without counting or walking the keys.
 *
 * <p>Keys are taken as a tree of prefixes. From the keys under a prefix the smallest and the
 * largest tell how far all of them agree and between which two bytes they differ next; one of the
 * bytes between is drawn, and the search goes on under it. Every key can be drawn, but keys with
 * few neighbours are drawn more often. An exact draw would need counts in the tree, which every
 * write would pay for.
 */
final class RandomKey {
  /** Draws of a byte under which there is no key, before the next larger byte is taken. */
  private static final int MAX_MISSES = 8;

  private final KeyCursor keys;
  private long state;

  private RandomKey(KeyCursor keys, long seed) {
    this.keys = keys;
    state = seed;
  }

  /** A key, or null if there is none. */
  static byte @Nullable [] pick(View view) {
    int partitions = view.partitions();
    int first = (int) Long.remainderUnsigned(mix(view.seed()), partitions);
    for (int i = 0; i < partitions; i++) {
      try (KeyCursor keys = view.keys((first + i) % partitions)) {
        if (keys.last()) {
          return new RandomKey(keys, view.seed()).descend(keys.key());
        }
      }
    }
    return null;
  }

  private static long mix(long seed) {
    long z = seed + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private int below(int bound) {
    state = mix(state);
    return (int) Long.remainderUnsigned(state, bound);
  }

  private byte[] descend(byte[] largest) {
    byte[] high = largest;
    byte[] prefix = {};
    while (true) {
      keys.seek(prefix);
      byte[] low = keys.key();
      int agreed = Arrays.mismatch(low, high);
      if (agreed < 0) {
        return low;
      }
      // Where the smallest key is itself the prefix, it is one more branch.
      boolean lowEnds = agreed == low.length;
      int from = lowEnds ? -1 : low[agreed] & 0xFF;
      int to = high[agreed] & 0xFF;
      int drawn = draw(low, agreed, from, to);
      if (drawn < 0) {
        return low;
      }
      prefix = Arrays.copyOf(low, agreed + 1);
      prefix[agreed] = (byte) drawn;
      if (drawn < to) {
        byte[] bound = prefix.clone();
        bound[agreed]++;
        keys.seekBefore(bound);
        high = keys.key();
      }
    }
  }

  /** A byte under which there is a key; both bounds have keys. */
  private int draw(byte[] low, int agreed, int from, int to) {
    for (int misses = 0; ; misses++) {
      int candidate = from + below(to - from + 1);
      if (candidate == from || candidate == to) {
        return candidate;
      }
      byte[] target = Arrays.copyOf(low, agreed + 1);
      target[agreed] = (byte) candidate;
      keys.seek(target);
      int found = keys.key()[agreed] & 0xFF;
      if (found == candidate || misses == MAX_MISSES) {
        return found;
      }
    }
  }
}
