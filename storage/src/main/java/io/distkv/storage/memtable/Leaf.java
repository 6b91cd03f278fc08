package io.distkv.storage.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Up to fifteen keys by their numbers, each in a slot of its own, and one long that says in what
 * order: the count in its lowest four bits, then a slot number in each four above (after Masstree:
 * Mao, Kohler, Morris, "Cache craftiness for fast multicore key-value storage", 2012). An insert
 * fills the next free slot and then publishes a new order with one release write, so that readers
 * see the leaf before or after it and never between.
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
  private final int[] numbers = new int[SLOTS];

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

  /** The number of the key at a position. */
  int key(long order, int position) {
    return numbers[slot(order, position)];
  }

  /** The position of the first key not before this one, or the count if there is none. */
  int lowerBound(Keys keys, long order, byte[] key, int offset, int length) {
    long prefix = KeyPrefix.of(key, offset, length, skip);
    int low = 0;
    int high = count(order);
    while (low < high) {
      int middle = (low + high) >>> 1;
      int slot = slot(order, middle);
      long other = prefixes[slot];
      if (other < prefix
          || (other == prefix
              && keys.compare(numbers[slot], key, offset, length, skip + KeyPrefix.BYTES) < 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Adds a key before the one now at a position; the leaf must not be full. */
  void insert(Keys keys, int position, int key) {
    insert(position, key, keys.prefix(key, skip));
  }

  private void insert(int position, int key, long prefix) {
    int slot = count(order);
    prefixes[slot] = prefix;
    numbers[slot] = key;
    long below = (1L << (4 * position + 4)) - 1;
    long opened = (order & below) | (long) slot << (4 * position + 4) | (order & ~below) << 4;
    ORDER.setRelease(this, opened + 1);
  }

  /**
   * Appends the keys at some positions of another leaf; for one that no reader has seen yet. Where
   * both skip as much, no key is looked at: that would be a cache miss for each.
   */
  void append(Keys keys, Leaf other, int from, int to) {
    for (int i = from; i < to; i++) {
      int slot = slot(other.order, i);
      int key = other.numbers[slot];
      long prefix = skip == other.skip ? other.prefixes[slot] : keys.prefix(key, skip);
      insert(count(order), key, prefix);
    }
  }
}
