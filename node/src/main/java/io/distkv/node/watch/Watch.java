package io.distkv.node.watch;

import io.distkv.base.Clock;
import io.distkv.base.Lane;
import io.distkv.base.Version;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.Change;
import io.distkv.node.replica.ChangeRange;
import io.distkv.node.replica.Keyspace;
import io.distkv.node.replica.Replica;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client's watch of some keys of a keyspace: every change of them behind a version, once, in
 * the order of versions over all partitions.
 *
 * <p>Each partition tells its own changes in order, and up to which version it has told all. A
 * change is passed on when no partition can come with an older one any more; a partition that says
 * nothing is asked to make sure, which makes it give higher versions only. So the version that goes
 * with each delivery is one number for the whole keyspace, from which another watch can go on
 * without a gap and without a repetition.
 *
 * <p>Nothing is asked of a partition before what it told last was passed on, and nothing is passed
 * on before the client wants it: what a slow client has not taken stays in the replicas, which hold
 * a bounded part of it and look the rest up in their state.
 *
 * <p>Used on its home lane only.
 */
public final class Watch {
  private static final long MOST_HELD_BYTES = 4 << 20;
  private static final long LEAST_HELD_BYTES = 64 << 10;
  private static final int MOST_TOLD_CHANGES = 1_000;
  private static final long MOST_TOLD_BYTES = 1 << 20;

  /** Marks are of whole seconds, so that one entry of a partition does for those of all watches. */
  private static final long MARK_GRAIN_MILLIS = 1_000;

  private static final Comparator<Change> BY_KEY =
      Comparator.comparing(Change::key, Arrays::compareUnsigned);

  private final Lane home;
  private final Clock clock;
  private final ChangeRange range;
  private final WatchSink sink;
  private final long progressNanos;
  private final Runnable whenOver;
  private final List<WatchPart> parts = new ArrayList<>();

  /** In the order in which they are told; all of the versions that are in it. */
  private final Deque<Change> ready = new ArrayDeque<>();

  /** Up to this version, everything was told or is ready. */
  private long readyThrough;

  private long toldThrough;
  private long start;
  private int awaitedNewest;
  private boolean begun;
  private boolean confirmed;
  private boolean wanted;
  private boolean planned;
  private boolean markDue;
  private boolean over;
  private Lane.@Nullable Cancellable timer;

  /**
   * Of the parts of a keyspace.
   *
   * @param progressNanos after which a mark tells how far everything was told, if nothing else did
   * @param whenOver told once, when it is closed or ends by itself
   */
  Watch(
      Lane home,
      Clock clock,
      Keyspace keyspace,
      ChangeRange range,
      long progressNanos,
      WatchSink sink,
      Runnable whenOver) {
    this.home = home;
    this.clock = clock;
    this.range = range;
    this.progressNanos = progressNanos;
    this.sink = sink;
    this.whenOver = whenOver;
    for (Replica replica : keyspace.replicas()) {
      parts.add(new WatchPart(this, replica, home));
    }
  }

  /**
   * Begins. The first delivery tells where, and may be without changes.
   *
   * @param after the version behind which it begins; {@link Version#NONE} for the newest
   */
  void start(long after) {
    if (after == Version.NONE) {
      awaitedNewest = parts.size();
      parts.forEach(WatchPart::newest);
    } else {
      begin(after);
    }
  }

  /** The version behind which a partition's changes are new. */
  void newest(long version) {
    start = Math.max(start, version);
    if (--awaitedNewest == 0 && !over) {
      // The clock of a lane that has written nothing may be behind that of one that has.
      parts.forEach(part -> part.observe(start));
      begin(start);
    }
  }

  private void begin(long after) {
    begun = true;
    start = after;
    readyThrough = after - 1;
    toldThrough = after - 1;
    long heldBytes = Math.max(LEAST_HELD_BYTES, MOST_HELD_BYTES / parts.size());
    parts.forEach(part -> part.begin(range, after, heldBytes));
    parts.forEach(part -> part.ask(after));
    planMark();
  }

  /** The client can take one more delivery. */
  public void pull() {
    wanted = true;
    planGoOn();
  }

  /** Nobody is told anything any more. */
  public void close() {
    if (!over) {
      over = true;
      if (timer != null) {
        timer.cancel();
      }
      if (begun) {
        parts.forEach(WatchPart::close);
      }
      whenOver.run();
    }
  }

  /** Ends it from the node's side; the client is told. */
  void end(Reply.Failure why) {
    if (!over) {
      close();
      sink.ended(why, confirmed ? toldThrough : start);
    }
  }

  /** A partition has told something: many may in one turn. */
  void planGoOn() {
    if (!planned && !over) {
      planned = true;
      home.atTurnEnd(this::goOn);
    }
  }

  private void goOn() {
    planned = false;
    if (over || !begun || !wanted) {
      return;
    }
    if (ready.isEmpty()) {
      gather();
    }
    boolean confirming = !confirmed && readyThrough >= start;
    boolean marking = markDue && readyThrough > toldThrough;
    if (!ready.isEmpty() || confirming || marking) {
      tell();
    }
  }

  /** Makes ready what no partition can come before any more, and asks for what is missing. */
  private void gather() {
    while (ready.size() < MOST_TOLD_CHANGES) {
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
        take(next);
        readyThrough = next;
      } else {
        readyThrough = Math.max(readyThrough, Math.min(certain, next - 1));
        askFor(next == Version.LATEST ? Version.NONE : next);
        return;
      }
    }
  }

  /** Takes what the partitions have of the smallest version of all; a batch may be in several. */
  private void take(long version) {
    List<Change> taken = new ArrayList<>();
    int sources = 0;
    for (WatchPart part : parts) {
      int before = taken.size();
      for (Change head = part.head();
          head != null && head.version() == version;
          head = part.head()) {
        taken.add(part.take());
      }
      sources += taken.size() > before ? 1 : 0;
    }
    if (sources > 1) {
      taken.sort(BY_KEY);
    }
    ready.addAll(taken);
  }

  private void askFor(long version) {
    for (WatchPart part : parts) {
      if (part.head() == null) {
        part.ask(part.through() < version ? version : Version.NONE);
      }
    }
  }

  private void tell() {
    List<Change> told = new ArrayList<>(Math.min(ready.size(), MOST_TOLD_CHANGES));
    long bytes = 0;
    long last = readyThrough;
    while (!ready.isEmpty() && told.size() < MOST_TOLD_CHANGES && bytes < MOST_TOLD_BYTES) {
      Change change = ready.remove();
      told.add(change);
      bytes += change.sizeBytes();
      last = change.version();
    }
    Change rest = ready.peek();
    if (rest == null) {
      toldThrough = readyThrough;
    } else if (rest.version() > last) {
      toldThrough = last;
    } else {
      toldThrough = Math.max(toldThrough, last - 1);
    }
    wanted = false;
    confirmed = true;
    markDue = false;
    sink.changes(told, toldThrough);
  }

  private void planMark() {
    if (progressNanos > 0) {
      timer = home.schedule(progressNanos, this::mark);
    }
  }

  /** Nothing was told for a while, perhaps: finds out up to which version there is nothing. */
  private void mark() {
    if (over) {
      return;
    }
    if (markDue && wanted && ready.isEmpty()) {
      askFor(Version.ofMillis(clock.wallMillis() / MARK_GRAIN_MILLIS * MARK_GRAIN_MILLIS));
    }
    markDue = true;
    planGoOn();
    planMark();
  }
}
