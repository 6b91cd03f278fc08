package io.distkv.storage.memtable;

import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.EntryKind;
import io.distkv.storage.table.KeyHash;
import io.distkv.storage.table.Lookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map in memory from (key, version) to a value or tombstone: what a replica has written
 * since its last flush. One thread writes, its lane; any number of threads read at the same time
 * without a lock, a retry or a wait.
 *
 * <p>Keys are numbered, and each number leads to the newest entry of its key ({@link Keys}) in an
 * arena, which leads to the older ones ({@link EntryArena}). One key is found by its hash ({@link
 * KeyIndex}), keys in order by a B+ tree of them. A leaf takes new keys in place ({@link Leaf});
 * when it is full, fresh leaves take its place in the parent and among their neighbours, and the
 * old leaf is never touched again. Why a reader that stands on an old node is right: versions are
 * written in rising order and a reader looks for nothing newer than what was published before it
 * came; nodes lose nothing, since a newer entry leads to what it took the place of, and a replaced
 * node held all keys that were written up to its end. So every node that was part of the tree at
 * any time since the reader came, and every neighbour it names, shows all that this reader may see.
 * What it shows beyond that, the reader's version hides. With the segments of the index it is the
 * same.
 *
 * <p>Rejected: a tree of (key, version), in which each version is an entry of its own. Keys that
 * are written often fill whole leaves, their prefixes tell nothing, and each step of a search is a
 * cache miss in the arena: with thirty versions of a key a write takes twice as long.
 *
 * <p>Rejected: a skip list over the same arena. It needs no splits, but visits about two nodes per
 * doubling of the entries, each a cache miss, where this tree visits four nodes in all.
 */
public final class Memtable {
  private static final byte[] NO_BYTES = {};
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
  private final Keys keys = new Keys(arena);
  private final KeyIndex index;
  private Node root = new Leaf(0);

  // The writer's own, from here on: the way down of the insert at hand, and counts.
  private final @Nullable Branch[] path = new Branch[MAX_DEPTH];
  private final int[] pathIndex = new int[MAX_DEPTH];
  private int depth;
  private long nodeBytes = Leaf.HEAP_BYTES;
  private long entries;
  private long tombstones;
  private long expiring;

  /** Makes an empty one. */
  public Memtable() {
    this(KeyIndex.MAX_BITS);
  }

  Memtable(int maxIndexBits) {
    index = new KeyIndex(keys, maxIndexBits);
  }

  /**
   * Writes a value; an entry of the same key and version is overwritten. On the writer's thread.
   *
   * @param key 1 to 65,535 bytes; copied
   * @param value must not be changed afterwards: a large one is not copied
   * @param expiresAtMillis when the value ends, in wall milliseconds; 0 if never
   * @param version not below any version written before
   */
  public void put(byte[] key, byte[] value, long expiresAtMillis, long version) {
    write(key, version, EntryKind.VALUE, expiresAtMillis, value);
  }

  /** Writes a tombstone, like {@link #put}. */
  public void delete(byte[] key, long version) {
    write(key, version, EntryKind.TOMBSTONE, 0, NO_BYTES);
  }

  /** Bytes of heap this memtable holds. On the writer's thread, or once nothing is written. */
  public long heldBytes() {
    return arena.heldBytes() + keys.heldBytes() + index.heldBytes() + nodeBytes;
  }

