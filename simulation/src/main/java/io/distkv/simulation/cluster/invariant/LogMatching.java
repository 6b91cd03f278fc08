package io.distkv.simulation.cluster.invariant;

import io.distkv.raft.Raft;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Two entries with the same index and term are the same, and so are all before them (Raft paper,
 * figure 3): it is enough that the entry before has the same term in both logs.
 *
 * <p>A server that is alone in its group goes on with its term after a crash, and may put another
 * entry in the place of one that was lost: nobody else has seen that one.
 */
final class LogMatching implements Invariant {
  private final Map<Place, ShadowLog.Seen> entries = new TreeMap<>();

  /** The servers that were alone when they were looked at last. */
  private final Map<ReplicaId, Raft> wereAlone = new TreeMap<>();

  /** Where in which log an entry of which term is. */
  private record Place(long group, long index, long term) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparingLong(Place::group)
            .thenComparingLong(Place::index)
            .thenComparingLong(Place::term);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  @Override
  public void check(Look look) {
    boolean alone = wroteAlone(look);
    look.log()
        .news()
        .forEach((index, seen) -> {
          Place place = new Place(look.group(), index, seen.term());
          ShadowLog.Seen other =
              alone ? entries.put(place, seen) : entries.putIfAbsent(place, seen);
          if (other != null && !other.equals(seen) && !alone) {
            throw violated(
                look,
                "entry %d of term %d is %s here and %s elsewhere"
                    .formatted(index, seen.term(), seen, other));
          }
        });
  }

  /**
   * Whether nobody can have seen anything of where the news are: nobody can now, see {@link Raft},
   * or nobody could at the last look, since when the entry that ends that may have become durable.
   */
  private boolean wroteAlone(Look look) {
    ReplicaId id = ReplicaId.of(look);
    boolean now = look.raft().isAlone();
    Raft before = now ? wereAlone.put(id, look.raft()) : wereAlone.remove(id);
    return now || before == look.raft();
  }
}
