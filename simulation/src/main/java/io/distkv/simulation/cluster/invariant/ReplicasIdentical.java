package io.distkv.simulation.cluster.invariant;

import java.util.Map;
import java.util.TreeMap;

/**
 * Replicas that have applied the same entries hold the same (Raft paper, section 5.2: state
 * machines are deterministic). To compare all would take longer than all else, so it is done at
 * every eighth entry that a replica stands at after an event, and for all of them in the end.
 */
final class ReplicasIdentical implements Invariant {
  private static final long EVERY_ENTRIES = 8;

  private final Map<ReplicaId, Seen> contents = new TreeMap<>();

  /** What a replica held at an index. */
  private record Seen(long node, String content) {}

  @Override
  public void check(Look look) {
    long index = look.appliedIndex();
    if (index == 0 || index % EVERY_ENTRIES != 0) {
      return;
    }
    look.content()
        .get()
        .ifPresent(content -> {
          ReplicaId place = new ReplicaId(look.group(), index);
          Seen other = contents.putIfAbsent(place, new Seen(look.node(), content));
          if (other != null && !other.content().equals(content)) {
            throw violated(
                look,
                "at %d it holds%n%sand node %d%n%s"
                    .formatted(index, content, other.node(), other.content()));
          }
        });
  }
}
