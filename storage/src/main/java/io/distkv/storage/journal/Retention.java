package io.distkv.storage.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which replicas need which segments. A replica needs a segment while it has entries in it that it
 * has neither released nor appended again durably, or its newest hard state or checkpoint that is
 * durable, or a later one.
 *
 * <p>Invariant: a segment's pins are the replicas' spans in it plus those hard states and
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

    void forget() {
      release(Long.MAX_VALUE);
      newest.values().forEach(Segment::unpin);
      newest.clear();
    }

    boolean pins(Segment segment) {
      Span first = spans.peek();
      return (first != null && first.segment == segment) || newest.containsValue(segment);
    }
  }

  /** Something that is needed until what came in its place is durable. */
  private record Superseded(Segment segment, long successorPosition) {}

  private final Map<Long, Needs> replicas = new LinkedHashMap<>();
  private final ArrayDeque<Superseded> superseded = new ArrayDeque<>();

  /** The replica of the last append: appends come in runs. */
  private long lastReplica;

  private @Nullable Needs lastNeeds;

  /**
   * Records that a segment got a record.
   *
   * @param position the record's end
   */
  void appended(
      Segment segment, long replica, long incarnation, RecordKind kind, long index, long position) {
    Needs needs = lastNeeds;
    if (needs == null || replica != lastReplica) {
      needs = replicas.computeIfAbsent(replica, id -> new Needs(incarnation));
      lastReplica = replica;
      lastNeeds = needs;
    }
    if (needs.incarnation != incarnation) {
      renew(needs, replica, incarnation, position);
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
          superseded.add(new Superseded(previous, position));
        }
      }
      case TRUNCATE -> {}
    }
  }

  /** What is durable up to here is what counts after a crash. */
  void durable(long position) {
    for (Superseded first = superseded.peek();
        first != null && first.successorPosition() <= position;
        first = superseded.peek()) {
      superseded.remove();
      first.segment().unpin();
    }
  }

  /**
   * The entries that an earlier incarnation of a replica left are needed by nobody; its hard state
   * is, until the new one has left something durable.
   */
  private void renew(Needs needs, long replica, long incarnation, long position) {
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
    needs.newest.values().forEach(old -> superseded.add(new Superseded(old, position)));
    needs.newest.clear();
    needs.release(Long.MAX_VALUE);
    needs.incarnation = incarnation;
  }

  /** The replica needs no entry up to this index any more. */
  void release(long replica, long index) {
    Needs needs = replicas.get(replica);
    if (needs != null) {
      needs.release(index);
    }
  }

  /**
   * The replica writes all its entries that it still needs once more.
   *
   * @param again appends them
   * @param endPosition of the journal, afterwards
   */
  void appendAgain(long replica, Runnable again, LongSupplier endPosition) {
    Needs needs = replicas.get(replica);
    List<Span> before = needs == null ? List.of() : List.copyOf(needs.spans);
    if (needs != null) {
      needs.spans.clear();
    }
    again.run();
    long position = endPosition.getAsLong();
    before.forEach(span -> superseded.add(new Superseded(span.segment, position)));
  }

  /** The replica is no more: nothing of it is needed. */
  void forget(long replica) {
    Needs needs = replicas.remove(replica);
    if (needs != null) {
      needs.forget();
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
