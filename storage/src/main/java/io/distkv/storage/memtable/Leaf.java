package io.distkv.storage.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Up to fifteen entries in slots that are written once, and one long that says which slots count
 * and in what order: the count in its lowest four bits, then a slot number in each four above
 * (after Masstree: Mao, Kohler, Morris, "Cache craftiness for fast multicore key-value storage",
 * 2012). An insert fills a free slot and then publishes a new order with one release write, so that
 * readers see the leaf before or after it and never between.
 */
final class Leaf extends Node {
  static final int SLOTS = 15;

  /** Heap held by a leaf: the object and its two arrays. */
  static final int HEAP_BYTES = 40 + 16 + SLOTS * Long.BYTES + 16 + SLOTS * Integer.BYTES;

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

  /** Slots written so far; the writer's own. */
  private int used;

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

  int entry(long order, int position) {
    return entries[slot(order, position)];
  }

  boolean isFull() {
    return used == SLOTS;
  }

  /** The position of the first entry not before (key, version), or the count if there is none. */
  int lowerBound(EntryArena arena, long order, byte[] key, int offset, int length, long version) {
    long prefix = KeyPrefix.of(key, offset, length, skip);
    int low = 0;
    int high = count(order);
    while (low < high) {
      int middle = (low + high) >>> 1;
      int slot = slot(order, middle);
      long other = prefixes[slot];
      if (other < prefix
          || (other == prefix
              && arena.compare(entries[slot], key, offset, length, version, skip + KeyPrefix.BYTES)
                  < 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Adds an entry before the one now at a position; the leaf must not be full. */
  void insert(EntryArena arena, int position, int entry) {
    int slot = fill(arena, entry);
    long below = (1L << (4 * position + 4)) - 1;
    long opened = (order & below) | (long) slot << (4 * position + 4) | (order & ~below) << 4;
    ORDER.setRelease(this, opened + 1);
  }

  /** Puts an entry in the place of the one now at a position; the leaf must not be full. */
  void replace(EntryArena arena, int position, int entry) {
    int slot = fill(arena, entry);
    int shift = 4 * position + 4;
    ORDER.setRelease(this, (order & ~(0xFL << shift)) | (long) slot << shift);
  }

  /** Appends entries that are in order; for a leaf that no reader has seen yet. */
  void fill(EntryArena arena, int[] sorted, int from, int to) {
    for (int i = from; i < to; i++) {
      insert(arena, i - from, sorted[i]);
    }
  }

  private int fill(EntryArena arena, int entry) {
    prefixes[used] = arena.prefix(entry, skip);
    entries[used] = entry;
    return used++;
  }
}
