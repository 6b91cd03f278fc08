package io.distkv.kvctl.bench;

import io.distkv.kvctl.wire.Target;
import java.time.Duration;

/**
 * What a benchmark does.
 *
 * @param connections how many connections
 * @param pipeline how many requests may be under way on each
 * @param rate operations a second over all connections, 0 for a closed loop
 * @param warmUp how long to run before measuring
 * @param duration how long to measure; where {@code count} is set, the longest time for it
 * @param count how many operations to measure, {@code Long.MAX_VALUE} for as many as time allows
 * @param readRatio the share of reads, 0 to 1
 * @param valueBytes the size of values
 * @param keys how many keys there are
 * @param chooser which key comes next
 * @param keyPrefix what all keys begin with
 * @param seed what all randomness begins with
 */
record BenchPlan(
    Target target,
    int connections,
    int pipeline,
    double rate,
    Duration warmUp,
    Duration duration,
    long count,
    double readRatio,
    int valueBytes,
    long keys,
    KeyChooser chooser,
    String keyPrefix,
    long seed) {
  boolean isOpenLoop() {
    return rate > 0;
  }
}
