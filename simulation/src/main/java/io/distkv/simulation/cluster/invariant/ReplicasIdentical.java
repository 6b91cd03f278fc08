package io.distkv.simulation.cluster.invariant;

import java.util.Map;
import java.util.TreeMap;

/**
 * Replicas that have applied the same entries hold the same (Raft paper, section 5.2: state
 * machines are deterministic); so does one that has started again, and has applied them from its
 * tables and its log. Where there is much, to compare all would take longer than all else, so it is
 * done at every sixteenth entry that a replica stands at after an event, and for all of them in the
 * end.
 */
final class ReplicasIdentical implements Invariant {
  private static final long EVERY_ENTRIES = 16;

  private final Map<ReplicaId, Seen> seen = new TreeMap<>();
  private final Map<ReplicaId, Standing> standings = new TreeMap<>();

  /** What a replica held at an index. */
  private record Seen(long node, long digest) {}

  /** Where a replica was looked at last. */
  private record Standing(int life, long index) {}

  @Override
  public void check(Look look) {
    long index = look.appliedIndex();
    boolean due = look.content().isSmall() || index % EVERY_ENTRIES == 0;
    if (index == 0 || !due || !look.content().isReadable()) {
      return;
    }
    Standing standing = new Standing(look.life(), index);
    if (standing.equals(standings.put(ReplicaId.of(look), standing))) {
      return;
    }
    long digest = look.content().digest();
    ReplicaId place = new ReplicaId(look.group(), index);
    Seen other = seen.putIfAbsent(place, new Seen(look.node(), digest));
    if (other != null && other.digest() != digest) {
      throw violated(
          look,
          "at %d it holds other things than node %d did:%n%s"
              .formatted(index, other.node(), look.content().words()));
    }
  }
}
