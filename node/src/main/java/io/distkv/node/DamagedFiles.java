package io.distkv.node;

import io.distkv.storage.Damage;
import io.distkv.storage.tree.TreeListener;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files that reads or compactions found damaged since the start, each with the first finding.
 * The node's events are told of each file once; everything else of the node is served on.
 *
 * <p>Safe for use by any thread.
 */
final class DamagedFiles implements TreeListener {
  private final NodeEvents events;
  private final TreeListener trees;
  private final SortedMap<String, Damage> byFile = new TreeMap<>();

  DamagedFiles(NodeEvents events) {
    this.events = events;
    this.trees = events.trees();
  }

  /** Takes note of a finding. */
  void add(Damage damage) {
    synchronized (byFile) {
      if (byFile.putIfAbsent(damage.file(), damage) != null) {
        return;
      }
    }
    events.damaged(damage);
  }

  /** The first finding of each file, in the order of their names. */
  List<Damage> all() {
    synchronized (byFile) {
      return List.copyOf(byFile.values());
    }
  }

  @Override
  public void damaged(String directory, Damage damage) {
    trees.damaged(directory, damage);
    add(damage);
  }

  @Override
  public void flushed(FlushEvent event) {
    trees.flushed(event);
  }

  @Override
  public void compacted(CompactionEvent event) {
    trees.compacted(event);
  }

  @Override
  public void upkeepFailed(String directory, IOException why) {
    trees.upkeepFailed(directory, why);
  }
}
