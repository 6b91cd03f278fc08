package io.distkv.storage.compaction;

import java.util.Arrays;

/**
 * How large each level should be, given how large they are: the sizes are worked out from the last
 * level upwards, each level a fixed factor smaller than the one below, until one is small enough to
 * take what comes out of level 0. So the levels above the last hold about a ninth of it between
 * them however much there is, and as little space as that goes to versions that are already
 * overwritten; fixed sizes from the top down can waste as much again as the last level holds while
 * that is not yet full. (RocksDB calls it dynamic level bytes.)
 *
 * <p>Levels between 0 and the base are empty and stay so.
 */
public final class LevelTargets {
  private final int base;
  private final long[] targets;

  private LevelTargets(int base, long[] targets) {
    this.base = base;
    this.targets = targets;
  }

  /**
   * Works the targets out.
   *
   * @param bytes of each level, level 0 first; that one does not count
   * @param baseBytes most that the base level should hold, at least 1
   * @param factor between two levels, at least 2
   */
  public static LevelTargets of(long[] bytes, long baseBytes, int factor) {
    int last = bytes.length - 1;
    long largest = 0;
    int firstUsed = last;
    for (int level = last; level >= 1; level--) {
      largest = Math.max(largest, bytes[level]);
      if (bytes[level] > 0) {
        firstUsed = level;
      }
    }
    int base = last;
    long size = largest;
    while (base > 1 && (base > firstUsed || size > baseBytes)) {
      base--;
      size /= factor;
    }
    long[] targets = new long[bytes.length];
    long target = Math.max(Math.min(size, baseBytes), Math.max(1, baseBytes / factor));
    for (int level = base; level <= last; level++) {
      targets[level] = target;
      target = Math.max(target, target * factor);
    }
    targets[last] = Math.max(targets[last], largest);
    return new LevelTargets(base, targets);
  }

  /** The level that level 0 is merged into. */
  public int base() {
    return base;
  }

  /** Bytes that a level should hold; 0 for level 0 and those above the base. */
  public long target(int level) {
    return targets[level];
  }

  /** Bytes by which levels exceed their targets, together: what compactions still have to move. */
  public long excess(long[] bytes) {
    long excess = 0;
    for (int level = base; level < bytes.length - 1; level++) {
      excess += Math.max(0, bytes[level] - targets[level]);
    }
    return excess;
  }

  @Override
  public String toString() {
    return "base " + base + ", targets " + Arrays.toString(targets);
  }
}
