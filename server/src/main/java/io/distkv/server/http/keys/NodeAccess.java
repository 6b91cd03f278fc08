package io.distkv.server.http.keys;

import io.distkv.base.Clock;
import io.distkv.base.Lane;
import io.distkv.node.command.Reply;
import io.distkv.node.hotkeys.HotKeys;
import io.distkv.node.session.UnaryCalls;
import io.distkv.node.watch.LaneWatches;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How requests reach a node that serves.
 *
 * @param nodeId the identity of its data folder
 * @param clock of the node
 * @param lanes of the node
 * @param homeLane on which requests are served best; -1 for each lane in turn
 * @param calls those of each lane, to be used on it
 * @param watches likewise
 * @param inPlace what can be read without a lane
 * @param hotKeys tells which keys were asked for most of late
 */
public record NodeAccess(
    String nodeId,
    Clock clock,
    List<Lane> lanes,
    int homeLane,
    IntFunction<UnaryCalls> calls,
    IntFunction<LaneWatches> watches,
    InPlace inPlace,
    HotKeySource hotKeys) {

  /** Tells which keys were asked for most of late. */
  @FunctionalInterface
  public interface HotKeySource {
    /** Asks for so many keys at most; {@code done} is told on a lane. */
    void ask(int most, Consumer<HotKeys> done);
  }

  /** Reads on any thread, where that is possible. */
  @FunctionalInterface
  public interface InPlace {
    /** The reply to a command; null if it must be brought to a lane. */
    @Nullable Reply tryRead(String keyspace, byte[][] words);
  }
}
