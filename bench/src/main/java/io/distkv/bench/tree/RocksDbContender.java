package io.distkv.bench.tree;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/**
 * RocksDB with its own defaults, but for what both sides are given alike: LZ4, a filter of ten bits
 * a key, the same memtable and block cache sizes, two background jobs.
 */
final class RocksDbContender implements Contender {
  private final long memtableBytes;
  private final long blockCacheBytes;
  private @Nullable Options options;
  private @Nullable RocksDB database;
  private @Nullable Cache cache;

  RocksDbContender(long memtableBytes, long blockCacheBytes) {
    RocksDB.loadLibrary();
    this.memtableBytes = memtableBytes;
    this.blockCacheBytes = blockCacheBytes;
  }

  @Override
  public String name() {
    return "RocksDB";
  }

  @Override
  public void open(Path folder) throws Exception {
    cache = new LRUCache(blockCacheBytes);
    BlockBasedTableConfig table =
        new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(new BloomFilter(10));
    options =
        new Options()
            .setCreateIfMissing(true)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setWriteBufferSize(memtableBytes)
            .setMaxBackgroundJobs(2)
            .setTableFormatConfig(table);
    database = RocksDB.open(options, folder.toString());
  }

  private RocksDB database() {
    if (database == null) {
      throw new IllegalStateException("not open");
    }
    return database;
  }

  @Override
  public void fill(Workload workload, long first) throws Exception {
    try (WriteOptions write = new WriteOptions()) {
      for (long i = 0; i < workload.keyCount(); i++) {
        database().put(write, workload.keyInRandomOrder(i), workload.value(first + i));
      }
    }
  }

  @Override
  public void settle() throws Exception {
    try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
      database().flush(flush);
    }
    database().compactRange();
  }

  @Override
  public void readRandom(Workload workload, int count, long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      byte[] key = workload.key(random.nextInt(workload.keyCount()));
      if (database().get(key) == null) {
        throw new IllegalStateException("lost key " + new String(key, US_ASCII));
      }
    }
  }

  @Override
  public void scan(Workload workload, int count, long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    long sum = 0;
    for (int i = 0; i < count; i++) {
      int from = random.nextInt(workload.keyCount() - 100);
      try (RocksIterator iterator = database().newIterator()) {
        iterator.seek(workload.key(from));
        for (int n = 0; n < 100; n++) {
          if (!Arrays.equals(iterator.key(), workload.key(from + n))) {
            throw new IllegalStateException("scan missed key " + (from + n));
          }
          sum += iterator.value().length;
          iterator.next();
        }
      }
    }
    if (sum == 0) {
      throw new IllegalStateException("scans read nothing");
    }
  }

  @Override
  public void putSynced(Workload workload, int writers, int perWriter) throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(writers)) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        long first = (long) writer * perWriter;
        tasks.add(() -> {
          try (WriteOptions write = new WriteOptions().setSync(true)) {
            for (long i = first; i < first + perWriter; i++) {
              database().put(write, workload.keyInRandomOrder(i), workload.value(i));
            }
          }
          return null;
        });
      }
      for (Future<Void> done : pool.invokeAll(tasks)) {
        done.get();
      }
    }
  }

  @Override
  public void close() {
    if (database != null) {
      database.close();
      database = null;
    }
    if (options != null) {
      options.close();
      options = null;
    }
    if (cache != null) {
      cache.close();
      cache = null;
    }
  }
}
