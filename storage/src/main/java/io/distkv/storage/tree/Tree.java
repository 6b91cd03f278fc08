package io.distkv.storage.tree;

import io.distkv.base.Disk;
import io.distkv.base.Lane;
import io.distkv.base.Version;
import io.distkv.storage.level.Levels;
import io.distkv.storage.level.TableHandle;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.manifest.Manifest;
import io.distkv.storage.manifest.ManifestState;
import io.distkv.storage.manifest.TableMeta;
import io.distkv.storage.memtable.Memtable;
import io.distkv.storage.table.Compression;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.tree.TreeStatistics.LevelStatistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a replica: a map from keys to values of many versions, on disk as a log-structured
 * merge tree. What a log has made durable is applied here in memory and reaches the disk in tables,
 * together with how far they hold the log; what is lost in a crash is applied again.
 *
 * <p>Writes, and everything else that does not say otherwise, are made on the tree's lane. An entry
 * of the log is applied within one task: its writes, all under one version, and then {@link
 * #publish}, which shows them to readers at once. Versions rise from entry to entry, and of two
 * writes to one key under one version the later one counts.
 *
 * <p>Reads on the lane need nothing; anywhere else they go through a {@link Snapshot}. Neither
 * judges expiry: the caller compares it with the time of its own command. The tree takes its time
 * from the published version.
 *
 * <p>Upkeep (flush, compaction, manifest) runs on background workers in short steps. The tree has
 * no thread and takes no lock; every change of what it consists of is made on the lane.
 */
public final class Tree {
  private final TreeContext context;
  private final Upkeep upkeep;
  private final Contents contents;
  private final ManifestQueue manifests;
  private final Flusher flusher;
  private final Compactor compactor;
  private final Aging aging;
  private volatile double pressure;

  private Tree(TreeContext context, Manifest manifest, Levels levels, List<TableHandle> tables) {
    this.context = context;
    this.upkeep = context.upkeep();
    ManifestState state = manifest.state();
    MemtableBudget.Account budget =
        context.resources().memtables().open(() -> context.lane().complete(this::freezeForBudget));
    this.contents =
        new Contents(
            levels,
            state.historyFloor(),
            state.lastVersion(),
            state.applied(),
            context.options().historyMillis(),
            budget);
    this.manifests =
        new ManifestQueue(upkeep, manifest, tables, contents::epoch, context::nextFileNumber);
    this.flusher = new Flusher(context, contents, manifests, this::levelsChanged);
    this.compactor = new Compactor(context, contents, manifests, this::levelsChanged);
    this.aging = new Aging(context, contents, () -> manifests.state().lastVersion(), this::freeze);
    upkeep.whenFailed(why -> budget.strand());
    upkeep.whenFailed(context.owner()::failed);
  }

  /**
   * Opens the tree in a folder; a folder that is missing or empty becomes a new tree. Blocks on the
   * disk, so it belongs to the start of a node; upkeep that is due begins on the lane afterwards.
   *
   * @throws io.distkv.storage.CorruptionException if manifest or tables are damaged or missing
   */
  public static Tree open(
      TreeResources resources, Lane lane, String directory, TreeOptions options, TreeOwner owner)
      throws IOException {
    Tree tree = load(resources, lane, directory, options, owner);
    tree.begin();
    return tree;
  }

  /**
   * Does the part of {@link #open} that blocks, on any thread: nothing is asked of the owner, and
   * no upkeep runs, until {@link #begin}.
   */
  public static Tree load(
      TreeResources resources, Lane lane, String directory, TreeOptions options, TreeOwner owner)
      throws IOException {
    TreeFolder.finishRemoval(resources.disk(), directory);
    Manifest manifest = Manifest.open(resources.disk(), directory, owner.treeId());
    List<TableHandle> tables = new ArrayList<>();
    try {
      ManifestState state = manifest.state();
      TreeContext context =
          new TreeContext(resources, lane, directory, options, owner, state.nextFileNumber());
      Levels levels = context.openAll(state, tables);
      return new Tree(context, manifest, levels, tables);
    } catch (IOException e) {
      for (TableHandle table : tables) {
        table.reader().close();
      }
      manifest.close();
      throw e;
    }
  }

  /** Lets upkeep that is due begin on the lane, once; on any thread. */
  public void begin() {
    context.lane().complete(this::levelsChanged);
  }

  /** Deletes the folder of a tree that is not open, also one whose deletion was cut short. */
  public static void remove(Disk disk, String directory) throws IOException {
    TreeFolder.remove(disk, directory);
  }

  /** How far the durable tables hold the log; replay begins behind it. */
  public Applied applied() {
    return manifests.state().applied();
  }

  /** The last version shown to readers. On any thread. */
  public long publishedVersion() {
    return contents.publishedVersion();
  }

  /** The log index that {@link #publish} was told last. */
  public long publishedIndex() {
    return contents.publishedIndex();
  }

  /** The term of the entry at {@link #publishedIndex}. */
  public long publishedTerm() {
    return contents.publishedTerm();
  }

  /**
   * Writes a value.
   *
   * @param key 1 to 65,535 bytes; copied
   * @param value must not be changed afterwards: a large one is not copied
   * @param expiresAtMillis when the value ends, in wall milliseconds; 0 if never
   * @param version of the entry being applied, above the published one
   */
  public void put(byte[] key, byte[] value, long expiresAtMillis, long version) {
    contents.layers().active().put(key, value, expiresAtMillis, version);
  }

  /** Deletes a key; of one that is not there, too. */
  public void delete(byte[] key, long version) {
    contents.layers().active().delete(key, version);
  }

  /** Empties the tree, history included; later writes of the same entry stay. */
  public void clear(long version) {
    contents.clear(version);
    flusher.clear();
    compactor.clear();
  }

  /**
   * Ends an entry: shows its writes to readers, all at once. Called after every entry of the log,
   * one without writes included.
   *
   * @throws IllegalStateException if the version is behind that of an earlier entry
   */
  public void publish(long version, long index, long term) {
    contents.publish(version, index, term);
    boolean timeHasCome = aging.hasCome(version);
    if (timeHasCome || contents.isClearPending() || isMemtableFull()) {
      freeze();
    }
  }

  /**
   * Looks a key up without reading the disk.
   *
   * <p>For a deleted key the answer is ABSENT, and {@code into} holds the tombstone as long as the
   * tree still has it; when it lets go of it depends on flushes and compactions, so nothing that
   * must come out the same when the log is applied again may hang on it. Otherwise ABSENT and COLD
   * leave {@code into} as it was.
   *
   * @param asOf newest version to look at; {@link Version#LATEST} sees the entry being applied
   * @return FOUND, ABSENT, or COLD if only the disk knows
   */
  public Lookup.Outcome peek(byte[] key, long asOf, Lookup into) throws IOException {
    return contents.layers().get(key, asOf, true, into);
  }

  /** Like {@link #peek}, but reads the disk where it must: never COLD. */
  public Lookup.Outcome get(byte[] key, long asOf, Lookup into) throws IOException {
    return contents.layers().get(key, asOf, false, into);
  }

  /**
   * A cursor for use within the current task of the lane; may read the disk.
   *
   * @param asOf newest version to look at; {@link Version#LATEST} sees the entry being applied
   */
  public Cursor cursor(KeyRange range, long asOf) {
    return new VisibleCursor(contents.layers().cursor(), range, asOf);
  }

  /**
   * The tree as of the last published version. On any thread.
   *
   * @throws IllegalStateException if the tree is closed
   */
  public Snapshot snapshot() {
    return contents.snapshot();
  }

  /**
   * The tree as of a version; as of the last published one if that is older. On any thread.
   *
   * @throws HistoryGoneException if the version is older than what is kept
   * @throws IllegalStateException if the tree is closed
   */
  public Snapshot snapshot(long asOf) throws HistoryGoneException {
    return contents.snapshot(asOf);
  }

  /**
   * How long the next write should be held back so that upkeep keeps up. On any thread.
   *
   * @param bytes of its keys and values
   * @return nanoseconds, at most a tenth of a second for a write up to 4 MiB unless upkeep is far
   *     behind; 0 while it keeps up
   */
  public long writeDelayNanos(long bytes) {
    double highest = Math.max(pressure, WriteThrottle.pressure(context.resources().memtables()));
    return WriteThrottle.delayNanos(highest, bytes);
  }

  /**
   * Whether a write should wait until a flush has ended: memtables hold all that they may, and the
   * write is so large that a delay would not keep a few like it from exhausting memory. On any
   * thread.
   *
   * @param bytes of its keys and values
   */
  public boolean mustAwaitFlush(long bytes) {
    return bytes >= WriteThrottle.LARGE_BYTES
        && context.resources().memtables().awaitsFlush()
        && failure() == null
        && !diskFull();
  }

  /**
   * Why upkeep has ended for good, so that writes must be refused; null if all is well. Any thread.
   */
  public @Nullable IOException failure() {
    return upkeep.failure();
  }

  /** Whether upkeep waits for space on the disk, so that writes should be refused. Any thread. */
  public boolean diskFull() {
    return upkeep.isDiskFull();
  }

  /**
   * Keeps another length of history, and compresses what is written from here on otherwise. What is
   * dropped by now stays dropped: reads reach back further only as time goes on.
   *
   * @param historyMillis as in {@link TreeOptions}
   * @param compressions as in {@link TreeOptions}
   */
  public void alter(long historyMillis, List<Compression> compressions) {
    context.alter(
        context.options().withHistoryMillis(historyMillis).withCompressions(compressions));
    contents.alter(historyMillis);
    aging.alter(historyMillis);
    compactor.alter();
    levelsChanged();
  }

  /** Brings everything published so far to disk. */
  public void flush(TreeCallback done) {
    if (contents.hasUnfrozen() && upkeep.isOpen()) {
      freeze();
    }
    flusher.whenFlushed(done);
  }

  /** Brings everything published so far to disk and merges all tables into one level. */
  public void compact(TreeCallback done) {
    flush(failure -> {
      if (failure != null) {
        done.done(failure);
      } else {
        compactor.request(done);
      }
    });
  }

  /**
   * Brings everything published so far to disk, and makes a folder another tree with the same
   * tables, by hard links.
   *
   * @param target a folder on the same disk that is missing or empty
   */
  public void checkpoint(String target, CheckpointCallback done) {
    flush(failure -> {
      if (failure != null) {
        done.failed(failure);
      } else {
        upkeep.start(new Checkpoint(context, target, manifests.state(), manifests.tables(), done));
      }
    });
  }

  /**
   * Replaces all that the tree holds by what an import holds, atomically: a crash leaves either.
   * Nothing may be written or published before it calls back. Readers see the old content until
   * then; what they hold stays readable.
   *
   * @param attachment to be stored in the place of the import's
   */
  public void replace(TreeImport image, byte[] attachment, TreeCallback done) {
    Applied applied = new Applied(image.applied().index(), image.applied().term(), attachment);
    upkeep.start(
        new Replacement(
            context,
            image,
            applied,
            contents,
            manifests,
            this::emptyQueues,
            failure -> replaced(failure, done)));
  }

  /** Nothing of the content that goes will be flushed or compacted. */
  private void emptyQueues() {
    flusher.clear();
    compactor.clear();
  }

  private void replaced(@Nullable IOException failure, TreeCallback done) {
    if (failure == null) {
      flusher.replaced();
      levelsChanged();
    }
    done.done(failure);
  }

  /** Ends upkeep and lets go of all files, without a flush; then calls back on the lane. */
  public void close(Runnable done) {
    end(false, failure -> done.run());
  }

  /** Like {@link #close}, and deletes the folder; what snapshots hold stays readable. */
  public void drop(TreeCallback done) {
    end(true, done);
  }

  /** What it takes: file bytes of its tables, and heap of its memtables. */
  public long sizeBytes() {
    return contents.layers().levels().totalBytes()
        + contents.frozenBytes()
        + contents.layers().active().heldBytes();
  }

  /**
   * Whether the tree may take less after an entry with the time of now and a flush: memory holds
   * every version of a key, and tables what has expired by now.
   */
  public boolean mayShrink() {
    return contents.layers().active().entries() > 0 || aging.isDue();
  }

  /** The tree in numbers. */
  public TreeStatistics statistics() {
    Levels levels = contents.layers().levels();
    List<LevelStatistics> perLevel = new ArrayList<>();
    for (int level = 0; level < levels.count(); level++) {
      List<TableMeta> tables = levels.at(level).stream().map(TableHandle::meta).toList();
      perLevel.add(
          new LevelStatistics(
              tables.size(),
              levels.bytes(level),
              tables.stream().mapToLong(TableMeta::entries).sum(),
              tables.stream().mapToLong(TableMeta::tombstones).sum(),
              tables.stream().mapToLong(TableMeta::expiring).sum()));
    }
    return new TreeStatistics(
        perLevel,
        contents.memtableEntries(),
        contents.memtableExpiring(),
        contents.layers().active().heldBytes(),
        contents.frozenMemtables(),
        contents.frozenBytes(),
        compactor.debtBytes(),
        Math.max(pressure, WriteThrottle.pressure(context.resources().memtables())));
  }

  private boolean isMemtableFull() {
    Memtable active = contents.layers().active();
    TreeOptions options = context.options();
    return active.heldBytes() >= options.memtableBytes()
        || (active.tombstones() >= options.memtableTombstones()
            && 2 * active.tombstones() >= active.entries());
  }

  private void freezeForBudget() {
    if (upkeep.isOpen() && contents.layers().active().entries() > 0) {
      freeze();
    }
  }

  private void freeze() {
    if (contents.isBeingReplaced()) {
      return;
    }
    flusher.add(contents.freeze(context.owner().attachment()));
    updatePressure();
  }

  private void levelsChanged() {
    updatePressure();
    context.owner().resized();
    compactor.schedule();
    aging.plan();
  }

  private void updatePressure() {
    Levels levels = contents.layers().levels();
    pressure =
        WriteThrottle.pressure(
            context.options(),
            levels.at(0).size(),
            compactor.debtBytes(),
            contents.frozenMemtables());
  }

  private void end(boolean remove, TreeCallback done) {
    aging.stop();
    upkeep.stop(() -> {
      IOException closed = new IOException("the tree in " + context.directory() + " was closed");
      flusher.fail(closed);
      compactor.fail(closed);
      flusher.close();
      contents.close();
      Manifest manifest = manifests.close();
      context.resources().background().execute(() -> end(manifest, remove, done));
    });
  }

  private void end(Manifest manifest, boolean remove, TreeCallback done) {
    IOException failure = null;
    try {
      context.keepFilesOpen();
      manifest.close();
      if (remove) {
        TreeFolder.remove(context.resources().disk(), context.directory());
      }
    } catch (IOException e) {
      failure = e;
    }
    IOException why = failure;
    context.lane().complete(() -> done.done(why));
  }
}
