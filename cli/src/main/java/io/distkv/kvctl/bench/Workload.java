package io.distkv.kvctl.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** The operations of one connection, the same again for the same seed. Used by one thread. */
final class Workload {
  private static final int POOL_BYTES = 1 << 20;

  private final BenchPlan plan;
  private final SplittableRandom random;
  private final byte[] pool;

  Workload(BenchPlan plan, byte[] pool, int connection) {
    this.plan = plan;
    this.pool = pool;
    this.random = new SplittableRandom(plan.seed() * 1_000_003 + connection);
  }

  /** Bytes to cut values from; random, so that compression on the way or on disk gains nothing. */
  static byte[] pool(BenchPlan plan) {
    byte[] pool = new byte[POOL_BYTES + plan.valueBytes()];
    new SplittableRandom(plan.seed()).nextBytes(pool);
    return pool;
  }

  boolean nextIsRead() {
    return random.nextDouble() < plan.readRatio();
  }

  byte[] nextKey() {
    return key(plan.chooser().next(random));
  }

  byte[] key(long number) {
    String digits = Long.toString(number);
    String key = plan.keyPrefix() + "0".repeat(Math.max(0, 12 - digits.length())) + digits;
    return key.getBytes(StandardCharsets.UTF_8);
  }

  byte[] nextValue() {
    int from = random.nextInt(POOL_BYTES);
    return Arrays.copyOfRange(pool, from, from + plan.valueBytes());
  }
}
