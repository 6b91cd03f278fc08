package io.distkv.storage.memtable;

import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.EntryKind;
import io.distkv.storage.table.Lookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map in memory from (key, version) to a value or tombstone: what a replica has written
 * since its last flush. One thread writes, its lane; any number of threads read at the same time
 * without a lock, a retry or a wait.
 *
 * <p>It is a B+ tree over entries in an arena. A leaf takes inserts in place ({@link Leaf}); when
 * it is full, fresh leaves take its place in the parent and among their neighbours, and the old
 * leaf is never touched again. Why a reader that stands on an old node is right: versions are
 * written in rising order and a reader looks for nothing newer than what was published before it
 * came; nodes lose nothing, and a replaced node held all that was written up to its end. So every
 * node that was part of the tree at any time since the reader came, and every neighbour it names,
 * shows all that this reader may see. What it shows beyond that, the reader's version hides.
 *
 * <p>Rejected: a skip list over the same arena. It needs no splits, but visits about two nodes per
 * doubling of the entries, each a cache miss, where this tree visits four nodes in all. With
 * 450,000 random keys, {@code ConcurrentSkipListMap} takes three times as long to insert and to
 * find.
 */
public final class Memtable {
  private static final byte[] NO_BYTES = {};
  private static final int NO_ENTRY = -1;
  private static final int MAX_DEPTH = 16;
  private static final VarHandle ROOT;

