package io.distkv.raft;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of one server as the core sees it: the entries that followers may still need, in memory,
 * and the one place before them.
 *
 * <p>Invariants: indexes rise by one from {@code base.index() + 1} to the last; terms never fall;
 * {@code durable <= last}; what is durable is in the journal with everything before it.
 *
 * <p>The entries stand in a ring of a power of two, so that an append, a cut at either end and a
 * look at any place cost nothing else.
 */
final class RaftLog {
  private static final int FIRST_CAPACITY = 16;

  private @Nullable Entry[] ring = new @Nullable Entry[FIRST_CAPACITY];

  /**
   * What all entries that ever were in the log weigh up to the one in the same slot. An old entry
   * is in no cache any more: what it weighs is known without a look at it.
   */
  private long[] weightUpTo = new long[FIRST_CAPACITY];

  private Position base;
  private long lastIndex;
  private long durableIndex;
  private long baseWeightUpTo;

  /**
   * A log that begins after a place, usually a snapshot's.
   *
   * @param base everything up to it is in the state
   */
  RaftLog(Position base) {
    this.base = base;
    lastIndex = base.index();
    durableIndex = lastIndex;
  }

  /** The place before the first entry that is still here. */
  Position base() {
    return base;
  }

  long lastIndex() {
    return lastIndex;
  }

  /** The end of the log. */
  Position last() {
    return new Position(lastTerm(), lastIndex);
  }

  long lastTerm() {
    return lastIndex == base.index() ? base.term() : at(lastIndex).term();
  }

  /** Up to where the log is durable on this server. */
  long durableIndex() {
    return durableIndex;
  }

  /**
   * Bytes of memory, about, that the entries after an index take, up to another one.
   *
   * @param after that the log {@link #knows}, as it does {@code upTo}
   */
  long weightBetween(long after, long upTo) {
    return weightUpTo(upTo) - weightUpTo(after);
  }

  private long weightUpTo(long index) {
    return index == base.index() ? baseWeightUpTo : weightUpTo[slot(index)];
  }

  /** Whether the entry at an index can be told the term of. */
  boolean knows(long index) {
    return index >= base.index() && index <= lastIndex;
  }

  /**
   * The term at an index.
   *
   * @param index that the log {@link #knows}
   */
  long term(long index) {
    return index == base.index() ? base.term() : at(index).term();
  }

  /** Whether the log has this very entry. */
  boolean has(Position position) {
    return knows(position.index()) && term(position.index()) == position.term();
  }

  Entry at(long index) {
    Entry entry = index > base.index() && index <= lastIndex ? ring[slot(index)] : null;
    if (entry == null) {
      throw new IllegalArgumentException(
          "entry "
              + index
              + " is not in the log, which has "
              + base.index()
              + " < i <= "
              + lastIndex);
    }
    return entry;
  }

  private int slot(long index) {
    return (int) (index & (ring.length - 1));
  }

  /** Puts an entry at the end. */
  void append(Entry entry) {
    if (entry.index() != lastIndex + 1 || entry.term() < lastTerm()) {
      throw new IllegalArgumentException(
          "entry " + entry.index() + " of term " + entry.term() + " cannot follow " + last());
    }
    if (lastIndex - base.index() == ring.length) {
      grow();
    }
    long weight = weightUpTo(lastIndex) + entry.weightBytes();
    lastIndex++;
    ring[slot(lastIndex)] = entry;
    weightUpTo[slot(lastIndex)] = weight;
  }

  private void grow() {
    @Nullable Entry[] old = ring;
    long[] oldWeights = weightUpTo;
    ring = new @Nullable Entry[old.length * 2];
    weightUpTo = new long[ring.length];
    for (long index = base.index() + 1; index <= lastIndex; index++) {
      int from = (int) (index & (old.length - 1));
      ring[slot(index)] = old[from];
      weightUpTo[slot(index)] = oldWeights[from];
    }
  }

  /** Takes away the entries after an index. */
  void truncateAfter(long index) {
    while (lastIndex > index) {
      ring[slot(lastIndex)] = null;
      lastIndex--;
    }
    durableIndex = Math.min(durableIndex, lastIndex);
  }

  /**
   * Forgets entries, oldest first.
   *
   * @param most the last one that may go; durable
   * @param unneeded up to where all may go
   * @param keepBytes of the rest, of which as many stay as weigh no more
   */
  void forget(long most, long unneeded, long keepBytes) {
    long index = base.index();
    while (index < most && (index < unneeded || weightBetween(index, lastIndex) > keepBytes)) {
      index++;
    }
    if (index > base.index()) {
      Position newBase = new Position(at(index).term(), index);
      baseWeightUpTo = weightUpTo(index);
      for (long gone = base.index() + 1; gone <= index; gone++) {
        ring[slot(gone)] = null;
      }
      base = newBase;
    }
  }

  /** Begins anew after a place: a snapshot has replaced all that was here. */
  void restartAfter(Position newBase) {
    Arrays.fill(ring, null);
    baseWeightUpTo = 0;
    base = newBase;
    lastIndex = newBase.index();
    durableIndex = lastIndex;
  }

  /** The log up to this entry is durable, if the entry is still in it. */
  void durable(Position position) {
    if (position.index() > durableIndex && has(position)) {
      durableIndex = position.index();
    }
  }

  /**
   * The entries from an index on.
   *
   * @param from after the base
   * @param mostBytes of what is given; the first entry always is
   */
  List<Entry> from(long from, long mostBytes) {
    long end = from;
    while (end <= lastIndex && (end == from || weightBetween(from - 1, end) <= mostBytes)) {
      end++;
    }
    Entry[] entries = new Entry[(int) (end - from)];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = at(from + i);
    }
    return Arrays.asList(entries);
  }

  /**
   * The last place at or before an index whose term is no higher than one given: where two logs may
   * agree at best, if one has that term there.
   */
  Position lastAtOrBefore(long index, long term) {
    long at = Math.min(index, lastIndex);
    while (at > base.index() && term(at) > term) {
      at--;
    }
    return at >= base.index() ? new Position(term(at), at) : Position.NONE;
  }
}
