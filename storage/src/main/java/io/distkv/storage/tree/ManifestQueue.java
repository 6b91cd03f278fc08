package io.distkv.storage.tree;

import io.distkv.storage.level.TableHandle;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.manifest.Manifest;
import io.distkv.storage.manifest.ManifestEdit;
import io.distkv.storage.manifest.ManifestEdit.Placed;
import io.distkv.storage.manifest.ManifestState;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The edits of a tree on their way into its manifest: one write and one sync for all that wait, and
 * then, in order, the consequences of each on the lane.
 *
 * <p>Holds every table that the manifest names, and this alone decides when a file may go: once a
 * durable edit has taken the table out. A change that was made before the tree was cleared is
 * thrown away here if it has not been written yet; if it has, the edit that records the clear will
 * take its tables out again. An edit whose writing failed is neither: a crash may bring it into
 * force. So after a failure no table goes before another edit is durable, which says all anew.
 *
 * <p>On the lane only.
 */
final class ManifestQueue {

  /**
   * A change that wants to come into force.
   *
   * @param epoch of the contents it was made for
   * @param clear whether all tables so far go
   * @param removed tables that go
   * @param added tables that come, by their level; the change's hold on them passes to the queue
   * @param applied how far the tables hold the log; null if that stays
   * @param floor oldest version that can be read afterwards
   * @param version last version whose entries the tables hold; 0 if that stays
   * @param inForce called when the change is durable, unless the tree was cleared meanwhile
   * @param obsolete called when the tree was cleared before the change came into force
   */
  record Change(
      int epoch,
      boolean clear,
      Collection<TableHandle> removed,
      SortedMap<Integer, ? extends Collection<TableHandle>> added,
      @Nullable Applied applied,
      long floor,
      long version,
      Runnable inForce,
      Runnable obsolete) {

    /** All tables that come. */
    private List<TableHandle> tables() {
      return added.values().stream().<TableHandle>flatMap(Collection::stream).toList();
    }
  }

  private final Upkeep upkeep;
  private final Manifest manifest;
  private final IntSupplier epoch;
  private final LongSupplier nextFileNumber;
  private final ArrayDeque<Change> waiting = new ArrayDeque<>();
  private final TreeMap<Long, TableHandle> named = new TreeMap<>();
  private final List<TableHandle> withheld = new ArrayList<>();
  private ManifestState state;
  private boolean busy;

  /** Whether the last edits failed, and a crash may bring them into force all the same. */
  private boolean doubtful;

  /**
   * Makes an empty queue.
   *
   * @param tables all that the manifest names; their first hold passes to the queue
   */
  ManifestQueue(
      Upkeep upkeep,
      Manifest manifest,
      Collection<TableHandle> tables,
      IntSupplier epoch,
      LongSupplier nextFileNumber) {
    this.upkeep = upkeep;
    this.manifest = manifest;
    this.epoch = epoch;
    this.nextFileNumber = nextFileNumber;
    this.state = manifest.state();
    tables.forEach(table -> named.put(table.number(), table));
  }

  /** What is durable. */
  ManifestState state() {
    return state;
  }

  /** The tables that {@link #state} names. */
  Collection<TableHandle> tables() {
    return named.values();
  }

  void submit(Change change) {
    waiting.addLast(change);
    pump();
  }

  private void pump() {
    if (busy || !upkeep.isOpen()) {
      return;
    }
    List<Change> batch = new ArrayList<>();
    List<ManifestEdit> edits = new ArrayList<>();
    long floor = state.historyFloor();
    long version = state.lastVersion();
    while (!waiting.isEmpty()) {
      Change change = waiting.removeFirst();
      if (change.epoch < epoch.getAsInt()) {
        discard(change);
        continue;
      }
      floor = Math.max(floor, change.floor);
      version = Math.max(version, change.version);
      batch.add(change);
      edits.add(edit(change, floor, version));
    }
    if (!batch.isEmpty()) {
      busy = true;
      upkeep.start(new Append(batch, edits));
    }
  }

  private ManifestEdit edit(Change change, long floor, long version) {
    return new ManifestEdit(
        change.clear,
        change.removed.stream().map(TableHandle::number).toList(),
        placed(change),
        change.applied,
        nextFileNumber.getAsLong(),
        floor,
        version);
  }

  private static List<Placed> placed(Change change) {
    List<Placed> placed = new ArrayList<>();
    change.added.forEach(
        (level, tables) -> tables.forEach(table -> placed.add(new Placed(level, table.meta()))));
    return placed;
  }

  private void discard(Change change) {
    letGo(change);
    change.obsolete.run();
  }

  private void letGo(Change change) {
    for (TableHandle table : change.tables()) {
      if (named.containsKey(table.number())) {
        continue; // it was only to move, and stays held
      }
      if (doubtful) {
        withheld.add(table);
      } else {
        remove(table);
      }
    }
  }

  private static void remove(TableHandle table) {
    table.markObsolete();
    table.release();
  }

  private void inForce(Change change) {
    TreeMap<Long, TableHandle> gone = new TreeMap<>();
    if (change.clear) {
      gone.putAll(named);
    }
    change.removed.forEach(table -> gone.put(table.number(), table));
    for (TableHandle table : change.tables()) {
      gone.remove(table.number()); // a table that only moves stays held as it is
      named.putIfAbsent(table.number(), table);
    }
    for (TableHandle table : gone.values()) {
      named.remove(table.number());
      remove(table);
    }
    if (change.epoch == epoch.getAsInt()) {
      change.inForce.run();
    } else {
      change.obsolete.run();
    }
  }

  /** Lets go of all tables and returns the manifest to be closed; no job runs any more. */
  Manifest close() {
    waiting.forEach(this::letGo);
    waiting.clear();
    withheld.forEach(TableHandle::release);
    withheld.clear();
    named.values().forEach(TableHandle::release);
    named.clear();
    return manifest;
  }

  private final class Append extends Upkeep.Job {
    private final List<Change> batch;
    private final List<ManifestEdit> edits;

    Append(List<Change> batch, List<ManifestEdit> edits) {
      this.batch = batch;
      this.edits = edits;
    }

    @Override
    boolean step() throws IOException {
      manifest.append(edits);
      return true;
    }

    @Override
    void finish() {
      busy = false;
      doubtful = false;
      withheld.forEach(ManifestQueue::remove);
      withheld.clear();
      state = state.after(edits);
      upkeep.succeeded(Upkeep.Kind.MANIFEST);
      batch.forEach(ManifestQueue.this::inForce);
      pump();
    }

    @Override
    void cancelled() {
      putBack();
    }

    private void putBack() {
      busy = false;
      batch.reversed().forEach(waiting::addFirst);
    }

    @Override
    void fail(IOException why) {
      doubtful = true;
      putBack();
      upkeep.failed(Upkeep.Kind.MANIFEST, why, ManifestQueue.this::pump);
    }
  }
}
