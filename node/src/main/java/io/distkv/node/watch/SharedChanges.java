package io.distkv.node.watch;

import io.distkv.base.Lane;
import io.distkv.base.Version;
import io.distkv.node.replica.ChangeRange;
import io.distkv.node.replica.Replica;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the watches of the same keys on one lane have in common: the {@link MergedChanges} that most
 * of them take their changes from. Those who catch up have one of their own meanwhile.
 *
 * <p>Used on its home lane only.
 */
final class SharedChanges {
  /** A watch does not join one that is so far behind it, and for which nobody waits. */
  private static final long STALE_MILLIS = 1_000;

  private final Lane home;
  private final List<Replica> replicas;
  private final ChangeRange range;
  private int watches;
  private @Nullable MergedChanges current;

  /** Of the partitions that may have such keys. */
  SharedChanges(Lane home, List<Replica> replicas, ChangeRange range) {
    this.home = home;
    this.replicas = replicas;
    this.range = range;
  }

  /** One more watches these keys. */
  void opened() {
    watches++;
  }

  /** One less does; tells whether any is left. */
  boolean closed() {
    watches--;
    return watches > 0;
  }

  /** New ones, which nobody shares yet, and which have not begun. */
  MergedChanges create() {
    return new MergedChanges(home, replicas, range, this);
  }

  /** These end. */
  void over(MergedChanges ended) {
    if (current == ended) {
      current = null;
    }
  }

  /** What a watch of what comes behind the newest version can join at once; null if nothing. */
  @Nullable MergedChanges forNewest(long version) {
    MergedChanges shared = current;
    boolean apt =
        shared != null && shared.isAwaited() && shared.isLive() && shared.holdsAllAfter(version);
    return apt ? shared : null;
  }

  /**
   * What a watch goes on with.
   *
   * @param own what it took its changes from so far
   * @param position the version up to which it needs nothing more
   */
  MergedChanges forNext(MergedChanges own, long position) {
    MergedChanges shared = current;
    if (shared == own) {
      return own;
    }
    if (shared == null || isStale(shared, position)) {
      if (own.isLive()) {
        current = own;
      }
      return own;
    }
    boolean goesOn = shared.isAwaited() || shared.readyThrough() >= position;
    return goesOn && shared.isLive() && shared.holdsAllAfter(position) ? shared : own;
  }

  private static boolean isStale(MergedChanges shared, long position) {
    return !shared.isAwaited()
        && Version.millis(position) - Version.millis(shared.readyThrough()) > STALE_MILLIS;
  }
}
