package io.distkv.storage.memtable;

import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.EntryKind;
import org.jspecify.annotations.Nullable;

/**
 * A position in a memtable: a leaf, the order it had when the cursor came to it, the place of a key
 * in it, and one of the key's entries.
 */
final class MemtableCursor implements EntryCursor {
  private final Memtable memtable;
  private final Keys keys;
  private final EntryArena arena;
  private @Nullable Leaf leaf;
  private long order;
  private int position;
  private int entry;

  MemtableCursor(Memtable memtable, Keys keys, EntryArena arena) {
    this.memtable = memtable;
    this.keys = keys;
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
    Leaf target = memtable.leafFor(key, offset, length);
    long seen = target.order();
    int place = target.lowerBound(keys, seen, key, offset, length);
    if (!forwardFrom(target, seen, place)) {
      return false;
    }
    if (!arena.hasKey(entry, key, offset, length)) {
      return true;
    }
    int wanted = arena.asOf(entry, version);
    if (wanted == EntryArena.NONE) {
      return forwardFrom(current(), order, position + 1);
    }
    entry = wanted;
    return true;
  }

  @Override
  public boolean next() {
    Leaf here = current();
    int older = arena.older(entry);
    if (older == EntryArena.NONE) {
      return forwardFrom(here, order, position + 1);
    }
    entry = older;
    return true;
  }

  /**
   * The entry before is the next newer one of the key: the one with one more older than it. An
   * entry that was overwritten at its own version has as many as the one that took its place.
   */
  @Override
  public boolean prev() {
    Leaf here = current();
    int newest = keys.newest(here.key(order, position));
    int olderCount = arena.olderCount(entry);
    if (arena.olderCount(newest) > olderCount) {
      entry = arena.withOlderCount(newest, olderCount + 1);
      return true;
    }
    return position > 0 ? standOnOldest(here, order, position - 1) : backwardFrom(here.prev());
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
        return standOnOldest(at, seen, Leaf.count(seen) - 1);
      }
    }
    leaf = null;
    return false;
  }

  private boolean standOnOldest(Leaf at, long seen, int place) {
    stand(at, seen, place);
    entry = arena.withOlderCount(entry, 0);
    return true;
  }

  private boolean stand(Leaf at, long seen, int place) {
    leaf = at;
    order = seen;
    position = place;
    entry = keys.newest(at.key(seen, place));
    return true;
  }

  private Leaf current() {
    if (leaf == null) {
      throw new IllegalStateException("the cursor stands nowhere");
    }
    return leaf;
  }
}
