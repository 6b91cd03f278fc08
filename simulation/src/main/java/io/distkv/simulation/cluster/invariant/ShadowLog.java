package io.distkv.simulation.cluster.invariant;

import io.distkv.raft.Entry;
import io.distkv.raft.Position;
import io.distkv.raft.Raft;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The log of one replica as its observer saw it grow: also what the replica has forgotten since.
 *
 * <p>Entries that were appended and forgotten between two looks are not in it.
 */
public final class ShadowLog {
  /** Enough that nobody asks for what is older. */
  private static final int MOST_ENTRIES = 20_000;

  private final TreeMap<Long, Seen> entries = new TreeMap<>();
  private Position last = Position.NONE;
  private Position lastBase = Position.NONE;
  private long newFrom;

  /** An entry: its term, that of the one before it if known, and what it holds in one number. */
  record Seen(long term, long previousTerm, int content) {}

  /** Brings it up to date. */
  public void follow(Raft raft) {
    Position now = raft.last();
    if (now.equals(last)) {
      newFrom = now.index() + 1;
      return;
    }
    Position base = raft.base();
    Seen atBase = entries.get(base.index());
    boolean moved = !base.equals(lastBase);
    if (moved && base.index() > 0 && (atBase == null || atBase.term() != base.term())) {
      // A snapshot has taken the place of the log that was seen.
      entries.headMap(base.index(), true).clear();
    }
    lastBase = base;
    long first = base.index() + 1;
    boolean grown =
        !moved
            && now.index() >= last.index()
            && last.index() >= first
            && raft.entry(last.index()).term() == last.term();
    long from = grown ? last.index() + 1 : first;
    entries.tailMap(from).clear();
    for (long index = from; index <= now.index(); index++) {
      Entry entry = raft.entry(index);
      long before = index == first ? base.term() : raft.entry(index - 1).term();
      entries.put(
          index,
          new Seen(
              entry.term(), before, 31 * entry.kind().code() + Arrays.hashCode(entry.payload())));
    }
    while (entries.size() > MOST_ENTRIES) {
      entries.pollFirstEntry();
    }
    newFrom = from;
    last = now;
  }

  /** The entries that the last {@link #follow} brought. */
  SortedMap<Long, Seen> news() {
    return entries.tailMap(newFrom);
  }

  /** An entry, if it was seen. */
  @Nullable Seen at(long index) {
    return entries.get(index);
  }
}
