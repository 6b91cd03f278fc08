package io.distkv.server.config;

/**
 * An amount of memory: so many bytes, or a share of the largest heap the JVM may have, which may be
 * bounded.
 */
public sealed interface MemorySize {

  /** The amount in bytes for a heap of at most {@code heapBytes}. */
  long bytes(long heapBytes);

  /** A fixed amount. */
  record Bytes(long count) implements MemorySize {
    @Override
    public long bytes(long heapBytes) {
      return count;
    }

    @Override
    public String toString() {
      return ValueType.printBytes(count);
    }
  }

  /** A share of the heap, 1 to 90 percent. */
  record OfHeap(int percent) implements MemorySize {
    @Override
    public long bytes(long heapBytes) {
      return heapBytes / 100 * percent;
    }

    @Override
    public String toString() {
      return percent + "%";
    }
  }

  /** A share of the heap, but no more than so many bytes. */
  record Bounded(OfHeap share, long mostBytes) implements MemorySize {
    @Override
    public long bytes(long heapBytes) {
      return Math.min(mostBytes, share.bytes(heapBytes));
    }

    @Override
    public String toString() {
      return share + " up to " + ValueType.printBytes(mostBytes);
    }
  }
}
