package io.distkv.simulation.hunt;

import io.distkv.base.Version;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.Delays;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedClock;
import io.distkv.simulation.world.SimulatedLane;
import io.distkv.simulation.world.SimulatedProcess;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;
import io.distkv.storage.cache.BlockCache;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.table.TableFiles;
import io.distkv.storage.tree.CheckpointCallback;
import io.distkv.storage.tree.CompactionSlots;
import io.distkv.storage.tree.HistoryGoneException;
import io.distkv.storage.tree.IoRate;
import io.distkv.storage.tree.KeyRange;
import io.distkv.storage.tree.MemtableBudget;
import io.distkv.storage.tree.Snapshot;
import io.distkv.storage.tree.Tree;
import io.distkv.storage.tree.TreeCallback;
import io.distkv.storage.tree.TreeListener;
import io.distkv.storage.tree.TreeOptions;
import io.distkv.storage.tree.TreeOwner;
import io.distkv.storage.tree.TreeResources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * One way to run a given log through a tree: in a world of its own, with sizes, caches,
 * compressions and workers of its own, drawn anew at each of its openings, and with flushes,
 * compactions, checkpoints, restarts and crashes where its dice say so. None of that may show in
 * what is read.
 */
final class TreeVariant implements TreeOwner {
  private static final long SECOND = 1_000_000_000L;
  private static final long PATIENCE_NANOS = 3600 * SECOND;
  private static final String DIRECTORY = "tree";

  /** The beginnings of all keys of {@link TreeLog}, rising. */
  private static final List<String> PREFIXES =
      List.of("k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9");

  private final SimulatedRandomness random;
  private final EventQueue queue;
  private final SimulatedDisk disk;
  private final SimulatedClock clock;
  private final TreeLog log;
  private final LongFunction<TreeImage> answers;
  private final long historyMillis;
  private final List<Long> milestones = new ArrayList<>();
  private Opened opened;
  private TreeOptions options;
  private long appliedIndex;
  private long lastClear;
  private int openings;
  private int checkpoints;
  private int powerCuts;

  /** A tree between its opening and its end. */
  private record Opened(SimulatedProcess process, TreeResources resources, Tree tree) {

    SimulatedLane lane() {
      return process.lanes().getFirst();
    }
  }

  /**
   * @param answers what the tree shows after the entry of an index
   */
  TreeVariant(
      SimulatedRandomness random, Trace trace, TreeLog log, LongFunction<TreeImage> answers) {
    this.random = random;
    this.queue = new EventQueue(trace);
    this.disk = new SimulatedDisk(random.fork(), trace);
    this.clock = new SimulatedClock(queue, random.fork());
    this.log = log;
    this.answers = answers;
    this.historyMillis = random.pick(0L, 50L, 5_000L, 100_000_000_000L);
    this.options = TreeRun.drawOptions(random).withHistoryMillis(historyMillis);
    this.opened = open();
  }

  int openings() {
    return openings;
  }

  int powerCuts() {
    return powerCuts;
  }

  /** What it is like at present, for reports. */
  String description() {
    return "opened %d times, last with %s".formatted(openings, options);
  }

  /** Runs the log from beginning to end. */
  void run() throws IOException {
    while (appliedIndex < log.lastIndex()) {
      applyUpTo(Math.min(log.lastIndex(), appliedIndex + random.magnitude(1, 200)));
      milestones.add(appliedIndex);
      queue.runFor(random.magnitude(1, SECOND));
      something();
    }
    checkNewest();
    checkPast();
    reopen(false);
    close(opened.tree);
    queue.runFor(10 * SECOND);
    if (!disk.openFiles().isEmpty()) {
      throw new Violation("a closed tree left open " + disk.openFiles().stream().limit(5).toList());
    }
  }

  private void something() throws IOException {
    switch (random.below(12)) {
      case 0 -> checkNewest();
      case 1, 2 -> checkPast();
      case 3 -> checkRange();
      case 4 -> checkKeys();
      case 5 -> unchangedBy("a flush", () -> await("the flush", opened.tree::flush));
      case 6 -> unchangedBy("a compaction", () -> await("the compaction", opened.tree::compact));
      case 7 -> checkpoint();
      case 8 -> unchangedBy("a restart", () -> reopen(false));
      case 9 -> unchangedBy("a crash", () -> reopen(true));
      default -> queue.runFor(random.magnitude(1, SECOND));
    }
  }

