package io.distkv.node.replica;

import io.distkv.base.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Tells those who watch keys of a replica what each entry changes of them, as it is applied. While
 * nobody watches it notes nothing. Those whose keys an entry does not change are not told of it,
 * and cost it next to nothing, however many they are.
 *
 * <p>An entry's changes are told together, in the order of their keys, one for each: what an entry
 * writes to a key twice was never seen by anybody. Used on the replica's lane only.
 */
final class ChangeFeed {
  private final RangeTree<Listener> listeners = new RangeTree<>();
  private final List<Change> noted = new ArrayList<>();
  private boolean cleared;
  private long through = Version.NONE;

  /** Who is told. */
  interface Listener {

    /**
     * An entry has been applied that changes keys of the listener's range.
     *
     * @param changes of these keys, of the entry's version, by key; never to be changed
     */
    void applied(long version, List<Change> changes);

    /** What follows has nothing to do with what was told so far: all of it may be different. */
    void interrupted();
  }

  /** Those who are told of some of an entry's changes. */
  private record Told(List<Listener> listeners, List<Change> changes) {}

  void add(ChangeRange range, Listener listener) {
    listeners.add(range, listener);
  }

  void remove(ChangeRange range, Listener listener) {
    listeners.remove(range, listener);
  }

  /** Whether anybody watches; if not, nothing need be noted. */
  boolean isWatched() {
    return !listeners.isEmpty();
  }

  /** The version up to which everything that was applied is told. */
  long through() {
    return through;
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
    through = version;
    if (cleared) {
      cleared = false;
      interrupt();
    } else if (!noted.isEmpty()) {
      List<Change> changes = takeNoted();
      for (Told told : whoIsTold(changes)) {
        told.listeners.forEach(listener -> listener.applied(version, told.changes));
      }
    }
  }

  private List<Change> takeNoted() {
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

  /** Finds out before anybody is told: who is may begin and end to listen. */
  private List<Told> whoIsTold(List<Change> changes) {
    List<Told> found = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      int first = i;
      listeners.find(
          changes.get(first).key(),
          (range, those) -> {
            // The changes are by key, so those of a range are one behind the other.
            if (first == 0 || !range.contains(changes.get(first - 1).key())) {
              found.add(new Told(those, changes.subList(first, end(range, changes, first))));
            }
          });
    }
    return found;
  }

  /** Where those of a range end, of which the first is there. */
  private static int end(ChangeRange range, List<Change> changes, int first) {
    int end = first + 1;
    while (end < changes.size() && range.contains(changes.get(end).key())) {
      end++;
    }
    return end;
  }

  /** The state was replaced, or emptied, or is given up. */
  void interrupt() {
    noted.clear();
    listeners.all().forEach(Listener::interrupted);
  }
}