  static {
    try {
      ROOT = MethodHandles.lookup().findVarHandle(Memtable.class, "root", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final EntryArena arena = new EntryArena();
  private Node root = new Leaf(0);

  // The writer's own, from here on: the way down of the insert at hand, and counts.
  private final @Nullable Branch[] path = new Branch[MAX_DEPTH];
  private final int[] pathIndex = new int[MAX_DEPTH];
  private int depth;
  private long nodeBytes = Leaf.HEAP_BYTES;
  private long entries;
  private long tombstones;
  private long expiring;

  /**
   * Writes a value; an entry of the same key and version is overwritten. On the writer's thread.
   *
   * @param key 1 to 65,535 bytes; copied
   * @param value must not be changed afterwards: a large one is not copied
   * @param expiresAtMillis when the value ends, in wall milliseconds; 0 if never
   * @param version not below any version written before
   */
  public void put(byte[] key, byte[] value, long expiresAtMillis, long version) {
    write(key, arena.append(key, version, EntryKind.VALUE, expiresAtMillis, value), version);
  }

  /** Writes a tombstone, like {@link #put}. */
  public void delete(byte[] key, long version) {
    write(key, arena.append(key, version, EntryKind.TOMBSTONE, 0, NO_BYTES), version);
  }

  /** Bytes of heap this memtable holds. On the writer's thread, or once nothing is written. */
  public long heldBytes() {
    return arena.heldBytes() + nodeBytes;
  }

  /** Entries, of all versions. On the writer's thread, or once nothing is written. */
  public long entries() {
    return entries;
  }

  /** Those of the entries that are tombstones. Like {@link #entries}. */
  public long tombstones() {
    return tombstones;
  }

  /** Those of the entries that have an expiry. Like {@link #entries}. */
  public long expiring() {
    return expiring;
  }

  /**
   * Finds the newest entry of a key at or below a version. On any thread.
   *
   * @return FOUND or ABSENT
   */
  public Lookup.Outcome get(byte[] key, int offset, int length, long asOf, Lookup into) {
    Leaf leaf = leafFor(key, offset, length, asOf);
    long order = leaf.order();
    int position = leaf.lowerBound(arena, order, key, offset, length, asOf);
    while (position == Leaf.count(order)) {
      Leaf next = leaf.next();
      if (next == null) {
        return Lookup.Outcome.ABSENT;
      }
      leaf = next;
      order = leaf.order();
      position = 0;
    }
    int entry = leaf.entry(order, position);
    if (!arena.hasKey(entry, key, offset, length)) {
      return Lookup.Outcome.ABSENT;
    }
    if (arena.kind(entry) == EntryKind.TOMBSTONE) {
      into.setTombstone(arena.version(entry));
    } else {
      into.setValue(
          arena.version(entry),
          arena.expiresAtMillis(entry),
          arena.valueArray(entry),
          arena.valueOffset(entry),
          arena.valueLength(entry));
    }
    return Lookup.Outcome.FOUND;
  }

  /**
   * A cursor over all entries. It shows every entry written before it was made, and may or may not
   * show later ones. On any thread; the cursor itself belongs to one.
   */
  public EntryCursor cursor() {
    return new MemtableCursor(this, arena);
  }

  Leaf leafFor(byte[] key, int offset, int length, long version) {
    Node node = (Node) ROOT.getAcquire(this);
    while (node instanceof Branch branch) {
      node = branch.child(branch.childFor(arena, key, offset, length, version));
    }
    return (Leaf) node;
  }

  Leaf firstLeaf() {
    Node node = (Node) ROOT.getAcquire(this);
    while (node instanceof Branch branch) {
      node = branch.child(0);
    }
    return (Leaf) node;
  }

  Leaf lastLeaf() {
    Node node = (Node) ROOT.getAcquire(this);
    while (node instanceof Branch branch) {
      node = branch.child(branch.childCount() - 1);
    }
    return (Leaf) node;
  }

  private void write(byte[] key, int entry, long version) {
    tombstones += arena.kind(entry) == EntryKind.TOMBSTONE ? 1 : 0;
    expiring += arena.expiresAtMillis(entry) == 0 ? 0 : 1;
    Leaf leaf = descend(key, version);
    long order = leaf.order();
    int position = leaf.lowerBound(arena, order, key, 0, key.length, version);
    boolean overwrites = false;
    if (position < Leaf.count(order)) {
      int present = leaf.entry(order, position);
      overwrites = arena.version(present) == version && arena.hasKey(present, key, 0, key.length);
      if (overwrites) {
        tombstones -= arena.kind(present) == EntryKind.TOMBSTONE ? 1 : 0;
        expiring -= arena.expiresAtMillis(present) == 0 ? 0 : 1;
      }
    }
    entries += overwrites ? 0 : 1;
    if (leaf.isFull()) {
      rebuild(leaf, order, position, entry, overwrites);
    } else if (overwrites) {
      leaf.replace(arena, position, entry);
    } else {
      leaf.insert(arena, position, entry);
    }
  }

  private Leaf descend(byte[] key, long version) {
    depth = 0;
    Node node = root;
    while (node instanceof Branch branch) {
      int index = branch.childFor(arena, key, 0, key.length, version);
      path[depth] = branch;
      pathIndex[depth++] = index;
      node = branch.child(index);
    }
    return (Leaf) node;
  }

  /** Makes room: one fresh leaf where overwriting had used up slots, two otherwise. */
  private void rebuild(Leaf leaf, long order, int position, int entry, boolean overwrites) {
    int count = Leaf.count(order);
    if (position == count) {
      appendAfter(leaf, entry);
      return;
    }
    int[] sorted = new int[count + 1];
    int size = 0;
    for (int i = 0; i < count; i++) {
      if (i == position) {
        sorted[size++] = entry;
        if (overwrites) {
          continue;
        }
      }
      sorted[size++] = leaf.entry(order, i);
    }
    if (size <= Leaf.SLOTS * 3 / 4) {
      Leaf fresh = new Leaf(leaf.skip);
      fresh.fill(arena, sorted, 0, size);
      link(leaf.prev(), fresh, fresh, leaf.next());
      replaceChild(depth, fresh);
      return;
    }
    int half = size / 2;
    int separator = sorted[half];
    Leaf left = new Leaf(skipBetween(fenceBelow(depth), separator));
    left.fill(arena, sorted, 0, half);
    Leaf right = new Leaf(skipBetween(separator, fenceAbove(depth)));
    right.fill(arena, sorted, half, size);
    left.setNext(right);
    right.setPrev(left);
    link(leaf.prev(), left, right, leaf.next());
    splitChild(left, separator, right);
    nodeBytes += Leaf.HEAP_BYTES;
  }

  /** Keys that come in rising order leave full leaves behind them. */
  private void appendAfter(Leaf leaf, int entry) {
    Leaf right = new Leaf(skipBetween(entry, fenceAbove(depth)));
    right.insert(arena, 0, entry);
    right.setPrev(leaf);
    Leaf after = leaf.next();
    right.setNext(after);
    leaf.setNext(right);
    if (after != null) {
      after.setPrev(right);
    }
    splitChild(leaf, entry, right);
    nodeBytes += Leaf.HEAP_BYTES;
  }

  private static void link(@Nullable Leaf before, Leaf first, Leaf last, @Nullable Leaf after) {
    first.setPrev(before);
    last.setNext(after);
    if (before != null) {
      before.setNext(first);
    }
    if (after != null) {
      after.setPrev(last);
    }
  }

  /** Puts two nodes in the place of the one that the path ends at. */
  private void splitChild(Node left, int separator, Node right) {
    Node lower = left;
    Node upper = right;
    int between = separator;
    for (int level = depth; level > 0; level--) {
      Branch parent = branchAt(level - 1);
      Branch grown = parent.withSplit(arena, pathIndex[level - 1], lower, between, upper);
      nodeBytes += grown.heapBytes() - parent.heapBytes();
      int count = grown.childCount();
      if (count <= Branch.MAX_CHILDREN) {
        replaceChild(level - 1, grown);
        return;
      }
      // Keys that come in rising order leave full branches behind them too.
      int cut = pathIndex[level - 1] == count - 2 ? count - 2 : count / 2;
      between = grown.separator(cut - 1);
      lower = grown.slice(arena, skipBetween(fenceBelow(level - 1), between), 0, cut);
      upper = grown.slice(arena, skipBetween(between, fenceAbove(level - 1)), cut, count);
    }
    Branch top = new Branch(arena, 0, new int[] {between}, new Node[] {lower, upper});
    nodeBytes += top.heapBytes();
    ROOT.setRelease(this, top);
  }

  /** Puts a node in the place of the one at a level of the path; 0 is the root. */
  private void replaceChild(int level, Node fresh) {
    if (level == 0) {
      ROOT.setRelease(this, fresh);
    } else {
      branchAt(level - 1).setChild(pathIndex[level - 1], fresh);
    }
  }

  /** The separator below the range of the node at a level of the path, if there is one. */
  private int fenceBelow(int level) {
    for (int i = level - 1; i >= 0; i--) {
      if (pathIndex[i] > 0) {
        return branchAt(i).separator(pathIndex[i] - 1);
      }
    }
    return NO_ENTRY;
  }

  private int fenceAbove(int level) {
    for (int i = level - 1; i >= 0; i--) {
      Branch branch = branchAt(i);
      if (pathIndex[i] < branch.childCount() - 1) {
        return branch.separator(pathIndex[i]);
      }
    }
    return NO_ENTRY;
  }

  private int skipBetween(int below, int above) {
    return below == NO_ENTRY || above == NO_ENTRY ? 0 : arena.sharedKeyBytes(below, above);
  }

  private Branch branchAt(int level) {
    Branch branch = path[level];
    if (branch == null) {
      throw new IllegalStateException("no branch at level " + level + " of the path");
    }
    return branch;
  }
}
