package io.distkv.simulation.hunt;

import io.distkv.base.ErrorCode;
import io.distkv.base.Lane;
import io.distkv.base.Version;
import io.distkv.node.Node;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.Change;
import io.distkv.node.replica.ChangeRange;
import io.distkv.node.watch.ChangeBlock;
import io.distkv.node.watch.LaneWatches;
import io.distkv.node.watch.Watch;
import io.distkv.node.watch.WatchSink;
import io.distkv.simulation.hunt.PartitionHistory.Found;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Tally;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Watches one keyspace over all lives of a node, from where the last watch had come to, and keeps a
 * copy of the keyspace that is made of nothing but what it is told. Whenever nothing is under way,
 * the copy must come to hold what the keyspace holds: no change is missing, none comes twice or out
 * of order, and none is told that is not there.
 *
 * <p>Where the node has forgotten the past, or has lost writes that it had not promised to keep,
 * the copy has no ground any more: it begins anew with what the keyspace holds.
 */
final class Onlooker {
  private static final String TOLD = "an onlooker was told of a change";
  private static final String WENT_ON = "an onlooker went on where it was";
  private static final String ANEW = "an onlooker began anew";
  private static final String BROKEN = "a watch ended and was begun again";
  private static final long PROGRESS_NANOS = 100_000_000;
  private static final byte[] NO_KEY = {};

  private final NodeRun run;
  private final Space space;
  private final SimulatedRandomness random;
  private final NavigableMap<byte[], Found> copy = new TreeMap<>(Arrays::compareUnsigned);

  /** Whether the copy holds all that was told up to {@code through}. */
  private boolean grounded;

  private long through;
  private long lastVersion;
  private byte[] lastKey = NO_KEY;

  /** Whether the last watch has said anything. */
  private boolean begun;

  /** Of the watches; what one says that is not the last is heard no more. */
  private int watches;

  private @Nullable Watch watch;
  private @Nullable Lane home;

  Onlooker(NodeRun run, Space space, SimulatedRandomness random, Tally tally) {
    this.run = run;
    this.space = space;
    this.random = random;
    List.of(TOLD, WENT_ON, ANEW, BROKEN).forEach(tally::expect);
  }

  /** A lane for its watches. */
  Lane home(List<? extends Lane> lanes) {
    return lanes.get(random.below(lanes.size()));
  }

  /** Its life begins: a node that has just started, and to which nobody talks yet. */
  void begin(Node node, Lane lane, Remains held, boolean lossesPossible) {
    if (grounded && !lossesPossible && through != Version.NONE) {
      begin(node, lane);
      compare(held);
      run.trace().tally().count(WENT_ON);
    }
    if (!grounded || lossesPossible || through == Version.NONE) {
      through = Version.NONE;
      begin(node, lane);
      run.runUntil(() -> begun, "a watch to begin");
      copy.clear();
      copy.putAll(held.content(space));
      grounded = true;
      run.trace().tally().count(ANEW);
    }
  }

  /** The node is to stop: as its front ends do, it lets go of its watch before. */
  void end() {
    watches++;
    Watch last = watch;
    Lane lane = home;
    if (last != null && lane != null) {
      lane.complete(last::close);
    }
  }

  /** Nothing is under way: waits until it has been told of all that the keyspace holds. */
  void compare(Remains held) {
    run.runUntil(
        () -> !grounded || Remains.same(copy, held.content(space), run.latestMillis()),
        "what is told of " + space.name() + " to be what it holds");
  }

  private void begin(Node node, Lane lane) {
    home = lane;
    int own = ++watches;
    lastVersion = through;
    lastKey = NO_KEY;
    watch = null;
    begun = false;
    LaneWatches.Wish wish =
        new LaneWatches.Wish(space.name(), ChangeRange.prefix(NO_KEY), through, PROGRESS_NANOS);
    lane.complete(() -> {
      if (own == watches) {
        Watch opened = node.watches(lane.index()).begin(wish, new Ear(own, node, lane));
        if (opened != null) {
          watch = opened;
          opened.pull();
        }
      }
    });
  }

  /** What one watch says. */
  private final class Ear implements WatchSink {
    private final int number;
    private final Node node;
    private final Lane lane;

    Ear(int number, Node node, Lane lane) {
      this.number = number;
      this.node = node;
      this.lane = lane;
    }

    @Override
    public void changes(List<ChangeBlock> blocks, long newThrough) {
      List<Change> changes = ChangeBlock.changesOf(blocks);
      run.trace().event("told", space.name(), newThrough, changes.size());
      if (number != watches) {
        return;
      }
      changes.forEach(Onlooker.this::heard);
      if (newThrough < through) {
        run.violated(
            "%s was told through %d, and then through %d"
                .formatted(space.name(), through, newThrough));
      }
      through = newThrough;
      begun = true;
      later(() -> {
        if (watch != null) {
          watch.pull();
        }
      });
    }

    @Override
    public void ended(Reply.Failure why, long newThrough) {
      run.trace().event("untold", space.name(), newThrough, why.line().hashCode());
      run.trace().detail(why::line);
      if (number != watches) {
        return;
      }
      if (why.code() == ErrorCode.HISTORY_GONE) {
        grounded = false;
      } else if (run.life().mayRefuse() || run.life().mayFail()) {
        run.trace().tally().count(BROKEN);
        later(() -> begin(node, lane));
      } else {
        run.violated("a watch of " + space.name() + " ended: " + why.line());
      }
    }

    /** Takes its time, as clients do. */
    private void later(Runnable task) {
      lane.schedule(
          random.chance(80) ? random.below(20_000) : random.below(200_000_000),
          () -> {
            if (number == watches) {
              task.run();
            }
          });
    }
  }

  private void heard(Change change) {
    int order = Long.compare(change.version(), lastVersion);
    if (order < 0 || (order == 0 && Arrays.compareUnsigned(change.key(), lastKey) <= 0)) {
      run.violated(
          "%s was told of %s at %d after %s at %d"
              .formatted(
                  space.name(),
                  Replies.text(change.key()),
                  change.version(),
                  Replies.text(lastKey),
                  lastVersion));
    }
    lastVersion = change.version();
    lastKey = change.key();
    run.trace().tally().count(TOLD);
    byte[] value = change.value();
    if (value == null) {
      copy.remove(change.key());
    } else {
      int end = change.valueOffset() + change.valueLength();
      copy.put(
          change.key(),
          new Found(
              Arrays.copyOfRange(value, change.valueOffset(), end), change.expiresAtMillis()));
    }
  }
}
