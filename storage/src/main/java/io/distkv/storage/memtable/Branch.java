package io.distkv.storage.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * An inner node: children, and between each two the first entry of the right one. Separators never
 * change; a child is replaced in its place when it splits in a way that keeps their number, and
 * otherwise the whole branch is replaced by a longer one.
 */
final class Branch extends Node {
  static final int MAX_CHILDREN = 64;

  private static final VarHandle CHILD = MethodHandles.arrayElementVarHandle(Node[].class);

  private final long[] prefixes;
  private final int[] separators;
  private final Node[] children;

  Branch(EntryArena arena, int skip, int[] separators, Node[] children) {
    super(skip);
    this.prefixes = new long[separators.length];
    for (int i = 0; i < separators.length; i++) {
      prefixes[i] = arena.prefix(separators[i], skip);
    }
    this.separators = separators;
    this.children = children;
  }

  private Branch(int skip, long[] prefixes, int[] separators, Node[] children) {
    super(skip);
    this.prefixes = prefixes;
    this.separators = separators;
    this.children = children;
  }

  /** Heap held by this node alone. */
  int heapBytes() {
    return 32 + 3 * 16 + separators.length * (Long.BYTES + Integer.BYTES) + children.length * 4;
  }

  int childCount() {
    return children.length;
  }

  Node child(int index) {
    return (Node) CHILD.getAcquire(children, index);
  }

  void setChild(int index, Node child) {
    CHILD.setRelease(children, index, child);
  }

  int separator(int index) {
    return separators[index];
  }

  /** Which child's range (key, version) is in. */
  int childFor(EntryArena arena, byte[] key, int offset, int length, long version) {
    long prefix = KeyPrefix.of(key, offset, length, skip);
    int low = 0;
    int high = separators.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      long other = prefixes[middle];
      if (other < prefix
          || (other == prefix
              && arena.compare(
                      separators[middle], key, offset, length, version, skip + KeyPrefix.BYTES)
                  <= 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** A copy in which two children stand for the one at an index. */
  Branch withSplit(EntryArena arena, int index, Node left, int separator, Node right) {
    int count = separators.length;
    long[] newPrefixes = Arrays.copyOf(prefixes, count + 1);
    int[] newSeparators = Arrays.copyOf(separators, count + 1);
    Node[] newChildren = Arrays.copyOf(children, count + 2);
    System.arraycopy(prefixes, index, newPrefixes, index + 1, count - index);
    System.arraycopy(separators, index, newSeparators, index + 1, count - index);
    System.arraycopy(children, index + 1, newChildren, index + 2, count - index);
    newPrefixes[index] = arena.prefix(separator, skip);
    newSeparators[index] = separator;
    newChildren[index] = left;
    newChildren[index + 1] = right;
    return new Branch(skip, newPrefixes, newSeparators, newChildren);
  }

  /** The children from one index up to another, as a branch of their own. */
  Branch slice(EntryArena arena, int newSkip, int from, int to) {
    return new Branch(
        arena,
        newSkip,
        Arrays.copyOfRange(separators, from, to - 1),
        Arrays.copyOfRange(children, from, to));
  }
}
