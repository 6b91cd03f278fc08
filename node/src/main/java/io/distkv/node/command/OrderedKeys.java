package io.distkv.node.command;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a range over all partitions of a view, in order, forward or backward: each partition
 * has its own keys in order, and the next one overall is the foremost of those at which their
 * cursors stand.
 */
final class OrderedKeys implements AutoCloseable {
  private static final byte[] NO_KEY = {};

  private final KeyScan range;
  private final PriorityQueue<Part> parts;
  private @Nullable Part current;

  /** A partition, standing on a key of the range. */
  private static final class Part {
    final KeyCursor cursor;
    byte[] key = NO_KEY;

    Part(KeyCursor cursor) {
      this.cursor = cursor;
    }

    byte[] key() {
      return key;
    }
  }

  private OrderedKeys(KeyScan range, int partitions) {
    this.range = range;
    Comparator<byte[]> order = Arrays::compareUnsigned;
    parts =
        new PriorityQueue<>(
            partitions,
            Comparator.comparing(Part::key, range.reverse() ? order.reversed() : order));
  }

  /** Stands before the first key. */
  static OrderedKeys open(View view, KeyScan range) {
    OrderedKeys keys = new OrderedKeys(range, view.partitions());
    for (int partition = 0; partition < view.partitions(); partition++) {
      KeyCursor cursor = view.keys(partition);
      keys.enter(new Part(cursor), keys.begin(cursor));
    }
    return keys;
  }

  private boolean begin(KeyCursor cursor) {
    byte[] to = range.to();
    if (!range.reverse()) {
      return cursor.seek(range.from());
    }
    return to == null ? cursor.last() : cursor.seekBefore(to);
  }

  private void enter(Part part, boolean found) {
    if (found) {
      part.key = part.cursor.key();
    }
    if (found && inRange(part.key)) {
      parts.add(part);
    } else {
      part.cursor.close();
    }
  }

  private boolean inRange(byte[] key) {
    byte[] to = range.to();
    return range.reverse()
        ? Arrays.compareUnsigned(key, range.from()) >= 0
        : to == null || Arrays.compareUnsigned(key, to) < 0;
  }

  /** Moves on, if there is one more key. */
  boolean next() {
    Part left = current;
    if (left != null) {
      KeyCursor cursor = left.cursor;
      enter(left, range.reverse() ? cursor.seekBefore(left.key) : cursor.next());
    }
    current = parts.poll();
    return current != null;
  }

  /** Where it stands. */
  byte[] key() {
    if (current == null) {
      throw new IllegalStateException("stands on no key");
    }
    return current.key;
  }

  @Override
  public void close() {
    if (current != null) {
      current.cursor.close();
    }
    parts.forEach(part -> part.cursor.close());
  }
}
