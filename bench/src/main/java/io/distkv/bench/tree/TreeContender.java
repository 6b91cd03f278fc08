package io.distkv.bench.tree;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.distkv.base.HybridClock;
import io.distkv.base.Lane;
import io.distkv.platform.Platform;
import io.distkv.storage.cache.BlockCache;
import io.distkv.storage.journal.Journal;
import io.distkv.storage.journal.JournalEnvironment;
import io.distkv.storage.journal.JournalListener;
import io.distkv.storage.journal.JournalOptions;
import io.distkv.storage.journal.RecordKind;
import io.distkv.storage.journal.RecordVisitor;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.table.TableFiles;
import io.distkv.storage.tree.CompactionSlots;
import io.distkv.storage.tree.Cursor;
import io.distkv.storage.tree.IoRate;
import io.distkv.storage.tree.KeyRange;
import io.distkv.storage.tree.MemtableBudget;
import io.distkv.storage.tree.Snapshot;
import io.distkv.storage.tree.Tree;
import io.distkv.storage.tree.TreeListener;
import io.distkv.storage.tree.TreeOptions;
import io.distkv.storage.tree.TreeOwner;
import io.distkv.storage.tree.TreeResources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One replica as a node runs it, without sockets: a journal and a tree on one lane, every put
 * logged before it is applied, applied when its record is written (or synced, where it asked for
 * that).
 */
final class TreeContender implements Contender {
  private static final long REPLICA = 1;
  private static final int BACKGROUND_JOBS = 2;
  private static final int MOST_OPEN_TABLES = 10_000;

  /** Puts that may wait for the journal while the lane goes on, as those of many clients do. */
  private static final int WINDOW = 1024;

  private final long memtableBytes;
  private final long blockCacheBytes;
  private final int putsPerTurn;
  private @Nullable Open open;

  TreeContender(long memtableBytes, long blockCacheBytes, int putsPerTurn) {
    this.memtableBytes = memtableBytes;
    this.blockCacheBytes = blockCacheBytes;
    this.putsPerTurn = putsPerTurn;
  }

  @Override
  public String name() {
    return "tree";
  }

  @Override
  public void open(Path folder) throws Exception {
    open = new Open(folder);
  }

  @Override
  public void fill(Workload workload, long first) throws Exception {
    open().await(done -> open().new Fill(workload, first, done).run());
  }

  @Override
  public void settle() throws Exception {
    open().await(done -> open().tree.compact(failure -> finish(done, failure)));
  }

  @Override
  public void readRandom(Workload workload, int count, long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Lookup lookup = new Lookup();
    try (Snapshot snapshot = open().tree.snapshot()) {
      for (int i = 0; i < count; i++) {
        byte[] key = workload.key(random.nextInt(workload.keyCount()));
        if (snapshot.get(key, lookup) != Lookup.Outcome.FOUND) {
          throw new IllegalStateException("lost key " + new String(key, US_ASCII));
        }
        byte[] copied =
            Arrays.copyOfRange(
                lookup.valueArray(),
                lookup.valueOffset(),
                lookup.valueOffset() + lookup.valueLength());
        if (copied.length == 0) {
          throw new IllegalStateException("lost the value of key " + new String(key, US_ASCII));
        }
      }
    }
  }

