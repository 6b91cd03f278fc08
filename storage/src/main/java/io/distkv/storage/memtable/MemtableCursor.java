package io.distkv.storage.memtable;

import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.EntryKind;
import org.jspecify.annotations.Nullable;

/**
 * A position in a memtable: a leaf, the order it had when the cursor came to it, and a place in it.
 */
final class MemtableCursor implements EntryCursor {
  private final Memtable memtable;
  private final EntryArena arena;
  private @Nullable Leaf leaf;
  private long order;
  private int position;
  private int entry;

  MemtableCursor(Memtable memtable, EntryArena arena) {
    this.memtable = memtable;
    this.arena = arena;
  }

  @Override
  public boolean seekToFirst() {
    Leaf first = memtable.firstLeaf();
    return forwardFrom(first, first.order(), 0);
  }

  @Override
  public boolean seekToLast() {
    return backwardFrom(memtable.lastLeaf());
  }

  @Override
  public boolean seek(byte[] key, int offset, int length, long version) {
    Leaf target = memtable.leafFor(key, offset, length, version);
    long seen = target.order();
    return forwardFrom(target, seen, target.lowerBound(arena, seen, key, offset, length, version));
  }

  @Override
  public boolean next() {
    return forwardFrom(current(), order, position + 1);
  }

  @Override
  public boolean prev() {
    Leaf here = current();
    if (position > 0) {
      return stand(here, order, position - 1);
    }
    return backwardFrom(here.prev());
  }

  @Override
  public boolean valid() {
    return leaf != null;
  }

  @Override
  public byte[] keyArray() {
    return arena.array(entry);
  }

  @Override
  public int keyOffset() {
    return arena.keyOffset(entry);
  }

  @Override
  public int keyLength() {
    return arena.keyLength(entry);
  }

  @Override
  public long version() {
    return arena.version(entry);
  }

  @Override
  public EntryKind kind() {
    return arena.kind(entry);
  }

  @Override
  public long expiresAtMillis() {
    return arena.expiresAtMillis(entry);
  }

  @Override
  public byte[] valueArray() {
    return arena.valueArray(entry);
  }

  @Override
  public int valueOffset() {
    return arena.valueOffset(entry);
  }

  @Override
  public int valueLength() {
    return arena.valueLength(entry);
  }

  private boolean forwardFrom(Leaf start, long startOrder, int startPosition) {
    Leaf at = start;
    long seen = startOrder;
    int place = startPosition;
    while (place >= Leaf.count(seen)) {
      Leaf following = at.next();
      if (following == null) {
        leaf = null;
        return false;
      }
      at = following;
      seen = at.order();
      place = 0;
    }
    return stand(at, seen, place);
  }

  private boolean backwardFrom(@Nullable Leaf start) {
    for (Leaf at = start; at != null; at = at.prev()) {
      long seen = at.order();
      if (Leaf.count(seen) > 0) {
        return stand(at, seen, Leaf.count(seen) - 1);
      }
    }
    leaf = null;
    return false;
  }

  private boolean stand(Leaf at, long seen, int place) {
    leaf = at;
    order = seen;
    position = place;
    entry = at.entry(seen, place);
    return true;
  }

  private Leaf current() {
    if (leaf == null) {
      throw new IllegalStateException("the cursor stands nowhere");
    }
    return leaf;
  }
}
