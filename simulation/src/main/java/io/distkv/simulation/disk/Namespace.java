package io.distkv.simulation.disk;

import io.distkv.simulation.world.SimulatedRandomness;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The names on a disk, as programs see them and as the disk may hold them.
 *
 * <p>Each change (a creation, link, deletion, or the two halves of a rename together) may or may
 * not have reached the disk until its directory is synced, in any order, but for one rule: a change
 * that touches a name cannot be there without the earlier ones that touched the same name. A rename
 * is never seen half done: file systems with a journal of their own keep that promise, and no
 * program could do without it.
 */
final class Namespace {
  private final NavigableMap<String, Node> seen = new TreeMap<>();
  private final NavigableMap<String, Node> durable = new TreeMap<>();
  private final List<Change> unsynced = new ArrayList<>();

  @Nullable Node get(String path) {
    return path.isEmpty() ? Node.Directory.INSTANCE : seen.get(path);
  }

  /** The names right below a directory, sorted. */
  List<String> list(String directory) {
    String prefix = directory.isEmpty() ? "" : directory + "/";
    List<String> names = new ArrayList<>();
    for (String path : seen.tailMap(prefix, true).keySet()) {
      if (!path.startsWith(prefix)) {
        break;
      }
      if (path.indexOf('/', prefix.length()) < 0 && path.length() > prefix.length()) {
        names.add(path.substring(prefix.length()));
      }
    }
    return names;
  }

  void put(String path, Node node) {
    change(new Change(List.of(new Edit(path, node))));
  }

  void remove(String path) {
    change(new Change(List.of(new Edit(path, null))));
  }

  void rename(String from, String to, Node node) {
    change(new Change(List.of(new Edit(to, node), new Edit(from, null))));
  }

  /** Makes durable every change in a directory, and what those changes rest on. */
  void sync(String directory) {
    settle(path -> SimulatedDisk.parent(path).equals(directory));
  }

  /** Makes a new directory durable at once. */
  void putDurably(String directory) {
    put(directory, Node.Directory.INSTANCE);
    settle(directory::equals);
  }

  void crash(SimulatedRandomness random) {
    Survival survival = new Survival(random, 0, unsynced.size());
    TreeSet<String> missing = new TreeSet<>();
    for (int i = 0; i < unsynced.size(); i++) {
      Change change = unsynced.get(i);
      if (change.touches(missing) || !survival.survives(i)) {
        change.addPathsTo(missing);
      } else {
        change.applyTo(durable);
      }
    }
    unsynced.clear();
    seen.clear();
    seen.putAll(durable);
  }

  /** Every name as programs see it; to be read only. */
  NavigableMap<String, Node> paths() {
    return seen;
  }

  /** Makes every change durable. */
  void syncAll() {
    settle(path -> true);
  }

  private void change(Change change) {
    change.applyTo(seen);
    unsynced.add(change);
  }

  private void settle(Predicate<String> wanted) {
    TreeSet<String> needed = new TreeSet<>();
    List<Change> settled = new ArrayList<>();
    List<Change> left = new ArrayList<>();
    for (Change change : unsynced.reversed()) {
      boolean direct = change.edits.stream().map(Edit::path).anyMatch(wanted);
      if (direct || change.touches(needed)) {
        change.addPathsTo(needed);
        settled.add(change);
      } else {
        left.add(change);
      }
    }
    settled.reversed().forEach(change -> change.applyTo(durable));
    unsynced.clear();
    unsynced.addAll(left.reversed());
  }

  private record Edit(String path, @Nullable Node node) {}

  private record Change(List<Edit> edits) {

    void applyTo(NavigableMap<String, Node> names) {
      for (Edit edit : edits) {
        if (edit.node == null) {
          names.remove(edit.path);
        } else {
          names.put(edit.path, edit.node);
        }
      }
    }

    void addPathsTo(TreeSet<String> paths) {
      edits.forEach(edit -> paths.add(edit.path));
    }

    /** Whether it concerns one of the paths, or a directory and what is in it. */
    boolean touches(TreeSet<String> paths) {
      for (Edit edit : edits) {
        String path = edit.path;
        String below = paths.ceiling(path + "/");
        if (paths.contains(path) || (below != null && below.startsWith(path + "/"))) {
          return true;
        }
        for (String up = SimulatedDisk.parent(path); !up.isEmpty(); up = SimulatedDisk.parent(up)) {
          if (paths.contains(up)) {
            return true;
          }
        }
      }
      return false;
    }
  }
}
