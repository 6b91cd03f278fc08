package io.distkv.bench.part;

import io.distkv.base.Version;
import io.distkv.storage.memtable.Memtable;
import io.distkv.storage.table.KeyHash;
import io.distkv.storage.table.Lookup;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A write into the memtable and a read from it, with keys in random order. */
@State(Scope.Thread)
public class MemtableBenchmark {
  private static final int VERSIONS = 8;

  private final byte[][] keys = Keys.shuffled();
  private final byte[] value = Keys.value();
  private final Lookup lookup = new Lookup();
  private final Memtable full = new Memtable();
  private Memtable growing = new Memtable();
  private Memtable rewritten = new Memtable();
  private int next;
  private int puts;
  private int rewrites;

  /** Fills the memtable that is read. */
  @Setup
  public void fill() {
    for (int i = 0; i < keys.length; i++) {
      full.put(keys[i], value, 0, i + 1L);
    }
  }

  private int advance() {
    next = next + 1 < keys.length ? next + 1 : 0;
    return next;
  }

  /** Finds a key among a hundred thousand. */
  @Benchmark
  public Lookup.Outcome get() {
    byte[] key = keys[advance()];
    long hash = KeyHash.of(key, 0, key.length);
    return full.get(key, 0, key.length, hash, Version.LATEST, lookup);
  }

  /** Inserts a key; every hundred thousand begin a new memtable. */
  @Benchmark
  public Memtable put() {
    if (puts == keys.length) {
      growing = new Memtable();
      puts = 0;
    }
    growing.put(keys[puts], value, 0, puts + 1L);
    puts++;
    return growing;
  }

  /** Writes keys in turn; after eight versions of each a new memtable begins. */
  @Benchmark
  public Memtable rewrite() {
    if (rewrites == VERSIONS * keys.length) {
      rewritten = new Memtable();
      rewrites = 0;
    }
    rewritten.put(keys[rewrites % keys.length], value, 0, rewrites + 1L);
    rewrites++;
    return rewritten;
  }
}
