package io.distkv.storage.tree;

import io.distkv.storage.CorruptionException;
import io.distkv.storage.compaction.CompactionPicker;
import io.distkv.storage.compaction.CompactionPlan;
import io.distkv.storage.compaction.Rewrite;
import io.distkv.storage.level.Levels;
import io.distkv.storage.level.TableHandle;
import io.distkv.storage.tree.TreeListener.CompactionEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps compactions going while there is something to compact and the node has slots for it. On the
 * lane only.
 *
 * <p>A table that a compaction finds damaged is left alone from then on, as long as the tree is
 * open: what can still be read of it is read where it is. The others are compacted around it.
 */
final class Compactor {
  private final TreeContext context;
  private final Upkeep upkeep;
  private final Contents contents;
  private final ManifestQueue manifests;
  private final Runnable levelsChanged;
  private final CompactionSlots slots;
  private CompactionPicker picker;
  private final Set<Long> busy = new TreeSet<>();
  private final NavigableMap<Long, CorruptionException> damaged = new TreeMap<>();
  private final ArrayDeque<Merge> running = new ArrayDeque<>();
  private final ArrayDeque<TreeCallback> requests = new ArrayDeque<>();

  /** Those whose merge has begun, up to the moment they are told how it ended. */
  private final List<TreeCallback> underWay = new ArrayList<>();

  private boolean waitsPatiently;
  private boolean waitsUrgently;
  private boolean paused;

  Compactor(
      TreeContext context, Contents contents, ManifestQueue manifests, Runnable levelsChanged) {
    this.context = context;
    this.upkeep = context.upkeep();
    this.contents = contents;
    this.manifests = manifests;
    this.levelsChanged = levelsChanged;
    this.slots = context.resources().compactions();
    this.picker = picker(context.options());
    upkeep.whenFailed(this::fail);
  }

  private static CompactionPicker picker(TreeOptions options) {
    return new CompactionPicker(
        options.level0Tables(),
        options.baseLevelBytes(),
        options.levelFactor(),
        options.compressions());
  }

  /** The tree's options are others. */
  void alter() {
    picker = picker(context.options());
  }

  /** Bytes that compactions have to move for every level to be within its measure. */
  long debtBytes() {
    return picker.debtBytes(contents.layers().levels(), damaged::containsKey);
  }

  /** Merges all tables into the last level, as soon as no other compaction runs. */
  void request(TreeCallback callback) {
    requests.addLast(callback);
    schedule();
  }

  /** Begins what should run and can. */
  void schedule() {
    while (!paused && upkeep.isOpen() && !contents.isBeingReplaced()) {
      CompactionPlan plan = plan();
      if (plan == null) {
        return;
      }
      if (!plan.move() && !takeSlot(plan.isUrgent())) {
        return;
      }
      plan.tables().forEach(table -> busy.add(table.number()));
      if (plan.move()) {
        move(plan);
      } else {
        TreeCallback requester = requests.poll();
        if (requester != null) {
          underWay.add(requester);
        }
        Merge merge = new Merge(plan, requester);
        running.add(merge);
        upkeep.start(merge);
      }
    }
  }

  /** Ends what runs: the tree was cleared. */
  void clear() {
    running.forEach(Upkeep.Job::cancel);
    busy.clear();
    damaged.clear();
  }

  /** Tells all who wait that it was in vain. */
  void fail(IOException why) {
    List<TreeCallback> all = new ArrayList<>(underWay);
    all.addAll(requests);
    underWay.clear();
    requests.clear();
    all.forEach(callback -> callback.done(why));
  }

  private @Nullable CompactionPlan plan() {
    Levels levels = contents.layers().levels();
    while (!requests.isEmpty()) {
      if (!busy.isEmpty()) {
        return null;
      }
      CompactionPlan plan = damaged.isEmpty() ? picker.pickAll(levels) : null;
      if (plan != null) {
        return plan;
      }
      requests.removeFirst().done(damaged.isEmpty() ? null : damaged.get(damaged.firstKey()));
    }
    return picker.pick(levels, busy::contains, damaged::containsKey, horizon());
  }

  private long horizon() {
    return contents.horizon(manifests.state().lastVersion());
  }

  private boolean takeSlot(boolean urgent) {
    if (waitsUrgently || (waitsPatiently && !urgent)) {
      return false;
    }
    boolean taken = slots.tryTake(urgent, () -> context.lane().complete(this::slotMayBeFree));
    if (!taken) {
      waitsUrgently = urgent;
      waitsPatiently = !urgent;
    }
    return taken;
  }

  private void slotMayBeFree() {
    // Whoever was told for a patient plan may have an urgent one by now: either asks anew.
    waitsUrgently = false;
    waitsPatiently = false;
    int before = running.size();
    schedule();
    if (running.size() == before && !waitsUrgently && !waitsPatiently) {
      slots.passOn();
    }
  }