  /** Those of {@link #heldBytes} that the tree holds. */
  long nodeBytes() {
    return nodeBytes;
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
   * @param keyHash {@link KeyHash} of the key
   * @return FOUND or ABSENT
   */
  public Lookup.Outcome get(
      byte[] key, int offset, int length, long keyHash, long asOf, Lookup into) {
    int number = find(keyHash, key, offset, length);
    if (number == Keys.NONE) {
      return Lookup.Outcome.ABSENT;
    }
    int entry = arena.asOf(keys.newest(number), asOf);
    if (entry == EntryArena.NONE) {
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

  /** The number of a key, or {@link Keys#NONE}. */
  private int find(long keyHash, byte[] key, int offset, int length) {
    int number = index.find(keyHash, key, offset, length);
    return number != Keys.NONE || index.complete() ? number : findInTree(key, offset, length);
  }

  private int findInTree(byte[] key, int offset, int length) {
    Leaf leaf = leafFor(key, offset, length);
    long order = leaf.order();
    int position = leaf.lowerBound(keys, order, key, offset, length);
    if (position == Leaf.count(order)) {
      return Keys.NONE;
    }
    int number = leaf.key(order, position);
    return keys.equal(number, key, offset, length) ? number : Keys.NONE;
  }

  /**
   * A cursor over all entries. It shows every entry written before it was made, and may or may not
   * show later ones. On any thread; the cursor itself belongs to one.
   */
  public EntryCursor cursor() {
    return new MemtableCursor(this, keys, arena);
  }

  Leaf leafFor(byte[] key, int offset, int length) {
    Node node = (Node) ROOT.getAcquire(this);
    while (node instanceof Branch branch) {
      node = branch.child(branch.childFor(keys, key, offset, length));
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

  private void write(byte[] key, long version, EntryKind kind, long expiresAtMillis, byte[] value) {
    count(kind, expiresAtMillis, 1);
    long keyHash = KeyHash.of(key, 0, key.length);
    int number = find(keyHash, key, 0, key.length);
    if (number == Keys.NONE) {
      int entry = arena.append(key, version, kind, expiresAtMillis, value, EntryArena.NONE);
      number = keys.add(entry);
      insert(key, number);
      index.add(keyHash, number);
      return;
    }
    int newest = keys.newest(number);
    int older = newest;
    if (arena.version(newest) == version) {
      count(arena.kind(newest), arena.expiresAtMillis(newest), -1);
      older = arena.older(newest);
    }
    keys.supersede(number, arena.append(key, version, kind, expiresAtMillis, value, older));
  }

  /** Puts a new key into the tree. */
  private void insert(byte[] key, int number) {
    Leaf leaf = descend(key);
    long order = leaf.order();
    int position = leaf.lowerBound(keys, order, key, 0, key.length);
    if (Leaf.count(order) < Leaf.SLOTS) {
      leaf.insert(keys, position, number);
    } else if (position == Leaf.SLOTS) {
      appendAfter(leaf, number);
    } else {
      split(leaf, position, number);
    }
  }

  private void count(EntryKind kind, long expiresAtMillis, int sign) {
    entries += sign;
    tombstones += kind == EntryKind.TOMBSTONE ? sign : 0;
    expiring += expiresAtMillis == 0 ? 0 : sign;
  }

  private Leaf descend(byte[] key) {
    depth = 0;
    Node node = root;
    while (node instanceof Branch branch) {
      int index = branch.childFor(keys, key, 0, key.length);
      path[depth] = branch;
      pathIndex[depth++] = index;
      node = branch.child(index);
    }
    return (Leaf) node;
  }

  /** Puts two fresh leaves in the place of a full one, one of them with a key more. */
  private void split(Leaf leaf, int position, int number) {
    int half = (Leaf.SLOTS + 1) / 2;
    boolean below = position < half;
    int leftKeys = below ? half - 1 : half;
    int separator = position == half ? number : leaf.key(leaf.order(), leftKeys);
    Leaf left = new Leaf(skipBetween(fenceBelow(depth), separator));
    left.append(keys, leaf, 0, leftKeys);
    Leaf right = new Leaf(skipBetween(separator, fenceAbove(depth)));
    right.append(keys, leaf, leftKeys, Leaf.SLOTS);
    if (below) {
      left.insert(keys, position, number);
    } else {
      right.insert(keys, position - half, number);
    }
    left.setNext(right);
    right.setPrev(left);
    link(leaf.prev(), left, right, leaf.next());
    splitChild(left, separator, right);
    nodeBytes += Leaf.HEAP_BYTES;
  }

  /** Keys that come in rising order leave full leaves behind them. */
  private void appendAfter(Leaf leaf, int number) {
    Leaf right = new Leaf(skipBetween(number, fenceAbove(depth)));
    right.insert(keys, 0, number);
    right.setPrev(leaf);
    Leaf after = leaf.next();
    right.setNext(after);
    leaf.setNext(right);
    if (after != null) {
      after.setPrev(right);
    }
    splitChild(leaf, number, right);
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
      Branch grown = parent.withSplit(keys, pathIndex[level - 1], lower, between, upper);
      nodeBytes += grown.heapBytes() - parent.heapBytes();
      int count = grown.childCount();
      if (count <= Branch.MAX_CHILDREN) {
        replaceChild(level - 1, grown);
        return;
      }
      // Keys that come in rising order leave full branches behind them too.
      int cut = pathIndex[level - 1] == count - 2 ? count - 2 : count / 2;
      between = grown.separator(cut - 1);
      lower = grown.slice(keys, skipBetween(fenceBelow(level - 1), between), 0, cut);
      upper = grown.slice(keys, skipBetween(between, fenceAbove(level - 1)), cut, count);
    }
    Branch top = new Branch(keys, 0, new int[] {between}, new Node[] {lower, upper});
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
    return Keys.NONE;
  }

  private int fenceAbove(int level) {
    for (int i = level - 1; i >= 0; i--) {
      Branch branch = branchAt(i);
      if (pathIndex[i] < branch.childCount() - 1) {
        return branch.separator(pathIndex[i]);
      }
    }
    return Keys.NONE;
  }

  private int skipBetween(int below, int above) {
    return below == Keys.NONE || above == Keys.NONE ? 0 : keys.sharedBytes(below, above);
  }

  private Branch branchAt(int level) {
    Branch branch = path[level];
    if (branch == null) {
      throw new IllegalStateException("no branch at level " + level + " of the path");
    }
    return branch;
  }
}
