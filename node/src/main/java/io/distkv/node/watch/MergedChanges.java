package io.distkv.node.watch;

import io.distkv.base.Lane;
import io.distkv.base.Version;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.Change;
import io.distkv.node.replica.ChangeRange;
import io.distkv.node.replica.Replica;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * The changes of some keys of a keyspace, in the order of versions over all partitions, for those
 * who watch them on one lane.
 *
 * <p>Each partition tells its own changes in order, and up to which version it has told all. A
 * change is gathered when no partition can come with an older one any more; a partition that says
 * nothing is asked to make sure, which makes it give higher versions only. So the version that goes
 * with each block is one number for the whole keyspace, from which another watch can go on without
 * a gap and without a repetition.
 *
 * <p>Nothing is asked of a partition before what it told last was gathered, and nothing is gathered
 * before a watch has taken all there is and wants more. The quickest watch leads; what others have
 * not taken is held, up to a bound. Who is further behind is let go, and begins anew where it is
 * with what the replicas still have of the past.
 *
 * <p>Invariant: every change above the window's floor and up to {@code readyThrough} is in the
 * window, or a watch has it.
 *
 * <p>Used on its home lane only.
 */
final class MergedChanges {
  /** Of the changes of one block and, if they are several, of their bytes. */
  static final int MOST_BLOCK_CHANGES = 1_000;

  static final long MOST_BLOCK_BYTES = 1 << 20;

  private static final long MOST_HELD_BYTES = 4 << 20;

  /** What partitions hold each, however many they are. */
  private static final long LEAST_PART_BYTES = 64 << 10;

  /** Held even if all have taken it, for those who are about to join. */
  private static final long LEAST_HELD_BYTES = 16 << 10;

  private static final Comparator<Change> BY_KEY =
      Comparator.comparing(Change::key, Arrays::compareUnsigned);

  private final Lane home;
  private final ChangeRange range;
  private final SharedChanges shared;
  private final List<WatchPart> parts = new ArrayList<>();
  private final Set<Watch> watches = new LinkedHashSet<>();
  private final Runnable goOn = this::goOn;
  private ChangeWindow window = new ChangeWindow(Version.NONE);

  /** The window is looked through for what can be let go when it holds more than this. */
  private long trimAtBytes = 2 * LEAST_HELD_BYTES;

  /** Up to this version, everything was gathered. */
  private long readyThrough;

  /** Up to this version, it is to find out what there is, even if that is nothing. */
  private long requiredThrough;

  private int awaitedNewest;
  private long newest;
  private boolean begun;
  private boolean awaited;
  private boolean planned;
  private boolean over;

  /**
   * Of the partitions that may have such keys.
   *
   * @param shared told once, when nobody watches any more or it ends by itself
   */
  MergedChanges(Lane home, List<Replica> replicas, ChangeRange range, SharedChanges shared) {
    this.home = home;
    this.range = range;
    this.shared = shared;
    for (Replica replica : replicas) {
      parts.add(new WatchPart(this, replica, home));
    }
  }

  /** Finds the version behind which changes are new, before it begins. */
  void findNewest(LongConsumer found) {
    awaitedNewest = parts.size();
    parts.forEach(part ->
        part.newest(version -> {
          newest = Math.max(newest, version);
          if (--awaitedNewest == 0) {
            // The clock of a lane that has written nothing may be behind that of one that has.
            parts.forEach(other -> other.observe(newest));
            found.accept(newest);
          }
        }));
  }

  /** Begins behind a version, with nothing; then watches may join. */
  void begin(long after) {
    begun = true;
    window = new ChangeWindow(after);
    readyThrough = after - 1;
    requiredThrough = after;
  }

  /** Asks for the first, when a watch has joined: perhaps there is none, and it ends at once. */
  void open() {
    long heldBytes = Math.max(LEAST_PART_BYTES, MOST_HELD_BYTES / parts.size());
    long after = requiredThrough;
    parts.forEach(part -> part.begin(range, after, heldBytes));
    parts.forEach(part -> part.ask(after));
  }

  /**
   * One more watches.
   *
   * @return its place, before everything that is held
   */
  ChangeWindow.Place join(Watch watch) {
    watches.add(watch);
    return window.begin();
  }

  /** One watches no more; the last one ends it. */
  void leave(Watch watch) {
    watches.remove(watch);
    if (watches.isEmpty()) {
      close();
    }
  }

  private void close() {
    if (!over) {
      over = true;
      if (begun) {
        parts.forEach(WatchPart::close);
      }
      shared.over(this);
    }
  }

  /** A partition tells nothing any more. */
  void end(Reply.Failure why) {
    if (!over) {
      List<Watch> ended = List.copyOf(watches);
      close();
      ended.forEach(watch -> watch.end(why));
    }
  }

  /** Up to this version, everything was gathered. */
  long readyThrough() {
    return readyThrough;
  }

  /** Whether a watch misses nothing here that has been told everything up to a version. */
  boolean holdsAllAfter(long version) {
    return begun && window.floor() <= version;
  }

