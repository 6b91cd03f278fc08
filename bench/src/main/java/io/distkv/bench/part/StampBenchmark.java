package io.distkv.bench.part;

import io.distkv.base.HybridClock;
import io.distkv.platform.SystemClock;
import io.distkv.storage.table.KeyHash;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What every write pays whatever it writes. */
@State(Scope.Thread)
public class StampBenchmark {
  private final HybridClock stamps = new HybridClock(new SystemClock());
  private final byte[][] keys = Keys.shuffled();
  private int next;

  /** The version of a write. */
  @Benchmark
  public long version() {
    return stamps.next();
  }

  /** The hash of a key, which filters go by. */
  @Benchmark
  public long keyHash() {
    next = next + 1 < keys.length ? next + 1 : 0;
    return KeyHash.of(keys[next], 0, keys[next].length);
  }
}
