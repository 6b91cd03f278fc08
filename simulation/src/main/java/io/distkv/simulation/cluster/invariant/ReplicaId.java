package io.distkv.simulation.cluster.invariant;

import java.util.Comparator;

/** A replica, or anything else that has a group and a number in it. Sorted by both. */
record ReplicaId(long group, long number) implements Comparable<ReplicaId> {
  private static final Comparator<ReplicaId> ORDER =
      Comparator.comparingLong(ReplicaId::group).thenComparingLong(ReplicaId::number);

  static ReplicaId of(Look look) {
    return new ReplicaId(look.group(), look.node());
  }

  @Override
  public int compareTo(ReplicaId other) {
    return ORDER.compare(this, other);
  }
}
