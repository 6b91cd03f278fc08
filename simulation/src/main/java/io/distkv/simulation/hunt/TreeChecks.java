package io.distkv.simulation.hunt;

import io.distkv.base.Version;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Violation;
import io.distkv.storage.tree.HistoryGoneException;
import io.distkv.storage.tree.KeyRange;
import io.distkv.storage.tree.Snapshot;
import io.distkv.storage.tree.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** What a simulated tree is compared with: a model of it, kept snapshots, and the past. */
final class TreeChecks {
  static final String GONE = "history gone";
  static final String PAST = "snapshot of the past";

  private final TreeRun run;
  private final SimulatedRandomness random;
  private final TreeLog log;
  private final VersionedModel model = new VersionedModel();
  private final List<Kept> kept = new ArrayList<>();
  private final List<Checkpointed> checkpointed = new ArrayList<>();
  private @Nullable Tree tree;

  /** A snapshot that is kept open for a while. */
  private record Kept(Snapshot snapshot, NavigableMap<byte[], VersionedModel.Cell> expected) {}

  /** A checkpoint that was finished. */
  record Checkpointed(
      String directory, long index, NavigableMap<byte[], VersionedModel.Cell> expected) {}

  TreeChecks(TreeRun run) {
    this.run = run;
    this.random = run.random();
    this.log = run.log();
  }

  /** The tree was opened, and should hold the log up to an index. */
  void opened(Tree openedTree, long appliedIndex) {
    tree = openedTree;
    log.entries().subList(0, (int) appliedIndex).forEach(this::apply);
    if (openedTree.publishedVersion() != model.publishedVersion()) {
      throw new Violation(
          "the tables' last version is %s, should be %s"
              .formatted(
                  Version.toString(openedTree.publishedVersion()),
                  Version.toString(model.publishedVersion())));
    }
  }

  void apply(TreeLog.LogEntry entry) {
    TreeLog.apply(entry, model);
  }

  private Tree tree() {
    if (tree == null) {
      throw new IllegalStateException("not open");
    }
    return tree;
  }

  /** All that the tree should show now. */
  NavigableMap<byte[], VersionedModel.Cell> expected() {
    return model.asOf(model.publishedVersion());
  }

  /** Compares the newest snapshot. */
  void newest() throws IOException {
    try (Snapshot snapshot = tree().snapshot()) {
      if (snapshot.asOf() != model.publishedVersion()) {
        throw new Violation(
            "the newest snapshot is as of %s, published was %s"
                .formatted(
                    Version.toString(snapshot.asOf()), Version.toString(model.publishedVersion())));
      }
      compare(snapshot, expected());
    }
  }

  void compare(Snapshot snapshot, NavigableMap<byte[], VersionedModel.Cell> expected)
      throws IOException {
    VersionedModel.compare(snapshot, expected, log.allKeys(), logMillis());
  }

  private long logMillis() {
    return Version.millis(model.publishedVersion());
  }

  /** Takes a snapshot that is to be compared later. */
  void keep() {
    kept.add(new Kept(tree().snapshot(), expected()));
  }

  /** Compares one of the snapshots that were kept, if there is one, and lets it go. */
  void someKept() throws IOException {
    if (!kept.isEmpty()) {
      Kept one = kept.remove(random.below(kept.size()));
      compare(one.snapshot, one.expected);
      one.snapshot.close();
    }
  }

  void allKept() throws IOException {
    for (Kept one : kept) {
      compare(one.snapshot, one.expected);
    }
  }

  void letGo() {
    kept.forEach(one -> one.snapshot.close());
  }

  /** Compares a snapshot of the past, if it is still kept; if not, it must not have to be. */
  void past(long appliedIndex) throws IOException {
    if (appliedIndex == 0) {
      return;
    }
    long asOf = log.entry(random.between(1, appliedIndex)).version();
    try (Snapshot snapshot = tree().snapshot(asOf)) {
      if (asOf >= model.lastClear()) {
        run.trace().tally().count(PAST);
        compare(snapshot, model.asOf(asOf));
      }
    } catch (HistoryGoneException e) {
      run.trace().tally().count(GONE);
      boolean mustBeKept = Version.millis(asOf) > logMillis() - run.options().historyMillis();
      if (mustBeKept && asOf >= model.lastClear()) {
        throw new Violation("history is kept for " + run.options().historyMillis() + " ms", e);
      }
      if (e.oldestReadable() <= asOf) {
        throw new Violation("said to be readable is " + e.oldestReadable(), e);
      }
    }
  }

  /** Compares a part of the newest snapshot. */
  void range() throws IOException {
    byte[] one = log.anyKey();
    byte[] other = log.anyKey();
    boolean inOrder = Arrays.compareUnsigned(one, other) <= 0;
    KeyRange range =
        new KeyRange(
            random.chance(20) ? null : inOrder ? one : other,
            random.chance(20) ? null : inOrder ? other : one);
    try (Snapshot snapshot = tree().snapshot()) {
      VersionedModel.compareScan(snapshot, expected(), range, random.chance(50), logMillis());
    }
  }

  /** A checkpoint was finished; it is to be opened when the tree is closed. */
  void checkpointed(
      String directory, long index, NavigableMap<byte[], VersionedModel.Cell> content) {
    checkpointed.add(new Checkpointed(directory, index, content));
  }

  List<Checkpointed> checkpointed() {
    return checkpointed;
  }
}
