package io.distkv.storage.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The memtable's keys by their hash: a write to a key that is there, and a read of one, find it
 * with two or three cache misses, where the way down the tree takes ten and more.
 *
 * <p>It is extendible hashing (Fagin, Nievergelt, Pippenger, Strong, "Extendible hashing: a fast
 * access method for dynamic files", 1979): the upper bits of a hash choose a place in the
 * directory, which leads to a segment; in it keys are found by linear probing. A segment that is
 * full is replaced by one of twice its length, and at full length by two, which takes microseconds
 * however many keys there are. The old one is never touched again. One thread adds keys, any number
 * read: a reader that stands in an old segment misses what was added since it came, and its version
 * hides that anyway.
 *
 * <p>A slot is {@code hash(32) number + 1(32)}, 0 if it is free. Behind the slots a segment has one
 * more element, the writer's own: {@code bits of the directory that lead to it(32) keys(32)}.
 * Segments are as long as they are because each has its length in front of its slots, which every
 * search reads: that of a hundred segments stays in the processor's caches, that of a thousand does
 * not.
 *
 * <p>Keys that somebody chose to have one hash are parted by no bit, and stand in one another's
 * way. One that would come to lie {@link #MOST_PROBES} slots or more behind its place is left out,
 * and then {@link #complete} is false: who does not find a key here must look in the tree. So such
 * keys make what is not in this memtable as slow to look for as without the index, and one of
 * themselves slower, by the at most so many that it is compared with first. The other keys are
 * found as before.
 */
final class KeyIndex {
  private static final int SMALLEST_SEGMENT = 8;
  private static final int LARGEST_SEGMENT = 4096;

  /** How many slots a key is looked for in at most. */
  static final int MOST_PROBES = 320;

  /** Bits of the directory at most: for some 50 million keys. */
  static final int MAX_BITS = 15;

  private static final VarHandle DIRECTORY;
  private static final VarHandle SEGMENT = MethodHandles.arrayElementVarHandle(long[][].class);
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

  static {
    try {
      DIRECTORY = MethodHandles.lookup().findVarHandle(KeyIndex.class, "directory", long[][].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Keys keys;
  private final int maxBits;
  private long[][] directory = {new long[SMALLEST_SEGMENT + 1]};
  private volatile boolean complete = true;
  private int bits;
  private long heldBytes = segmentBytes(SMALLEST_SEGMENT);

  /**
   * @param maxBits of a hash that part segments from each other
   */
  KeyIndex(Keys keys, int maxBits) {
    this.keys = keys;
    this.maxBits = maxBits;
  }

  /** Heap held, in bytes. On the writer's thread. */
  long heldBytes() {
    return heldBytes;
  }

  /** Whether a key that is not found here is not there. To be asked after {@link #find}. */
  boolean complete() {
    return complete;
  }

  /**
   * Finds a key. On any thread.
   *
   * @param keyHash of the key, of which the upper half is used
   * @return its number, or {@link Keys#NONE}
   */
  int find(long keyHash, byte[] key, int offset, int length) {
    int hash = (int) (keyHash >>> Integer.SIZE);
    long[][] segments = (long[][]) DIRECTORY.getAcquire(this);
    long[] segment = (long[]) SEGMENT.getAcquire(segments, place(hash, segments.length));
    int mask = mask(segment);
    for (int probe = 0; probe < MOST_PROBES; probe++) {
      long slot = (long) SLOT.getAcquire(segment, (hash + probe) & mask);
      if (slot == 0) {
        return Keys.NONE;
      }
      if ((int) (slot >>> Integer.SIZE) == hash && keys.equal(number(slot), key, offset, length)) {
        return number(slot);
      }
    }
    return Keys.NONE;
  }

  /** Adds a key that is not there. On the writer's thread. */
  void add(long keyHash, int key) {
    int hash = (int) (keyHash >>> Integer.SIZE);
    long slot = ((long) hash << Integer.SIZE) | (key + 1);
    long[] segment = directory[place(hash, directory.length)];
    while (isFull(segment)) {
      if (!grow(segment, hash)) {
        complete = false;
        return;
      }
      segment = directory[place(hash, directory.length)];
    }
    put(segment, slot);
  }

  /** Whether so many slots are taken, five of eight, that probes would soon take long. */
  private static boolean isFull(long[] segment) {
    int slots = slots(segment);
    return (int) segment[slots] >= slots / 8 * 5;
  }

  /** Puts a key into a segment that is not full, or leaves it out. */
  private void put(long[] segment, long slot) {
    int hash = (int) (slot >>> Integer.SIZE);
    int mask = mask(segment);
    for (int probe = 0; probe < MOST_PROBES; probe++) {
      int at = (hash + probe) & mask;
      if (segment[at] == 0) {
        SLOT.setRelease(segment, at, slot);
        segment[slots(segment)]++;
        return;
      }
    }
    complete = false;
  }

  /**
   * Puts more room in the place of a full segment.
   *
   * @return whether that was possible
   */
  private boolean grow(long[] segment, int hash) {
    int slots = slots(segment);
    int segmentBits = (int) (segment[slots] >>> Integer.SIZE);
    if (slots < LARGEST_SEGMENT) {
      long[] longer = segment(2 * slots, segmentBits);
      copy(segment, longer, longer, 0);
      replace(hash, segmentBits, longer, longer);
      heldBytes += segmentBytes(2 * slots) - segmentBytes(slots);
      return true;
    }
    if (segmentBits == maxBits) {
      return false;
    }
    if (segmentBits == bits) {
      doubleDirectory();
    }
    long[] lower = segment(slots, segmentBits + 1);
    long[] upper = segment(slots, segmentBits + 1);
    copy(segment, lower, upper, segmentBits);
    replace(hash, segmentBits, lower, upper);
    heldBytes += segmentBytes(slots);
    return true;
  }

  private void doubleDirectory() {
    long[][] wider = new long[2 * directory.length][];
    for (int i = 0; i < wider.length; i++) {
      wider[i] = directory[i / 2];
    }
    heldBytes += 4L * directory.length;
    DIRECTORY.setRelease(this, wider);
    bits++;
  }

  private static long[] segment(int slots, int segmentBits) {
    long[] segment = new long[slots + 1];
    segment[slots] = (long) segmentBits << Integer.SIZE;
    return segment;
  }

  /**
   * Copies a segment to two, which one is told by a bit of the hash; readers see neither yet. So
   * should a key be left out, they know before they miss it.
   */
  private void copy(long[] segment, long[] lower, long[] upper, int bit) {
    int slots = slots(segment);
    for (int i = 0; i < slots; i++) {
      if (segment[i] != 0) {
        put((segment[i] << bit) < 0 ? upper : lower, segment[i]);
      }
    }
  }

  /** Leads what led to the segment of a hash to the one or the other of two. */
  private void replace(int hash, int segmentBits, long[] lower, long[] upper) {
    int places = 1 << (bits - segmentBits);
    int first = place(hash, directory.length) & -places;
    for (int i = 0; i < places; i++) {
      SEGMENT.setRelease(directory, first + i, i < places / 2 ? lower : upper);
    }
  }

  private static int place(int hash, int places) {
    return (int) (((hash & 0xFFFF_FFFFL) * places) >>> Integer.SIZE);
  }

  private static int slots(long[] segment) {
    return segment.length - 1;
  }

  private static int mask(long[] segment) {
    return segment.length - 2;
  }

  private static int number(long slot) {
    return (int) slot - 1;
  }

  private static long segmentBytes(int slots) {
    return 16 + 8L * (slots + 1);
  }
}