  private void move(CompactionPlan plan) {
    long startedNanos = context.nowNanos();
    List<TableHandle> tables = plan.tables();
    record(
        plan,
        tables,
        contents.layers().floor(),
        () -> tellListener(plan, tables, startedNanos),
        () -> {});
  }

  private void record(
      CompactionPlan plan,
      List<TableHandle> outputs,
      long floor,
      Runnable inForce,
      Runnable obsolete) {
    Collection<TableHandle> inputs = plan.tables();
    manifests.submit(
        new ManifestQueue.Change(
            contents.epoch(),
            false,
            inputs,
            new TreeMap<>(Map.of(plan.toLevel(), outputs)),
            null,
            floor,
            0,
            () -> {
              inputs.forEach(table -> busy.remove(table.number()));
              contents.installCompaction(inputs, plan.toLevel(), outputs, floor);
              inForce.run();
              levelsChanged.run();
            },
            obsolete));
  }

  private void tellListener(CompactionPlan plan, List<TableHandle> outputs, long startedNanos) {
    context
        .resources()
        .listener()
        .compacted(
            new CompactionEvent(
                context.directory(),
                plan.reason().name(),
                plan.fromLevel(),
                plan.toLevel(),
                plan.tables().size(),
                plan.bytes(),
                outputs.size(),
                outputs.stream().mapToLong(table -> table.meta().fileBytes()).sum(),
                plan.move(),
                context.nowNanos() - startedNanos));
  }

  private final class Merge extends Upkeep.Job {
    private final CompactionPlan plan;
    private final @Nullable TreeCallback requester;
    private final Levels levels = contents.holdLevels();
    private final long horizon = horizon();
    private final long startedNanos = context.nowNanos();
    private final Rewrite rewrite;
    private List<TableHandle> outputs = List.of();

    Merge(CompactionPlan plan, @Nullable TreeCallback requester) {
      this.plan = plan;
      this.requester = requester;
      this.rewrite =
          Rewrite.ofTables(
              plan, levels, horizon, context.target(plan.toLevel(), tableBytes(plan.toLevel())));
    }

    /** In level 0, where tables are counted, one is made of several. */
    private long tableBytes(int level) {
      return level == 0 ? Long.MAX_VALUE : context.options().tableBytes();
    }

    @Override
    boolean step() throws IOException {
      if (!rewrite.step(context.options().stepBytes())) {
        return false;
      }
      outputs = context.openNew(rewrite.outputs());
      return true;
    }

    @Override
    long limitedBytes() {
      return 2 * context.options().stepBytes();
    }

    @Override
    void abandon() throws IOException {
      context.close(outputs);
      rewrite.abandon();
    }

    @Override
    void finish() {
      end();
      upkeep.succeeded(Upkeep.Kind.COMPACTION);
      record(
          plan,
          outputs,
          horizon,
          () -> {
            tellListener(plan, outputs, startedNanos);
            tellRequester(null);
          },
          () -> tellRequester(null));
      schedule();
    }

    @Override
    void fail(IOException why) {
      end();
      plan.tables().forEach(table -> busy.remove(table.number()));
      if (requester != null && underWay.remove(requester)) {
        requests.addFirst(requester);
      }
      TableHandle culprit = culprit(why);
      if (culprit != null) {
        leaveAlone(culprit, (CorruptionException) why);
        return;
      }
      paused = true;
      upkeep.failed(Upkeep.Kind.COMPACTION, why, this::resume);
    }

    private void leaveAlone(TableHandle table, CorruptionException why) {
      damaged.put(table.number(), why);
      context.resources().listener().damaged(context.directory(), why.damage());
      levelsChanged.run(); // what is left may be compacted otherwise
    }

    /** The input that a failure says is damaged. */
    private @Nullable TableHandle culprit(IOException why) {
      if (!(why instanceof CorruptionException corruption)) {
        return null;
      }
      String file = corruption.damage().file();
      return plan.tables().stream()
          .filter(table -> table.reader().path().equals(file))
          .findFirst()
          .orElse(null);
    }

    private void resume() {
      paused = false;
      schedule();
      if (running.isEmpty()) {
        upkeep.succeeded(Upkeep.Kind.COMPACTION); // nothing is left that could want space
      }
    }

    @Override
    void cancelled() {
      end();
      tellRequester(null);
      schedule();
    }

    private void tellRequester(@Nullable IOException failure) {
      if (requester != null && underWay.remove(requester)) {
        requester.done(failure);
      }
    }

    private void end() {
      levels.release();
      running.remove(this);
      slots.release();
    }
  }
}
