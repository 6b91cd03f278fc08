package io.distkv.node.watch;

import io.distkv.base.Clock;
import io.distkv.base.ErrorCode;
import io.distkv.base.Lane;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.ChangeRange;
import io.distkv.node.replica.Keyspace;
import io.distkv.node.replica.Keyspaces;
import io.distkv.node.replica.Replica;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The watches whose home is one lane. On that lane only. */
public final class LaneWatches {
  /** Those of different keys may hold a few mebibytes each while their clients are slow. */
  private static final int MOST_WATCHES = 10_000;

  private static final Reply.Failure TOO_MANY =
      Errors.of(ErrorCode.OVERLOADED, "too many watches; try again later");

  private final Lane lane;
  private final Clock clock;
  private final Supplier<Keyspaces> keyspaces;
  private final Set<Watch> open = new LinkedHashSet<>();
  private final Map<Watched, SharedChanges> shared = new LinkedHashMap<>();

  /** The keys that several may watch together; a keyspace that is altered keeps its replicas. */
  private record Watched(List<Replica> replicas, ChangeRange range) {}

  public LaneWatches(Lane lane, Clock clock, Supplier<Keyspaces> keyspaces) {
    this.lane = lane;
    this.clock = clock;
    this.keyspaces = keyspaces;
  }

  /**
   * What is to be watched.
   *
   * @param keyspace its name
   * @param after the version behind which it begins; 0 for the newest
   * @param progressNanos after which a mark tells how far everything was told, if nothing else did;
   *     0 for no marks
   */
  public record Wish(String keyspace, ChangeRange range, long after, long progressNanos) {}

  /**
   * Begins a watch, which tells nothing before it is pulled.
   *
   * @return the watch; null if the sink was told that there is none
   */
  public @Nullable Watch begin(Wish wish, WatchSink sink) {
    Keyspace keyspace = keyspaces.get().find(wish.keyspace());
    if (keyspace == null) {
      sink.ended(
          Errors.of(ErrorCode.NOT_FOUND, "there is no keyspace " + wish.keyspace()), wish.after());
      return null;
    }
    if (open.size() >= MOST_WATCHES) {
      sink.ended(TOO_MANY, wish.after());
      return null;
    }
    Watched watched = new Watched(replicas(keyspace, wish.range()), wish.range());
    SharedChanges together =
        shared.computeIfAbsent(
            watched, _ -> new SharedChanges(lane, watched.replicas, watched.range));
    together.opened();
    Watch[] begun = new Watch[1];
    Watch watch =
        new Watch(
            lane,
            clock,
            together,
            wish.progressNanos(),
            sink,
            () -> closed(begun[0], watched, together));
    begun[0] = watch;
    open.add(watch);
    watch.start(wish.after());
    return watch;
  }

  /** Those that may have such keys: one key is in one partition. */
  private static List<Replica> replicas(Keyspace keyspace, ChangeRange range) {
    return range.isOneKey()
        ? List.of(keyspace.replica(keyspace.partitionOf(range.from())))
        : keyspace.replicas();
  }

  private void closed(Watch watch, Watched watched, SharedChanges together) {
    open.remove(watch);
    if (!together.closed()) {
      shared.remove(watched);
    }
  }

  /** How many there are. */
  public int count() {
    return open.size();
  }

  /** How many there are if those of the same keys count as one. */
  int countTogether() {
    return shared.size();
  }

  /** Ends all of them. */
  public void endAll(Reply.Failure why) {
    List.copyOf(open).forEach(watch -> watch.end(why));
  }
}
