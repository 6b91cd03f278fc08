package io.distkv.storage.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which replicas need which segments. A replica needs a segment while it has entries in it that it
 * has not released, or its newest hard state or checkpoint.
 *
 * <p>Invariant: a segment's pins are the replicas' spans in it plus the newest hard states and
 * checkpoints in it. Used on the lane only.
 */
final class Retention {

  /** A replica's entries in one segment. */
  private static final class Span {
    private final Segment segment;
    private long highestIndex;

    Span(Segment segment, long highestIndex) {
      this.segment = segment;
      this.highestIndex = highestIndex;
    }
  }

  /** What one replica needs. */
  private static final class Needs {
    private long incarnation;
    private final ArrayDeque<Span> spans = new ArrayDeque<>(2);
    private final Map<RecordKind, Segment> newest = new EnumMap<>(RecordKind.class);

    Needs(long incarnation) {
      this.incarnation = incarnation;
    }

    void release(long index) {
      for (Span first = spans.peek();
          first != null && first.highestIndex <= index;
          first = spans.peek()) {
        first.segment.unpin();
        spans.remove();
      }
    }

    void releaseAll() {
      release(Long.MAX_VALUE);
      newest.values().forEach(Segment::unpin);
      newest.clear();
    }

    boolean pins(Segment segment) {
      Span first = spans.peek();
      return (first != null && first.segment == segment) || newest.containsValue(segment);
    }
  }

  private final Map<Long, Needs> replicas = new LinkedHashMap<>();

  /** The replica of the last append: appends come in runs. */
  private long lastReplica;

  private @Nullable Needs lastNeeds;

  /** Records that a segment got a record. */
  void appended(Segment segment, long replica, long incarnation, RecordKind kind, long index) {
    Needs needs = lastNeeds;
    if (needs == null || replica != lastReplica) {
      needs = replicas.computeIfAbsent(replica, id -> new Needs(incarnation));
      lastReplica = replica;
      lastNeeds = needs;
    }
    if (needs.incarnation != incarnation) {
      renew(needs, replica, incarnation);
    }
    switch (kind) {
      case ENTRY -> {
        Span last = needs.spans.peekLast();
        if (last != null && last.segment == segment) {
          last.highestIndex = Math.max(last.highestIndex, index);
        } else {
          needs.spans.add(new Span(segment, index));
          segment.pin();
        }
      }
      case HARD_STATE, CHECKPOINT -> {
        segment.pin();
        Segment previous = needs.newest.put(kind, segment);
        if (previous != null) {
          previous.unpin();
        }
      }
      case TRUNCATE -> {}
    }
  }

  /** What an earlier incarnation of a replica left is needed by nobody. */
  private static void renew(Needs needs, long replica, long incarnation) {
    if (incarnation < needs.incarnation) {
      throw new IllegalArgumentException(
          "replica "
              + replica
              + " has incarnation "
              + needs.incarnation
              + ": a record of "
              + incarnation
              + " comes too late");
    }
    needs.releaseAll();
    needs.incarnation = incarnation;
  }

  /** The replica needs no entry up to this index any more. */
  void release(long replica, long index) {
    Needs needs = replicas.get(replica);
    if (needs != null) {
      needs.release(index);
    }
  }

  /** The replica is no more: nothing of it is needed. */
  void forget(long replica) {
    Needs needs = replicas.remove(replica);
    if (needs != null) {
      needs.releaseAll();
    }
    lastNeeds = null;
  }

  /** The replicas that need something in a segment, rising. */
  List<Long> pinning(Segment segment) {
    List<Long> ids = new ArrayList<>();
    replicas.forEach((id, needs) -> {
      if (needs.pins(segment)) {
        ids.add(id);
      }
    });
    ids.sort(null);
    return ids;
  }

  /** All replicas that the journal has or had a record of and that were not forgotten, rising. */
  List<Long> replicas() {
    List<Long> ids = new ArrayList<>(replicas.keySet());
    ids.sort(null);
    return ids;
  }
}
