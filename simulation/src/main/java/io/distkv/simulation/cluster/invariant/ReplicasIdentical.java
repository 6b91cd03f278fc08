package io.distkv.simulation.cluster.invariant;

import java.util.Map;
import java.util.TreeMap;

/**
 * Replicas that have applied the same entries hold the same (Raft paper, section 5.2: state
 * machines are deterministic). To compare all would take longer than all else, so it is done at
 * every sixteenth entry that a replica stands at after an event, and for all of them in the end.
 */
final class ReplicasIdentical implements Invariant {
  private static final long EVERY_ENTRIES = 16;

  private final Map<ReplicaId, Seen> seen = new TreeMap<>();

  /** What a replica held at an index. */
  private record Seen(long node, long digest) {}

  @Override
  public void check(Look look) {
    long index = look.appliedIndex();
    if (index == 0 || index % EVERY_ENTRIES != 0 || !look.content().isReadable()) {
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
