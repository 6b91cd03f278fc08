package io.distkv.storage.level;

import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.EntryKind;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Many cursors as one. The entries of all are shown in internal order; no two of them may have the
 * same key and version.
 *
 * <p>A heap holds the cursors that stand on an entry, the one to show on top; all others are
 * parked, so that of large values no more than one is in memory. When the direction turns, every
 * other cursor is moved to the far side of the entry at hand, and the heap is built anew the other
 * way round.
 */
public final class MergingCursor implements EntryCursor {
  private final EntryCursor[] sources;
  private final EntryCursor[] heap;

  /** How many cursors are in the heap; 0 while one of them moves, lest a failure look valid. */
  private int size;

  private int gathered;
  private boolean forward = true;

  public MergingCursor(List<EntryCursor> sources) {
    this.sources = sources.toArray(new EntryCursor[0]);
    this.heap = new EntryCursor[this.sources.length];
  }

  @Override
  public boolean seekToFirst() throws IOException {
    clear(true);
    for (EntryCursor source : sources) {
      addIf(source.seekToFirst(), source);
    }
    return heapify();
  }

  @Override
  public boolean seekToLast() throws IOException {
    clear(false);
    for (EntryCursor source : sources) {
      addIf(source.seekToLast(), source);
    }
    return heapify();
  }

  @Override
  public boolean seek(byte[] key, int offset, int length, long version) throws IOException {
    clear(true);
    for (EntryCursor source : sources) {
      addIf(source.seek(key, offset, length, version), source);
    }
    return heapify();
  }

  @Override
  public boolean next() throws IOException {
    if (!forward) {
      return turn(true);
    }
    EntryCursor here = top();
    int standing = size;
    size = 0;
    return advance(here, here.next(), standing);
  }

  @Override
  public boolean prev() throws IOException {
    if (forward) {
      return turn(false);
    }
    EntryCursor here = top();
    int standing = size;
    size = 0;
    return advance(here, here.prev(), standing);
  }

  @Override
  public boolean valid() {
    return size > 0;
  }

  @Override
  public void park() {
    top().park();
  }

  @Override
  public void unpark() throws IOException {
    top().unpark();
  }

  @Override
  public byte[] keyArray() {
    return top().keyArray();
  }

  @Override
  public int keyOffset() {
    return top().keyOffset();
  }

  @Override
  public int keyLength() {
    return top().keyLength();
  }

  @Override
  public long version() {
    return top().version();
  }

  @Override
  public EntryKind kind() {
    return top().kind();
  }

  @Override
  public long expiresAtMillis() {
    return top().expiresAtMillis();
  }

  @Override
  public byte[] valueArray() {
    return top().valueArray();
  }

  @Override
  public int valueOffset() {
    return top().valueOffset();
  }

  @Override
  public int valueLength() {
    return top().valueLength();
  }

  private EntryCursor top() {
    if (size == 0) {
      throw new IllegalStateException("the cursor stands nowhere");
    }
    return heap[0];
  }

  /** Restores the heap after its top moved, or ran out. */
  @SuppressWarnings("ReferenceEquality") // the very cursor that moved is meant
  private boolean advance(EntryCursor moved, boolean stands, int standing) throws IOException {
    int left = standing;
    if (!stands) {
      heap[0] = heap[--left];
    }
    siftDown(0, left);
    if (left > 0 && heap[0] != moved) {
      if (stands) {
        moved.park();
      }
      heap[0].unpark();
    }
    size = left;
    return left > 0;
  }

  @SuppressWarnings("ReferenceEquality") // the very cursor on top is meant
  private boolean turn(boolean toForward) throws IOException {
    EntryCursor here = top();
    clear(toForward);
    for (EntryCursor source : sources) {
      if (source == here) {
        continue;
      }
      boolean after =
          source.seek(here.keyArray(), here.keyOffset(), here.keyLength(), here.version());
      if (toForward) {
        addIf(after, source);
      } else {
        addIf(after ? source.prev() : source.seekToLast(), source);
      }
    }
    addIf(toForward ? here.next() : here.prev(), here);
    return heapify();
  }

  private void clear(boolean nowForward) {
    size = 0;
    gathered = 0;
    forward = nowForward;
  }

  private void addIf(boolean stands, EntryCursor source) {
    if (stands) {
      source.park();
      heap[gathered++] = source;
    }
  }

  private boolean heapify() throws IOException {
    for (int i = gathered / 2 - 1; i >= 0; i--) {
      siftDown(i, gathered);
    }
    if (gathered > 0) {
      heap[0].unpark();
    }
    size = gathered;
    return size > 0;
  }

  /** Moves a cursor of the first so many in the heap down to where it belongs. */
  private void siftDown(int start, int standing) {
    EntryCursor moving = heap[start];
    int at = start;
    int child;
    while ((child = 2 * at + 1) < standing) {
      if (child + 1 < standing && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], moving)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moving;
  }

  private boolean isBefore(EntryCursor left, EntryCursor right) {
    int order =
        Arrays.compareUnsigned(
            left.keyArray(),
            left.keyOffset(),
            left.keyOffset() + left.keyLength(),
            right.keyArray(),
            right.keyOffset(),
            right.keyOffset() + right.keyLength());
    if (order == 0) {
      order = Long.compare(right.version(), left.version());
    }
    return forward ? order < 0 : order > 0;
  }
}
