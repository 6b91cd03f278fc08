package io.distkv.node.replica;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Tells those who watch a replica what each entry changes, as it is applied. While nobody watches
 * it notes nothing.
 *
 * <p>An entry's changes are told together, in the order of their keys, one for each: what an entry
 * writes to a key twice was never seen by anybody. Used on the replica's lane only.
 */
final class ChangeFeed {
  private final List<Listener> listeners = new ArrayList<>();
  private final List<Change> noted = new ArrayList<>();
  private boolean cleared;

  /** Who is told. */
  interface Listener {

    /**
     * An entry has been applied.
     *
     * @param changes of its version, by key; perhaps none, and never to be changed
     */
    void applied(long version, List<Change> changes);

    /** What follows has nothing to do with what was told so far: all of it may be different. */
    void interrupted();
  }

  void add(Listener listener) {
    listeners.add(listener);
  }

  void remove(Listener listener) {
    listeners.remove(listener);
  }

  /** Whether anybody watches; if not, nothing need be noted. */
  boolean isWatched() {
    return !listeners.isEmpty();
  }

  /** The entry that is being applied changes a key. */
  void note(Change change) {
    noted.add(change);
  }

  /** The entry that is being applied removes every key. */
  void noteClear() {
    noted.clear();
    cleared = true;
  }

  /** The entry is applied and can be seen. */
  void applied(long version) {
    if (listeners.isEmpty()) {
      return;
    }
    if (cleared) {
      cleared = false;
      noted.clear();
      interrupt();
      return;
    }
    List<Change> changes = takeNoted();
    for (Listener listener : List.copyOf(listeners)) {
      listener.applied(version, changes);
    }
  }

  private List<Change> takeNoted() {
    if (noted.isEmpty()) {
      return List.of();
    }
    List<Change> changes;
    if (noted.size() == 1) {
      changes = List.of(noted.getFirst());
    } else {
      NavigableMap<byte[], Change> last = new TreeMap<>(Arrays::compareUnsigned);
      noted.forEach(change -> last.put(change.key(), change));
      changes = List.copyOf(last.values());
    }
    noted.clear();
    return changes;
  }

  /** The state was replaced, or emptied, or is given up. */
  void interrupt() {
    noted.clear();
    for (Listener listener : List.copyOf(listeners)) {
      listener.interrupted();
    }
  }
}
