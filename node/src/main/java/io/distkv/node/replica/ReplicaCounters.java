package io.distkv.node.replica;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the replicas of one journal have done since the start.
 *
 * <p>Used on their lane only.
 */
public final class ReplicaCounters {
  private final long[] counts = new long[Counter.values().length];

  /** What is counted. */
  public enum Counter {
    /** Keys that a read found. */
    HITS(0),
    /** Keys that a read did not find. */
    MISSES(1),
    /** Entries applied. */
    ENTRIES(2),
    /** Bytes of log entries. */
    LOGGED_BYTES(3),
    /** Reads that left their lane for the disk. */
    COLD_READS(4),
    /** Writes whose keys were brought into memory first. */
    WARMED_WRITES(5),
    /** Writes that waited because the tree had fallen behind. */
    THROTTLED_WRITES(6),
    /** Calls refused because a queue was full. */
    OVERLOADED(7),
    /** Writes refused because the disk is nearly full. */
    DISK_FULL(8),
    /** Writes refused because their keyspace is at its limit. */
    KEYSPACE_FULL(9),
    /** Times that a replica began to lead its group. */
    LEADS(10),
    /** Snapshots made for members that lag. */
    SNAPSHOTS_SENT(11),
    /** Snapshots that replaced a replica's state. */
    SNAPSHOTS_INSTALLED(12);

    private final int place;

    Counter(int place) {
      this.place = place;
    }
  }

  void add(Counter counter, long amount) {
    counts[counter.place] += amount;
  }

  void looked(boolean found) {
    add(found ? Counter.HITS : Counter.MISSES, 1);
  }

  /** All counts now. */
  Map<Counter, Long> all() {
    Map<Counter, Long> all = new EnumMap<>(Counter.class);
    for (Counter counter : Counter.values()) {
      all.put(counter, counts[counter.place]);
    }
    return Collections.unmodifiableMap(all);
  }
}