  private Opened open() {
    openings++;
    SimulatedRandomness itsRandom = random.fork();
    SimulatedProcess process =
        new SimulatedProcess(
            "opening " + openings, queue, itsRandom, Delays.draw(itsRandom), 1, 1000);
    TreeResources resources =
        new TreeResources(
            disk,
            clock,
            BlockCache.repeatable(itsRandom.pick(0L, 1_000L, 20_000L, 10_000_000L)),
            new TableFiles(itsRandom.pick(1, 3, 10, 1_000)),
            process.workers("background", 1 + itsRandom.below(3), 1000),
            new MemtableBudget(itsRandom.magnitude(1_000, 1_000_000)),
            new CompactionSlots(1 + itsRandom.below(3)),
            new IoRate(
                clock, itsRandom.chance(70) ? Long.MAX_VALUE : itsRandom.magnitude(1000, 1 << 24)),
            TreeListener.NONE);
    Tree tree = open(process, resources, DIRECTORY);
    Applied applied = tree.applied();
    appliedIndex = applied.index();
    if (TreeLog.indexIn(applied.attachment()) != appliedIndex) {
      throw new Violation("the attachment is not that of entry " + appliedIndex);
    }
    return new Opened(process, resources, tree);
  }

  private Tree open(SimulatedProcess process, TreeResources resources, String directory) {
    Tree[] tree = new Tree[1];
    process
        .lanes()
        .getFirst()
        .runNow(() -> {
          try {
            tree[0] = Tree.open(resources, process.lanes().getFirst(), directory, options, this);
          } catch (IOException e) {
            throw new Violation("the tree in " + directory + " cannot be opened", e);
          }
        });
    return tree[0];
  }

  private void applyUpTo(long index) {
    while (appliedIndex < index) {
      long to = Math.min(index, appliedIndex + random.between(1, 50));
      boolean[] done = new boolean[1];
      opened
          .lane()
          .complete(() -> {
            while (appliedIndex < to) {
              TreeLog.LogEntry entry = log.entry(++appliedIndex);
              if (entry.changes().stream().anyMatch(change -> change.key() == null)) {
                lastClear = Math.max(lastClear, entry.version());
              }
              TreeLog.apply(entry, opened.tree);
            }
            done[0] = true;
          });
      runUntil(() -> done[0], "the log to be applied");
    }
  }

  private void reopen(boolean crash) throws IOException {
    long index = appliedIndex;
    if (crash) {
      opened.process.kill();
      disk.killProcess();
      if (random.chance(50)) {
        powerCuts++;
        disk.crash();
      }
    } else {
      if (random.chance(50)) {
        await("the last flush", opened.tree::flush);
      }
      close(opened.tree);
      queue.runFor(10 * SECOND);
      opened.process.kill();
      disk.killProcess();
    }
    options = TreeRun.drawOptions(random).withHistoryMillis(historyMillis);
    opened = open();
    if (appliedIndex > index) {
      throw new Violation("the tables hold entry %d of %d".formatted(appliedIndex, index));
    }
    applyUpTo(index);
  }

  private void close(Tree tree) {
    boolean[] closed = new boolean[1];
    opened.lane().complete(() -> tree.close(() -> closed[0] = true));
    runUntil(() -> closed[0], "the tree's close");
  }

  private void await(String what, Consumer<TreeCallback> job) {
    boolean[] done = new boolean[1];
    opened
        .lane()
        .complete(() ->
            job.accept(failure -> {
              if (failure != null) {
                throw new Violation(what + " failed", failure);
              }
              done[0] = true;
            }));
    runUntil(() -> done[0], what);
  }

  private void checkpoint() throws IOException {
    String directory = "checkpoint-" + ++checkpoints;
    Applied[] made = new Applied[1];
    opened
        .lane()
        .complete(() ->
            opened.tree.checkpoint(
                directory,
                new CheckpointCallback() {
                  @Override
                  public void done(Applied applied) {
                    made[0] = applied;
                  }

                  @Override
                  public void failed(IOException why) {
                    throw new Violation("a checkpoint failed", why);
                  }
                }));
    runUntil(() -> made[0] != null, "the checkpoint");
    if (made[0].index() != appliedIndex) {
      throw new Violation("a checkpoint of entry %d holds %s".formatted(appliedIndex, made[0]));
    }
    Tree copy = open(opened.process, opened.resources, directory);
    TreeImage original = image(opened.tree);
    original.requireSame("a checkpoint equals the original", image(copy));
    await("the compaction of a checkpoint", copy::compact);
    original.requireSame("a compacted checkpoint equals the original", image(copy));
    await("the drop of a checkpoint", copy::drop);
  }

