package io.distkv.raft;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The memberships that a server's log has brought and that may still matter: the one before the
 * log's base, and one for each entry after it. The newest holds, committed or not; when the entry
 * that brought it is cut off, the one before holds again.
 */
final class Memberships {
  private final Deque<Dated> all = new ArrayDeque<>();

  /** A membership and the index of the entry that brought it. */
  record Dated(long index, Membership membership) {}

  /**
   * @param index up to which it was taken from the state
   */
  Memberships(long index, Membership membership) {
    all.add(new Dated(index, membership));
  }

  /** The one that holds. */
  Dated current() {
    return all.getLast();
  }

  /** Whether a server has a vote in one that holds, or may hold again if entries are lost. */
  boolean mayVote(long id, long committed) {
    for (Iterator<Dated> newestFirst = all.descendingIterator(); newestFirst.hasNext(); ) {
      Dated dated = newestFirst.next();
      if (dated.membership().votes(id)) {
        return true;
      }
      if (dated.index() <= committed) {
        return false;
      }
    }
    return false;
  }

  /** The one that held when an entry was the last. */
  Membership at(long index) {
    Membership found = all.getFirst().membership();
    for (Dated dated : all) {
      if (dated.index() <= index) {
        found = dated.membership();
      }
    }
    return found;
  }

  /** An entry has brought one. */
  void add(long index, Membership membership) {
    all.addLast(new Dated(index, membership));
  }

  /**
   * The log was cut after an index.
   *
   * @return whether another holds now
   */
  boolean truncateAfter(long index) {
    boolean changed = false;
    while (all.size() > 1 && all.getLast().index() > index) {
      all.removeLast();
      changed = true;
    }
    return changed;
  }

  /** Nobody will ask what held before an index. */
  void forgetBefore(long index) {
    while (all.size() > 1) {
      Dated oldest = all.removeFirst();
      if (all.getFirst().index() > index) {
        all.addFirst(oldest);
        return;
      }
    }
  }

  /** A snapshot has replaced everything. */
  void restart(long index, Membership membership) {
    all.clear();
    all.add(new Dated(index, membership));
  }
}
