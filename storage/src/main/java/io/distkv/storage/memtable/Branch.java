package io.distkv.storage.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * An inner node: children, and between each two the first key of the right one. All but the
 * children's insides is fixed: where a child splits, a longer branch takes the place of this one.
 *
 * <p>Its prefixes begin behind what its separators have in common, which is more than what all keys
 * of its range share: the outermost branches have no bound on one side, and with it nothing that
 * all keys share, yet most replicas' keys begin alike. A key that does not begin like the
 * separators is before or behind them all.
 */
final class Branch extends Node {
  static final int MAX_CHILDREN = 64;

  /** Separators that begin alike for longer than this are told apart the slow way. */
  private static final int MOST_COMMON_BYTES = 64;

  private static final VarHandle CHILD = MethodHandles.arrayElementVarHandle(Node[].class);

  /** What all separators have behind the bytes that are skipped. */
  private final byte[] common;

  /**
   * How many bytes all keys have in front of their prefixes: those skipped, and the common ones.
   */
  private final int prefixStart;

  private final long[] prefixes;
  private final int[] separators;
  private final Node[] children;

  Branch(Keys keys, int skip, int[] separators, Node[] children) {
    super(skip);
    this.common = common(keys, skip, separators);
    this.prefixStart = skip + common.length;
    this.prefixes = new long[separators.length];
    for (int i = 0; i < separators.length; i++) {
      prefixes[i] = keys.prefix(separators[i], prefixStart);
    }
    this.separators = separators;
    this.children = children;
  }

  private Branch(Branch like, long[] prefixes, int[] separators, Node[] children) {
    super(like.skip);
    this.common = like.common;
    this.prefixStart = like.prefixStart;
    this.prefixes = prefixes;
    this.separators = separators;
    this.children = children;
  }

  private static byte[] common(Keys keys, int skip, int[] separators) {
    int first = separators[0];
    int shared = keys.sharedBytes(first, separators[separators.length - 1]);
    return keys.bytes(first, skip, skip + Math.clamp(shared - skip, 0, MOST_COMMON_BYTES));
  }

  /** Heap held by this node alone. */
  int heapBytes() {
    return 32
        + 4 * 16
        + common.length
        + separators.length * (Long.BYTES + Integer.BYTES)
        + children.length * 4;
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

  /** Which child's range a key is in. */
  int childFor(Keys keys, byte[] key, int offset, int length) {
    if (prefixStart > skip) {
      int end = offset + Math.min(prefixStart, length);
      int side = Arrays.compareUnsigned(key, offset + skip, end, common, 0, common.length);
      if (side != 0) {
        return side < 0 ? 0 : separators.length;
      }
    }
    long prefix = KeyPrefix.of(key, offset, length, prefixStart);
    int low = 0;
    int high = separators.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      long other = prefixes[middle];
      if (other < prefix
          || (other == prefix
              && keys.compare(
                      separators[middle], key, offset, length, prefixStart + KeyPrefix.BYTES)
                  <= 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** A copy in which two children stand for the one at an index. */
  Branch withSplit(Keys keys, int index, Node left, int separator, Node right) {
    int count = separators.length;
    int[] newSeparators = Arrays.copyOf(separators, count + 1);
    Node[] newChildren = Arrays.copyOf(children, count + 2);
    System.arraycopy(separators, index, newSeparators, index + 1, count - index);
    System.arraycopy(children, index + 1, newChildren, index + 2, count - index);
    newSeparators[index] = separator;
    newChildren[index] = left;
    newChildren[index + 1] = right;
    if (!beginsLikeTheOthers(keys, separator, index)) {
      return new Branch(keys, skip, newSeparators, newChildren);
    }
    long[] newPrefixes = Arrays.copyOf(prefixes, count + 1);
    System.arraycopy(prefixes, index, newPrefixes, index + 1, count - index);
    newPrefixes[index] = keys.prefix(separator, prefixStart);
    return new Branch(this, newPrefixes, newSeparators, newChildren);
  }

  /** What stands between two separators begins like both. */
  private boolean beginsLikeTheOthers(Keys keys, int separator, int index) {
    return (index > 0 && index < separators.length)
        || keys.sharedBytes(separator, separators[0]) >= prefixStart;
  }

  /** The children from one index up to another, as a branch of their own. */
  Branch slice(Keys keys, int newSkip, int from, int to) {
    return new Branch(
        keys,
        newSkip,
        Arrays.copyOfRange(separators, from, to - 1),
        Arrays.copyOfRange(children, from, to));
  }
}
