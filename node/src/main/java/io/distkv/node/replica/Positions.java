package io.distkv.node.replica;

/** A queue of rising positions in the journal, without boxes. */
final class Positions {
  private long[] ring = new long[16];
  private int head;
  private int size;

  void add(long position) {
    if (size == ring.length) {
      long[] larger = new long[2 * size];
      for (int i = 0; i < size; i++) {
        larger[i] = ring[(head + i) & (size - 1)];
      }
      ring = larger;
      head = 0;
    }
    ring[(head + size++) & (ring.length - 1)] = position;
  }

  /** Takes away all positions up to and including one, and tells how many they were. */
  int removeUpTo(long reached) {
    int removed = 0;
    while (size > 0 && ring[head] <= reached) {
      head = (head + 1) & (ring.length - 1);
      size--;
      removed++;
    }
    return removed;
  }

  boolean isEmpty() {
    return size == 0;
  }
}
