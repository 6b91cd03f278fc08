package io.distkv.node.hotkeys;

import io.distkv.node.command.Prepared;

/**
 * Looks at one in about {@value #MEAN_GAP} commands and counts one of its keys, as often as it has
 * keys. For the others it costs a subtraction. The gaps vary, so that nothing that repeats itself
 * hides between them or is always met; they are the same in every run, since they draw from nothing
 * that others draw from. What was counted counts half every {@value #HALF_LIFE_NANOS} ns.
 *
 * <p>Used on one lane only.
 */
public final class KeySampler {
  private static final int MEAN_GAP = 64;
  private static final int COUNTERS = 128;
  private static final long HALF_LIFE_NANOS = 10_000_000_000L;

  private final SpaceSaving sketch = new SpaceSaving(COUNTERS);
  private int left = 1;
  private long draws;
  private boolean timed;
  private long halvedNanos;

  /** Whether the next command is one of those that are looked at. */
  public boolean isDue() {
    return --left == 0;
  }

  /** Looks at a command that was due. */
  public void take(String keyspace, Prepared.Ready command, long nowNanos) {
    // From 1 to twice the mean, less one.
    left = 1 + Math.floorMod(mix(++draws), 2 * MEAN_GAP - 1);
    add(keyspace, command, nowNanos);
  }

  /** Counts a key of a command, whether it was due or not. */
  void add(String keyspace, Prepared.Ready command, long nowNanos) {
    int keys = command.keyCount();
    if (keys > 0) {
      age(nowNanos);
      sketch.add(keyspace, command.key(Math.floorMod(mix(++draws), keys)), keys);
    }
  }

  private static long mix(long number) {
    long mixed = number * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  private void age(long nowNanos) {
    if (!timed) {
      timed = true;
      halvedNanos = nowNanos;
    }
    // After so many halvings nothing is left.
    for (int i = 0; i < Long.SIZE && nowNanos - halvedNanos >= HALF_LIFE_NANOS; i++) {
      sketch.halve();
      halvedNanos += HALF_LIFE_NANOS;
    }
    if (nowNanos - halvedNanos >= HALF_LIFE_NANOS) {
      halvedNanos = nowNanos;
    }
  }

  /** What was asked for most of late. */
  public HotKeys counted(long nowNanos) {
    age(nowNanos);
    return sketch.counted();
  }
}