  private void unchangedBy(String what, Change change) throws IOException {
    TreeImage before = image(opened.tree);
    change.run();
    before.requireSame(what + " changes nothing", image(opened.tree));
    checkNewest();
  }

  /** Something that must not show. */
  private interface Change {
    void run() throws IOException;
  }

  private static TreeImage image(Tree tree) throws IOException {
    try (Snapshot snapshot = tree.snapshot()) {
      return TreeImage.of(snapshot, KeyRange.ALL, true);
    }
  }

  private void checkNewest() throws IOException {
    try (Snapshot snapshot = opened.tree.snapshot()) {
      check(snapshot, answers.apply(appliedIndex), "entry " + appliedIndex);
    }
  }

  /** The whole at once, backward, and prefix by prefix. */
  private static void check(Snapshot snapshot, TreeImage expected, String where)
      throws IOException {
    expected.requireSame("the scan as of " + where, TreeImage.of(snapshot, KeyRange.ALL, true));
    expected
        .reversed()
        .requireSame(
            "the reversed scan as of " + where, TreeImage.of(snapshot, KeyRange.ALL, false));
    List<TreeImage.Entry> joined = new ArrayList<>();
    for (String prefix : PREFIXES) {
      KeyRange range = KeyRange.prefix(Replies.bytes(prefix));
      joined.addAll(TreeImage.of(snapshot, range, true).entries());
    }
    expected.requireSame("the joined prefix scans as of " + where, new TreeImage(joined));
  }

  /** What an earlier state shows now is what it showed when it was the newest. */
  private void checkPast() throws IOException {
    long index = milestones.get(random.below(milestones.size()));
    long asOf = log.entry(index).version();
    long now = Version.millis(log.entry(appliedIndex).version());
    try (Snapshot snapshot = opened.tree.snapshot(asOf)) {
      if (asOf >= lastClear) {
        check(snapshot, answers.apply(index), "earlier entry " + index);
      }
    } catch (HistoryGoneException e) {
      if (asOf >= lastClear && Version.millis(asOf) > now - historyMillis) {
        throw new Violation("history is kept for " + historyMillis + " ms", e);
      }
    }
  }

  private void checkRange() throws IOException {
    byte[] from = random.chance(20) ? null : log.anyKey();
    byte[] to = random.chance(20) ? null : log.anyKey();
    TreeImage expected = answers.apply(appliedIndex).within(from, to);
    try (Snapshot snapshot = opened.tree.snapshot()) {
      KeyRange range = new KeyRange(from, to);
      expected.requireSame("the scan of a range", TreeImage.of(snapshot, range, true));
      expected
          .reversed()
          .requireSame("the reversed scan of a range", TreeImage.of(snapshot, range, false));
    }
  }

  /** Each key by itself. */
  private void checkKeys() throws IOException {
    Lookup lookup = new Lookup();
    List<TreeImage.Entry> found = new ArrayList<>();
    try (Snapshot snapshot = opened.tree.snapshot()) {
      for (byte[] key : log.allKeys()) {
        if (snapshot.get(key, lookup) == Lookup.Outcome.FOUND) {
          int start = lookup.valueOffset();
          byte[] value =
              Arrays.copyOfRange(lookup.valueArray(), start, start + lookup.valueLength());
          found.add(new TreeImage.Entry(key, value, lookup.version(), lookup.expiresAtMillis()));
        }
      }
    }
    answers
        .apply(appliedIndex)
        .requireSame(
            "the keys one by one",
            new TreeImage(found).sortedAndAlive(Version.millis(log.entry(appliedIndex).version())));
  }

  private void runUntil(BooleanSupplier condition, String what) {
    queue.runUntil(condition, PATIENCE_NANOS, what);
  }

  @Override
  public void whenDurable(long index, Runnable then) {
    if (random.chance(50)) {
      then.run();
    } else {
      opened.lane().schedule(random.below(5_000_000), then);
    }
  }

  @Override
  public byte[] attachment() {
    return TreeLog.attachment(appliedIndex);
  }

  /** The log is given: it has no room for entries of the tree's own. */
  @Override
  public void askForTime() {}

  @Override
  public void flushed(long index) {}

  @Override
  public void diskFull(boolean full) {
    throw new Violation("the disk has room");
  }

  @Override
  public void failed(IOException why) {
    throw new Violation("upkeep failed", why);
  }
}
