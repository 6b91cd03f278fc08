package io.distkv.simulation.linearizability;

import java.util.Arrays;
import java.util.List;

/**
 * The operations that must take effect and that the search has not yet given a place: a doubly
 * linked list of their beginnings and ends, in the order of the history (Lowe's form of Wing and
 * Gong's search). An operation is lifted out with both its entries when it is given a place, and
 * set back, in the opposite order, when the search takes that back.
 *
 * <p>Those that may be next are the beginnings before the first end: whatever begins later is
 * preceded by the operation that ended there.
 *
 * <p>Entries are numbers: 0 is the head, and the last, {@link #tail()}, an end that is never
 * reached. Operations are numbered in the order of their beginnings.
 */
final class OpenCalls {
  static final int HEAD = 0;

  private final int[] next;
  private final int[] previous;
  private final int[] callOf;
  private final boolean[] begins;
  private final int[] placeOf;

  /** How many operations have begun before an entry. */
  private final int[] begunBefore;

  private final int[] beginningOf;
  private final int[] endOf;

  private final long[] lifted;

  /**
   * All calls are open.
   *
   * @param calls in the order of their beginnings, each with an end
   */
  OpenCalls(List<Call> calls) {
    int entries = 2 * calls.size() + 2;
    next = new int[entries];
    previous = new int[entries];
    callOf = new int[entries];
    begins = new boolean[entries];
    placeOf = new int[entries];
    begunBefore = new int[entries];
    beginningOf = new int[calls.size()];
    endOf = new int[calls.size()];
    lifted = new long[(calls.size() + 63) >>> 6];
    link(calls);
  }

  private void link(List<Call> calls) {
    // Places in the history and call numbers, sorted as one: ends fall between beginnings.
    long[] sorted = new long[2 * calls.size()];
    for (int call = 0; call < calls.size(); call++) {
      sorted[2 * call] = (long) calls.get(call).invokedAt() << 32 | call;
      sorted[2 * call + 1] = (long) calls.get(call).endedAt() << 32 | call;
    }
    Arrays.sort(sorted);
    int begun = 0;
    for (int entry = 1; entry <= sorted.length; entry++) {
      int call = (int) sorted[entry - 1];
      int place = (int) (sorted[entry - 1] >>> 32);
      callOf[entry] = call;
      placeOf[entry] = place;
      begins[entry] = place == calls.get(call).invokedAt();
      begunBefore[entry] = begun;
      if (begins[entry]) {
        begun++;
        beginningOf[call] = entry;
      } else {
        endOf[call] = entry;
      }
    }
    for (int entry = 0; entry < next.length; entry++) {
      next[entry] = entry + 1;
      previous[entry] = entry - 1;
    }
    begunBefore[tail()] = begun;
    placeOf[tail()] = Call.NEVER;
  }

  int tail() {
    return next.length - 1;
  }

  boolean isEmpty() {
    return next[HEAD] == tail();
  }

  int next(int entry) {
    return next[entry];
  }

  /** Whether the entry is a beginning. */
  boolean begins(int entry) {
    return begins[entry];
  }

  /** Of which operation the entry is. */
  int callOf(int entry) {
    return callOf[entry];
  }

  /** The place of an entry in the history. */
  int placeOf(int entry) {
    return placeOf[entry];
  }

  /** The first end; the tail if the list is empty. */
  int firstEnd() {
    int entry = next[HEAD];
    while (begins[entry]) {
      entry = next[entry];
    }
    return entry;
  }

  void lift(int call) {
    unlink(beginningOf[call]);
    unlink(endOf[call]);
    lifted[call >>> 6] |= 1L << call;
  }

  /** Sets back the operation that was lifted last and not set back since. */
  void unlift(int call) {
    relink(endOf[call]);
    relink(beginningOf[call]);
    lifted[call >>> 6] &= ~(1L << call);
  }

  /**
   * Which operations are lifted, without what is plain: all below the first open one are, and none
   * that begin after the first end. So it is a few words however long the history.
   */
  void addTo(Configurations.Key key) {
    if (isEmpty()) {
      return;
    }
    int from = callOf[next[HEAD]] >>> 6;
    int to = (begunBefore[firstEnd()] - 1) >>> 6;
    key.add((long) from << 32 | to);
    for (int word = from; word <= to; word++) {
      key.add(lifted[word]);
    }
  }

  private void unlink(int entry) {
    next[previous[entry]] = next[entry];
    previous[next[entry]] = previous[entry];
  }

  private void relink(int entry) {
    next[previous[entry]] = entry;
    previous[next[entry]] = entry;
  }
}
