package io.distkv.storage.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Up to fifteen keys, each in a slot of its own with the newest entry of the key, and one long that
 * says in what order: the count in its lowest four bits, then a slot number in each four above
 * (after Masstree: Mao, Kohler, Morris, "Cache craftiness for fast multicore key-value storage",
 * 2012). An insert fills the next free slot and then publishes a new order with one release write,
 * so that readers see the leaf before or after it and never between. A newer entry of a key takes
 * its slot over, with one release write too; it leads to the older ones.
 */
final class Leaf extends Node {
  static final int SLOTS = 15;

  /** Heap held by a leaf: the object and its two arrays. */
  static final int HEAP_BYTES = 40 + 16 + SLOTS * Long.BYTES + 16 + SLOTS * Integer.BYTES;

  private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(int[].class);
  private static final VarHandle ORDER;
  private static final VarHandle NEXT;
  private static final VarHandle PREV;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      ORDER = lookup.findVarHandle(Leaf.class, "order", long.class);
      NEXT = lookup.findVarHandle(Leaf.class, "next", Leaf.class);
      PREV = lookup.findVarHandle(Leaf.class, "prev", Leaf.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long[] prefixes = new long[SLOTS];
  private final int[] entries = new int[SLOTS];

  private long order;

  @SuppressWarnings("UnusedVariable") // read through NEXT
  private @Nullable Leaf next;

  @SuppressWarnings("UnusedVariable") // read through PREV
  private @Nullable Leaf prev;

  Leaf(int skip) {
    super(skip);
  }

  long order() {
    return (long) ORDER.getAcquire(this);
  }

  @Nullable Leaf next() {
    return (Leaf) NEXT.getAcquire(this);
  }

  @Nullable Leaf prev() {
    return (Leaf) PREV.getAcquire(this);
  }

  void setNext(@Nullable Leaf leaf) {
    NEXT.setRelease(this, leaf);
  }

  void setPrev(@Nullable Leaf leaf) {
    PREV.setRelease(this, leaf);
  }

  static int count(long order) {
    return (int) order & 0xF;
  }

  private static int slot(long order, int position) {
    return (int) (order >>> (4 * position + 4)) & 0xF;
  }

  /** The newest entry of the key at a position. */
  int entry(long order, int position) {
    return (int) ENTRY.getAcquire(entries, slot(order, position));
  }

  /** The position of the first key not before this one, or the count if there is none. */
  int lowerBound(EntryArena arena, long order, byte[] key, int offset, int length) {
    long prefix = KeyPrefix.of(key, offset, length, skip);
    int low = 0;
    int high = count(order);
    while (low < high) {
      int middle = (low + high) >>> 1;
      int slot = slot(order, middle);
      long other = prefixes[slot];
      if (other < prefix
          || (other == prefix
              && arena.compare(
                      (int) ENTRY.getAcquire(entries, slot),
                      key,
                      offset,
                      length,
                      skip + KeyPrefix.BYTES)
                  < 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Adds a key before the one now at a position; the leaf must not be full. */
  void insert(EntryArena arena, int position, int entry) {
    int slot = count(order);
    prefixes[slot] = arena.prefix(entry, skip);
    entries[slot] = entry;
    long below = (1L << (4 * position + 4)) - 1;
    long opened = (order & below) | (long) slot << (4 * position + 4) | (order & ~below) << 4;
    ORDER.setRelease(this, opened + 1);
  }

  /** Puts a newer entry of the key at a position in the place of the one there. */
  void supersede(int position, int entry) {
    ENTRY.setRelease(entries, slot(order, position), entry);
  }

  /** Appends entries that are in order; for a leaf that no reader has seen yet. */
  void fill(EntryArena arena, int[] sorted, int from, int to) {
    for (int i = from; i < to; i++) {
      insert(arena, i - from, sorted[i]);
    }
  }
}