  /** Whether it gathers what is applied, and not what there was before. */
  boolean isLive() {
    return begun && parts.stream().allMatch(WatchPart::isLive);
  }

  /** Whether a watch waits for more, so that it goes on as soon as there is any. */
  boolean isAwaited() {
    return awaited;
  }

  /** A watch has taken all there is, and wants more: it is told when there is something. */
  void await() {
    awaited = true;
    plan();
  }

  /** Finds out what there is up to a version, if a watch waits. */
  void require(long version) {
    requiredThrough = Math.max(requiredThrough, version);
    plan();
  }

  /** A partition has told something: many may in one turn. */
  void plan() {
    if (!planned && !over) {
      planned = true;
      home.atTurnEnd(goOn);
    }
  }

  private void goOn() {
    planned = false;
    if (over || !begun || !awaited) {
      return;
    }
    long readyBefore = readyThrough;
    ChangeWindow.Place end = window.end();
    gather();
    if (window.end() != end || readyThrough > readyBefore) {
      awaited = false;
      trim(end);
      watches.forEach(Watch::planGoOn);
    }
  }

  /**
   * Gathers what no partition can come before any more, and asks for what is missing. One block at
   * a time, but a version whole.
   */
  private void gather() {
    List<Change> gathered = new ArrayList<>();
    long bytes = 0;
    boolean more = true;
    while (more && gathered.size() < MOST_BLOCK_CHANGES && bytes < MOST_BLOCK_BYTES) {
      long next = Version.LATEST;
      long certain = Version.LATEST;
      for (WatchPart part : parts) {
        Change head = part.head();
        if (head == null) {
          certain = Math.min(certain, part.through());
        } else {
          next = Math.min(next, head.version());
        }
      }
      if (next <= certain && next != Version.LATEST) {
        bytes += take(next, gathered);
        readyThrough = next;
      } else {
        readyThrough = Math.max(readyThrough, Math.min(certain, next - 1));
        askFor(next == Version.LATEST ? stillRequired() : next);
        more = false;
      }
    }
    hold(gathered);
  }

  private long stillRequired() {
    return readyThrough < requiredThrough ? requiredThrough : Version.NONE;
  }

  /** Takes what the partitions have of the smallest version of all; a batch may be in several. */
  private long take(long version, List<Change> gathered) {
    int first = gathered.size();
    int sources = 0;
    long bytes = 0;
    for (WatchPart part : parts) {
      int before = gathered.size();
      for (Change head = part.head();
          head != null && head.version() == version;
          head = part.head()) {
        gathered.add(part.take());
        bytes += head.sizeBytes();
      }
      sources += gathered.size() > before ? 1 : 0;
    }
    if (sources > 1) {
      gathered.subList(first, gathered.size()).sort(BY_KEY);
    }
    return bytes;
  }

  private void askFor(long version) {
    for (WatchPart part : parts) {
      if (part.head() == null) {
        part.ask(part.through() < version ? version : Version.NONE);
      }
    }
  }

  /** Makes blocks of what was gathered: one, but where there is a version of more than that. */
  private void hold(List<Change> gathered) {
    int from = 0;
    while (from < gathered.size()) {
      int to = from;
      long bytes = 0;
      while (to < gathered.size() && to - from < MOST_BLOCK_CHANGES && bytes < MOST_BLOCK_BYTES) {
        bytes += gathered.get(to).sizeBytes();
        to++;
      }
      window.add(new ChangeBlock(gathered.subList(from, to), through(gathered, to)));
      from = to;
    }
  }

  /** The version up to which everything is told with the changes before one. */
  private long through(List<Change> gathered, int to) {
    if (to == gathered.size()) {
      return readyThrough;
    }
    long last = gathered.get(to - 1).version();
    return gathered.get(to).version() > last ? last : last - 1;
  }

  /**
   * Lets go of what all have taken and, beyond the bound, of what some have not. What was gathered
   * last is never let go, so that the quickest always goes on.
   *
   * @param last where what was gathered last begins
   */
  private void trim(ChangeWindow.Place last) {
    if (window.heldBytes() <= trimAtBytes) {
      return;
    }
    ChangeWindow.Place slowest = last;
    for (Watch watch : watches) {
      ChangeWindow.Place place = watch.place();
      if (place != null && place.isBefore(slowest)) {
        slowest = place;
      }
    }
    window.drop(slowest, LEAST_HELD_BYTES);
    if (window.heldBytes() > MOST_HELD_BYTES) {
      window.drop(last, MOST_HELD_BYTES / 2);
      for (Watch watch : List.copyOf(watches)) {
        ChangeWindow.Place place = watch.place();
        if (place != null && place.isBefore(window.begin())) {
          watches.remove(watch);
          watch.fallBehind();
        }
      }
    }
    trimAtBytes = Math.clamp(2 * window.heldBytes(), 2 * LEAST_HELD_BYTES, MOST_HELD_BYTES);
  }
}
