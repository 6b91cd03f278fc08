package io.distkv.node.watch;

import io.distkv.base.Lane;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.Change;
import io.distkv.node.replica.ChangeRange;
import io.distkv.node.replica.ChangeSource;
import io.distkv.node.replica.Replica;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A partition's part in {@link MergedChanges}: what it has told that is not gathered yet, and up to
 * which version it has told everything. On their home lane, but for what runs on the replica's.
 */
final class WatchPart implements ChangeSource.Answer {
  private final MergedChanges merged;
  private final Replica replica;
  private final Lane home;
  private final Deque<Change> queue = new ArrayDeque<>();
  private long through;
  private boolean live;
  private boolean asked;
  private long askedAtLeast;

  /** Of the replica's lane alone. */
  private @Nullable ChangeSource source;

  WatchPart(MergedChanges merged, Replica replica, Lane home) {
    this.merged = merged;
    this.replica = replica;
    this.home = home;
  }

  private void onReplicaLane(Runnable task) {
    Lane lane = replica.port().lane();
    if (lane.inLane()) {
      task.run();
    } else {
      lane.complete(task);
    }
  }

  private void onHomeLane(Runnable task) {
    if (home.inLane()) {
      task.run();
    } else {
      home.complete(task);
    }
  }

  /** Finds out behind which version its changes are new. */
  void newest(LongConsumer found) {
    onReplicaLane(() -> {
      long version = replica.newestVersion();
      onHomeLane(() -> found.accept(version));
    });
  }

  /** Another partition of the keyspace has such a version. */
  void observe(long version) {
    onReplicaLane(() -> replica.observe(version));
  }

  /** Begins behind a version. */
  void begin(ChangeRange range, long after, long mostBytes) {
    through = after - 1;
    onReplicaLane(() -> source = replica.watch(range, after, mostBytes));
  }

  /** Wants to know everything up to a version, or whatever comes next. */
  void ask(long atLeast) {
    if (!asked) {
      asked = true;
      askedAtLeast = atLeast;
      onReplicaLane(() -> source().ask(atLeast, this));
    } else if (askedAtLeast < atLeast) {
      askedAtLeast = atLeast;
      onReplicaLane(() -> source().hurry(atLeast));
    }
  }

  private ChangeSource source() {
    if (source == null) {
      throw new IllegalStateException("not begun");
    }
    return source;
  }

  void close() {
    onReplicaLane(() -> {
      if (source != null) {
        source.close();
      }
    });
  }

  @Override
  public void changes(List<Change> changes, long newThrough, boolean areLive) {
    onHomeLane(() -> {
      asked = false;
      queue.addAll(changes);
      through = newThrough;
      live = areLive;
      merged.plan();
    });
  }

  @Override
  public void ended(Reply.Failure why) {
    onHomeLane(() -> merged.end(why));
  }

  /** The version up to which it has told everything. */
  long through() {
    return through;
  }

  /** Whether what it told last was from what is applied, and not from the past. */
  boolean isLive() {
    return live;
  }

  /** The next change; null if none is here. */
  @Nullable Change head() {
    return queue.peek();
  }

  Change take() {
    return queue.remove();
  }
}
