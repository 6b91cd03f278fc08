package io.distkv.raft;

/**
 * The entries on their way to one follower, bounded in bytes. A ring of (last index, bytes) of the
 * messages, oldest first.
 */
final class Window {
  private static final int FIRST_CAPACITY = 8;

  private final long mostBytes;
  private long[] lastIndexes = new long[FIRST_CAPACITY];
  private long[] sizes = new long[FIRST_CAPACITY];
  private int first;
  private int count;
  private long bytes;

  Window(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Whether another message may be sent; one of any size if nothing is on its way. */
  boolean hasRoom() {
    return count == 0 || bytes < mostBytes;
  }

  boolean isEmpty() {
    return count == 0;
  }

  void add(long lastIndex, long messageBytes) {
    if (count == sizes.length) {
      grow();
    }
    int at = (first + count) & (sizes.length - 1);
    lastIndexes[at] = lastIndex;
    sizes[at] = messageBytes;
    count++;
    bytes += messageBytes;
  }

  private void grow() {
    int old = sizes.length;
    long[] newIndexes = new long[old * 2];
    long[] newSizes = new long[old * 2];
    for (int i = 0; i < count; i++) {
      int from = (first + i) & (old - 1);
      newIndexes[i] = lastIndexes[from];
      newSizes[i] = sizes[from];
    }
    lastIndexes = newIndexes;
    sizes = newSizes;
    first = 0;
  }

  /** The messages whose last entry is at or before an index have arrived. */
  void removeUpTo(long index) {
    while (count > 0 && lastIndexes[first] <= index) {
      bytes -= sizes[first];
      first = (first + 1) & (sizes.length - 1);
      count--;
    }
  }

  void clear() {
    first = 0;
    count = 0;
    bytes = 0;
  }
}
