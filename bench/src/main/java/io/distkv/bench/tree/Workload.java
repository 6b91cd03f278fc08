package io.distkv.bench.tree;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * The keys and values of a comparison: 16-byte decimal keys in a random order that is the same for
 * every contender, and values of which about half the bytes are random, as in the figures that
 * RocksDB's own benchmark uses.
 */
final class Workload {
  private static final int KEY_BYTES = 16;

  private final int keyCount;
  private final byte[] valuePool;
  private final int valueBytes;
  private final long multiplier;

  Workload(int keyCount, int valueBytes) {
    this.keyCount = keyCount;
    this.valueBytes = valueBytes;
    this.multiplier = coprimeTo(keyCount);
    this.valuePool = valuePool(valueBytes);
  }

  int keyCount() {
    return keyCount;
  }

  /**
   * The key that comes {@code i}-th in the random order: each of the keys once while i runs over
   * all of them.
   */
  byte[] keyInRandomOrder(long i) {
    return key((i % keyCount) * multiplier % keyCount);
  }

  /** The {@code n}-th key in sorted order. */
  byte[] key(long n) {
    byte[] key = new byte[KEY_BYTES];
    long rest = n;
    for (int at = KEY_BYTES - 1; at >= 0; at--) {
      key[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return key;
  }

  /** A key that sorts right behind the {@code n}-th and is not there. */
  byte[] absentKey(long n) {
    byte[] key = key(n);
    key[0] = (byte) 'x';
    return key;
  }

  byte[] value(long i) {
    byte[] value = new byte[valueBytes];
    int at = (int) (((i * 0x9E3779B97F4A7C15L) >>> 33) % (valuePool.length - valueBytes));
    System.arraycopy(valuePool, at, value, 0, valueBytes);
    return value;
  }

  private static byte[] valuePool(int valueBytes) {
    SplittableRandom random = new SplittableRandom(301);
    byte[] pool = new byte[1 << 20];
    // Runs of random bytes, each followed by a copy of itself: what halves under any of the
    // compressions.
    int run = Math.max(1, valueBytes / 2);
    byte[] fresh = new byte[run];
    for (int at = 0; at < pool.length; at += 2 * run) {
      for (int i = 0; i < run; i++) {
        fresh[i] = (byte) (' ' + random.nextInt(95));
      }
      System.arraycopy(fresh, 0, pool, at, Math.min(run, pool.length - at));
      int second = at + run;
      if (second < pool.length) {
        System.arraycopy(fresh, 0, pool, second, Math.min(run, pool.length - second));
      }
    }
    return pool;
  }

  private static long coprimeTo(int count) {
    long candidate = (long) (count * 0.6180339887) | 1;
    while (greatestCommonDivisor(candidate, count) != 1) {
      candidate += 2;
    }
    return candidate;
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }

  @Override
  public String toString() {
    return keyCount
        + " keys of "
        + KEY_BYTES
        + " B, values of "
        + valueBytes
        + " B ("
        + new String(value(0), 0, Math.min(8, valueBytes), StandardCharsets.US_ASCII)
        + "…)";
  }
}