  @Override
  public void scan(Workload workload, int count, long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    long sum = 0;
    for (int i = 0; i < count; i++) {
      int from = random.nextInt(workload.keyCount() - 100);
      try (Snapshot snapshot = open().tree.snapshot()) {
        Cursor cursor = snapshot.cursor(KeyRange.ALL);
        cursor.seek(workload.key(from));
        for (int n = 0; n < 100; n++) {
          if (!Arrays.equals(cursor.key(), workload.key(from + n))) {
            throw new IllegalStateException("scan missed key " + (from + n));
          }
          sum +=
              Arrays.copyOfRange(
                      cursor.valueArray(),
                      cursor.valueOffset(),
                      cursor.valueOffset() + cursor.valueLength())
                  .length;
          cursor.next();
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
          for (long i = first; i < first + perWriter; i++) {
            byte[] key = workload.keyInRandomOrder(i);
            byte[] value = workload.value(i);
            open().await(done -> open().put(key, value, Journal.SYNC_AT_ONCE, done));
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
  public void close() throws Exception {
    if (open != null) {
      Open closing = open;
      open = null;
      closing.await(done -> closing.tree.flush(failure -> finish(done, failure)));
      closing.await(done -> closing.tree.close(() -> done.complete(null)));
      closing.await(done -> closing.journal.close(() -> done.complete(null)));
      closing.platform.close();
    }
  }

  private Open open() {
    if (open == null) {
      throw new IllegalStateException("not open");
    }
    return open;
  }

  private static void finish(CompletableFuture<Void> done, @Nullable IOException failure) {
    if (failure == null) {
      done.complete(null);
    } else {
      done.completeExceptionally(failure);
    }
  }

  /** What is there between open and close. All fields but the futures belong to the lane. */
  private final class Open implements TreeOwner, JournalListener {
    private final Platform platform;
    private final Lane lane;
    private final Tree tree;
    private final Journal journal;
    private final HybridClock stamps;
    private final ArrayDeque<Put> pending = new ArrayDeque<>();
    private final ArrayDeque<Runnable> durable = new ArrayDeque<>();
    private final ArrayDeque<Long> durableAt = new ArrayDeque<>();
    private long index;
    private long endOfNewest;
    private @Nullable Runnable whenRoom;

    @SuppressWarnings("ArrayRecordComponent") // carried, never compared
    private record Put(
        long index,
        long version,
        long end,
        boolean synced,
        byte[] key,
        byte[] value,
        @Nullable CompletableFuture<Void> done) {}

    Open(Path folder) throws IOException {
      Platform.Options options = Platform.Options.forThisMachine();
      platform =
          Platform.start(
              folder,
              new Platform.Options(
                  1, options.laneQueueTasks(), 1, options.readQueueTasks(), BACKGROUND_JOBS),
              (thread, failure) -> {
                System.err.println(thread.getName() + " failed: " + failure);
                Runtime.getRuntime().halt(1);
              });
      lane = platform.lane(0);
      stamps = new HybridClock(platform.clock());
      TreeResources resources =
          new TreeResources(
              platform.disk(),
              platform.clock(),
              new BlockCache(blockCacheBytes),
              new TableFiles(MOST_OPEN_TABLES),
              platform.background(),
              new MemtableBudget(4 * memtableBytes),
              new CompactionSlots(BACKGROUND_JOBS),
              new IoRate(platform.clock(), Long.MAX_VALUE),
              TreeListener.NONE);
      tree =
          Tree.open(
              resources,
              lane,
              "replica",
              TreeOptions.DEFAULT.withMemtableBytes(memtableBytes),
              this);
      index = tree.applied().index();
      stamps.observe(tree.publishedVersion());
      journal =
          Journal.open(
              new JournalEnvironment(
                  platform.disk(),
                  "journal",
                  1,
                  lane,
                  platform.sync(0),
                  platform.background(),
                  platform.newRandomness()),
              JournalOptions.DEFAULT,
              replay(),
              this);
    }

    /**
     * After a clean close the tables hold everything; a bench that finds more has a bug to show.
     */
    private RecordVisitor replay() {
      long applied = tree.applied().index();
      return (replica, incarnation, kind, term, at, payload, offset, length) -> {
        if (at > applied) {
          throw new IllegalStateException("entry " + at + " is not in the tables");
        }
      };
    }

    void await(Consumer<CompletableFuture<Void>> start) throws Exception {
      CompletableFuture<Void> done = new CompletableFuture<>();
      lane.complete(() -> start.accept(done));
      try {
        done.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }

    void put(
        byte[] key, byte[] value, long syncWithinNanos, @Nullable CompletableFuture<Void> done) {
      long version = stamps.next();
      byte[] payload = new byte[key.length + value.length];
      System.arraycopy(key, 0, payload, 0, key.length);
      System.arraycopy(value, 0, payload, key.length, value.length);
      index++;
      endOfNewest =
          journal.append(
              REPLICA, 1, RecordKind.ENTRY, 0, index, payload, 0, payload.length, syncWithinNanos);
      boolean synced = syncWithinNanos == Journal.SYNC_AT_ONCE;
      pending.add(new Put(index, version, endOfNewest, synced, key, value, done));
    }

    @Override
    public void advanced(long writtenPosition, long durablePosition) {
      for (Put put = pending.peek(); put != null; put = pending.peek()) {
        if (put.end() > (put.synced() ? durablePosition : writtenPosition)) {
          break;
        }
        pending.remove();
        tree.put(put.key(), put.value(), 0, put.version());
        tree.publish(put.version(), put.index(), 0);
        if (put.done() != null) {
          put.done().complete(null);
        }
      }
      while (!durableAt.isEmpty() && durableAt.peek() <= durablePosition) {
        durableAt.remove();
        durable.remove().run();
      }
      Runnable waiting = whenRoom;
      if (waiting != null && pending.size() < WINDOW) {
        whenRoom = null;
        waiting.run();
      }
    }

    @Override
    public void whenDurable(long entry, Runnable then) {
      if (journal.durablePosition() >= endOfNewest) {
        then.run();
      } else {
        durableAt.add(endOfNewest);
        durable.add(then);
        journal.sync();
      }
    }

    @Override
    public byte[] attachment() {
      return new byte[0];
    }

    @Override
    public void askForTime() {}

    @Override
    public void flushed(long appliedIndex) {
      journal.release(REPLICA, appliedIndex);
    }

    @Override
    public void diskFull(boolean full) {
      throw new UncheckedIOException(new IOException("the disk is full"));
    }

    @Override
    public void failed(IOException cause) {
      throw new UncheckedIOException(cause);
    }

    /** Puts every key once, a few in each turn of the lane, as far ahead as the window allows. */
    private final class Fill implements Runnable {
      private final Workload workload;
      private final long first;
      private final CompletableFuture<Void> done;
      private long next;

      Fill(Workload workload, long first, CompletableFuture<Void> done) {
        this.workload = workload;
        this.first = first;
        this.done = done;
      }

      @Override
      public void run() {
        for (int n = 0; n < putsPerTurn; n++) {
          if (next == workload.keyCount()) {
            finishWhenApplied();
            return;
          }
          if (pending.size() >= WINDOW) {
            whenRoom = this;
            return;
          }
          byte[] key = workload.keyInRandomOrder(next);
          put(key, workload.value(first + next), Journal.NEVER_SYNC, null);
          next++;
        }
        long delayNanos = tree.writeDelayNanos(putsPerTurn * 116L);
        if (delayNanos > 0) {
          lane.schedule(delayNanos, this);
        } else {
          lane.complete(this);
        }
      }

      private void finishWhenApplied() {
        if (pending.isEmpty()) {
          done.complete(null);
        } else {
          whenRoom = this::finishWhenApplied;
        }
      }
    }
  }
}
