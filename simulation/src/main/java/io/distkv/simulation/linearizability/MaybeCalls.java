package io.distkv.simulation.linearizability;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * The operations that may take effect or not (INFO), in kinds: those of a kind ask for the same, so
 * one will do as well as another, and the one that began first does wherever any does. They are
 * used in that order, which leaves, of n alike, n + 1 choices in place of 2^n.
 */
final class MaybeCalls {
  private final List<List<Call>> kinds = new ArrayList<>();
  private final int[] used;

  /** The number of the first call of each kind, if those of one kind follow those of another. */
  private final int[] numbers;

  /** A bit for each call that is used. */
  private final long[] bits;

  private final long[] shown;

  /** None is used; the calls are given in the order of their beginnings. */
  MaybeCalls(List<Call> calls) {
    Map<Operation, Integer> kindOf = new HashMap<>();
    for (Call call : calls) {
      int kind = kindOf.computeIfAbsent(call.operation(), any -> kinds.size());
      if (kind == kinds.size()) {
        kinds.add(new ArrayList<>());
      }
      kinds.get(kind).add(call);
    }
    used = new int[kinds.size()];
    numbers = new int[kinds.size()];
    for (int kind = 1; kind < numbers.length; kind++) {
      numbers[kind] = numbers[kind - 1] + kinds.get(kind - 1).size();
    }
    bits = new long[(calls.size() + 63) >>> 6];
    shown = new long[bits.length];
  }

  int kinds() {
    return kinds.size();
  }

  /**
   * Whether so many of a kind that are not used began before a place of the history.
   *
   * @param count 1 or more
   */
  boolean available(int kind, int count, int place) {
    List<Call> calls = kinds.get(kind);
    int last = used[kind] + count - 1;
    return last < calls.size() && calls.get(last).invokedAt() < place;
  }

  /** What all of a kind ask for. */
  Call sample(int kind) {
    return kinds.get(kind).getFirst();
  }

  /** How many there are of a kind. */
  int size(int kind) {
    return kinds.get(kind).size();
  }

  void use(int kind) {
    int number = numbers[kind] + used[kind]++;
    bits[number >>> 6] |= 1L << number;
  }

  /** Takes the last {@link #use} of a kind back. */
  void giveBack(int kind) {
    int number = numbers[kind] + --used[kind];
    bits[number >>> 6] &= ~(1L << number);
  }

  /** A call of a kind by the order in which they are used, from 0. */
  Call call(int kind, int index) {
    return kinds.get(kind).get(index);
  }

  /**
   * A bit for each call that is used, in the same place every time; none for those of idle kinds.
   * The array is the caller's until the next call.
   */
  long[] used(IntPredicate idle) {
    System.arraycopy(bits, 0, shown, 0, bits.length);
    for (int kind = 0; kind < used.length; kind++) {
      if (used[kind] > 0 && idle.test(kind)) {
        for (int number = numbers[kind]; number < numbers[kind] + used[kind]; number++) {
          shown[number >>> 6] &= ~(1L << number);
        }
      }
    }
    return shown;
  }
}
