package io.distkv.node.watch;

import io.distkv.base.Clock;
import io.distkv.base.Lane;
import io.distkv.base.Version;
import io.distkv.node.command.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client's watch of some keys of a keyspace: every change of them behind a version, once, in
 * the order of versions over all partitions.
 *
 * <p>Those who watch the same keys from one lane take what they are told from the same {@link
 * MergedChanges}. A watch begins with one of its own, unless it can join the others' at once, and
 * joins them when it has come close enough. Nothing is passed on before the client wants it. One
 * that is so slow that it has been let go begins with one of its own again when it wants more: what
 * it has not taken stays in the replicas, which look it up in their state. If they have it no more,
 * it is told so: there is never a gap that nobody is told of.
 *
 * <p>Invariants: everything up to {@code position} was told or is in {@code rest}; everything up to
 * {@code toldThrough} was told.
 *
 * <p>Used on its home lane only.
 */
public final class Watch {
  /** Marks are of whole seconds, so that one entry of a partition does for those of all watches. */
  private static final long MARK_GRAIN_MILLIS = 1_000;

  private final Lane home;
  private final Clock clock;
  private final SharedChanges shared;
  private final long progressNanos;
  private final WatchSink sink;
  private final Runnable whenOver;
  private final Runnable goOn = this::goOn;

  /** What was not taken yet of a version that is told in pieces, when this watch was let go. */
  private final Deque<ChangeBlock> rest = new ArrayDeque<>();

  private long start;
  private long position;
  private long toldThrough;
  private boolean begun;
  private boolean confirmed;
  private boolean wanted;
  private boolean planned;
  private boolean markDue;
  private boolean over;
  private Lane.@Nullable Cancellable timer;

  /** Null before the watch begins, and when it has been let go. */
  private @Nullable MergedChanges source;

  /** How far it has come there. */
  private ChangeWindow.@Nullable Place place;

  /**
   * Of the keys that are watched together.
   *
   * @param progressNanos after which a mark tells how far everything was told, if nothing else did
   * @param whenOver told once, when it is closed or ends by itself
   */
  Watch(
      Lane home,
      Clock clock,
      SharedChanges shared,
      long progressNanos,
      WatchSink sink,
      Runnable whenOver) {
    this.home = home;
    this.clock = clock;
    this.shared = shared;
    this.progressNanos = progressNanos;
    this.sink = sink;
    this.whenOver = whenOver;
  }

  /**
   * Begins. The first delivery tells where, and may be without changes.
   *
   * @param after the version behind which it begins; {@link Version#NONE} for the newest
   */
  void start(long after) {
    MergedChanges own = shared.create();
    if (after == Version.NONE) {
      own.findNewest(newest -> beginNewest(own, newest));
    } else {
      begin(after);
      enterOwn(own, after);
    }
  }

  private void beginNewest(MergedChanges own, long newest) {
    if (over) {
      return;
    }
    begin(newest);
    MergedChanges apt = shared.forNewest(newest);
    if (apt == null) {
      enterOwn(own, newest);
    } else {
      join(apt);
    }
    planGoOn();
  }

  private void begin(long after) {
    begun = true;
    start = after;
    position = after;
    toldThrough = after - 1;
    planMark();
  }

  private void enter(MergedChanges entered) {
    source = entered;
    place = entered.join(this);
  }

  /** The first delivery tells where it begins, and nobody else may have asked for that. */
  private void join(MergedChanges others) {
    enter(others);
    if (!confirmed) {
      others.require(start);
    }
  }

  private void enterOwn(MergedChanges own, long after) {
    own.begin(after);
    enter(own);
    own.open();
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
      MergedChanges left = source;
      letGo();
      if (left != null) {
        left.leave(this);
      }
      rest.clear();
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

  /** How far it has come in the window of what it takes its changes from. */
  ChangeWindow.@Nullable Place place() {
    return place;
  }

  /** It is so far behind that what comes next is not held any more. */
  void fallBehind() {
    while (isInVersion()) {
      ChangeBlock next = nextBlock();
      if (next == null) {
        throw new IllegalStateException("a version without its last piece");
      }
      rest.add(take(next));
    }
    letGo();
  }

  /** Whether it has been told a part of a version, which cannot be begun again elsewhere. */
  private boolean isInVersion() {
    ChangeBlock last = place == null ? null : place.block();
    return last != null && position < last.lastVersion();
  }

  /** What is to be taken next, without what it knows already; null if there is nothing. */
  private @Nullable ChangeBlock nextBlock() {
    while (place != null && place.next() != null) {
      ChangeBlock block = place.next().block();
      if (block != null && block.lastVersion() > position) {
        return block.after(position);
      }
      place = place.next();
    }
    return null;
  }

  private void letGo() {
    source = null;
    place = null;
  }

  /** Goes on at the turn's end if the client wants anything. */
  void planGoOn() {
    if (wanted && !planned && !over) {
      planned = true;
      home.atTurnEnd(goOn);
    }
  }

  /** Tells what there is, or waits for it. */
  private void goOn() {
    planned = false;
    if (over || !begun || !wanted) {
      return;
    }
    if (!rest.isEmpty()) {
      ChangeBlock next = rest.remove();
      tell(List.of(next), next.through());
      return;
    }
    MergedChanges from = nextSource();
    if (over) {
      return;
    }
    List<ChangeBlock> blocks = take();
    boolean confirming = !confirmed && from.readyThrough() >= start;
    boolean marking = markDue && from.readyThrough() > toldThrough;
    if (!blocks.isEmpty()) {
      tell(blocks, blocks.getLast().through());
    } else if (confirming || marking) {
      position = Math.max(position, from.readyThrough());
      tell(blocks, from.readyThrough());
    } else {
      from.await();
    }
  }

  private MergedChanges nextSource() {
    MergedChanges from = source;
    if (from == null) {
      MergedChanges own = shared.create();
      enterOwn(own, position);
      return own;
    }
    MergedChanges next = isInVersion() ? from : shared.forNext(from, position);
    if (next != from) {
      from.leave(this);
      join(next);
    }
    return next;
  }

  /** Takes as many blocks as go together. */
  private List<ChangeBlock> take() {
    List<ChangeBlock> taken = new ArrayList<>(1);
    int changes = 0;
    long bytes = 0;
    for (ChangeBlock next = nextBlock(); next != null; next = nextBlock()) {
      changes += next.changes().size();
      bytes += next.sizeBytes();
      boolean tooMuch =
          changes > MergedChanges.MOST_BLOCK_CHANGES || bytes > MergedChanges.MOST_BLOCK_BYTES;
      if (tooMuch && !taken.isEmpty()) {
        break;
      }
      taken.add(take(next));
    }
    return taken;
  }

  private ChangeBlock take(ChangeBlock next) {
    position = next.through();
    if (place != null) {
      place = place.next();
    }
    return next;
  }

  private void tell(List<ChangeBlock> blocks, long through) {
    toldThrough = through;
    wanted = false;
    confirmed = true;
    markDue = false;
    sink.changes(blocks, through);
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
    if (markDue && wanted && source != null) {
      source.require(Version.ofMillis(clock.wallMillis() / MARK_GRAIN_MILLIS * MARK_GRAIN_MILLIS));
    }
    markDue = true;
    planGoOn();
    planMark();
  }
}
