package io.distkv.node.replica;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds which of many ranges a key is in, without looking at all of them: an interval tree (Cormen
 * and others, Introduction to Algorithms, section 17.3), balanced as Adelson-Velsky and Landis do
 * it. To add, remove and find a range takes time in the order of the logarithm of how many there
 * are, and finding as long again for each that is found.
 *
 * <p>Invariants, of every node: what is left of it is before it in {@link #ORDER}, what is right of
 * it behind; the heights of the two differ by one at most; {@code end} is the end of whichever
 * range of its subtree reaches furthest.
 *
 * @param <T> what belongs to ranges; several may to the same
 */
final class RangeTree<T> {
  private static final Comparator<byte @Nullable []> ENDS =
      Comparator.nullsLast(Arrays::compareUnsigned);

  private static final Comparator<ChangeRange> ORDER =
      Comparator.comparing(ChangeRange::from, Arrays::compareUnsigned)
          .thenComparing(ChangeRange::to, ENDS);

  private @Nullable Node<T> root;

  /** All that belongs to one range. The list is never changed, but replaced. */
  private static final class Node<T> {
    final ChangeRange range;
    List<T> elements;
    @Nullable Node<T> left;
    @Nullable Node<T> right;
    int height = 1;
    byte @Nullable [] end;

    Node(ChangeRange range, T element) {
      this.range = range;
      this.elements = List.of(element);
      this.end = range.to();
    }
  }

  boolean isEmpty() {
    return root == null;
  }

  /** Everything, in the order of ranges. */
  List<T> all() {
    List<T> all = new ArrayList<>();
    addAll(root, all);
    return all;
  }

  private static <T> void addAll(@Nullable Node<T> at, List<T> all) {
    if (at != null) {
      addAll(at.left, all);
      all.addAll(at.elements);
      addAll(at.right, all);
    }
  }

  /**
   * Finds the ranges that a key is in.
   *
   * @param found told of each, in their order, with what belongs to it, which stays as it is
   *     whatever happens to the tree; must not change the tree
   */
  void find(byte[] key, BiConsumer<ChangeRange, List<T>> found) {
    find(root, key, found);
  }

  private static <T> void find(
      @Nullable Node<T> at, byte[] key, BiConsumer<ChangeRange, List<T>> found) {
    if (at == null || (at.end != null && Arrays.compareUnsigned(at.end, key) <= 0)) {
      return;
    }
    find(at.left, key, found);
    if (Arrays.compareUnsigned(at.range.from(), key) <= 0) {
      if (at.range.contains(key)) {
        found.accept(at.range, at.elements);
      }
      find(at.right, key, found);
    }
  }

  void add(ChangeRange range, T element) {
    root = added(root, range, element);
  }

  private static <T> Node<T> added(@Nullable Node<T> at, ChangeRange range, T element) {
    if (at == null) {
      return new Node<>(range, element);
    }
    int order = ORDER.compare(range, at.range);
    if (order == 0) {
      List<T> elements = new ArrayList<>(at.elements);
      elements.add(element);
      at.elements = List.copyOf(elements);
      return at;
    }
    if (order < 0) {
      at.left = added(at.left, range, element);
    } else {
      at.right = added(at.right, range, element);
    }
    return balanced(at);
  }

  /** Nothing happens if it is not there. */
  void remove(ChangeRange range, T element) {
    root = removed(root, range, element);
  }

  private static <T> @Nullable Node<T> removed(@Nullable Node<T> at, ChangeRange range, T element) {
    if (at == null) {
      return null;
    }
    int order = ORDER.compare(range, at.range);
    if (order < 0) {
      at.left = removed(at.left, range, element);
      return balanced(at);
    }
    if (order > 0) {
      at.right = removed(at.right, range, element);
      return balanced(at);
    }
    List<T> elements = new ArrayList<>(at.elements);
    elements.remove(element);
    at.elements = List.copyOf(elements);
    return elements.isEmpty() ? joined(at.left, at.right) : at;
  }

  /** One tree of two that differ in height by one at most, all of the second behind the first. */
  private static <T> @Nullable Node<T> joined(@Nullable Node<T> left, @Nullable Node<T> right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    Node<T> top = right;
    while (top.left != null) {
      top = top.left;
    }
    Node<T> rest = withoutFirst(right);
    top.left = left;
    top.right = rest;
    return balanced(top);
  }

  private static <T> @Nullable Node<T> withoutFirst(Node<T> at) {
    if (at.left == null) {
      return at.right;
    }
    at.left = withoutFirst(at.left);
    return balanced(at);
  }

  /** Restores the invariants at a node under which one node was added or removed. */
  private static <T> Node<T> balanced(Node<T> at) {
    Node<T> left = at.left;
    Node<T> right = at.right;
    int lean = height(left) - height(right);
    if (left != null && lean > 1) {
      if (height(left.left) < height(left.right)) {
        at.left = turnedLeft(left);
      }
      return turnedRight(at);
    }
    if (right != null && lean < -1) {
      if (height(right.right) < height(right.left)) {
        at.right = turnedRight(right);
      }
      return turnedLeft(at);
    }
    measure(at);
    return at;
  }

  private static <T> Node<T> turnedRight(Node<T> at) {
    Node<T> top = requireChild(at.left);
    at.left = top.right;
    top.right = at;
    measure(at);
    measure(top);
    return top;
  }

  private static <T> Node<T> turnedLeft(Node<T> at) {
    Node<T> top = requireChild(at.right);
    at.right = top.left;
    top.left = at;
    measure(at);
    measure(top);
    return top;
  }

  private static <T> Node<T> requireChild(@Nullable Node<T> child) {
    if (child == null) {
      throw new IllegalStateException("the higher side of a node is empty");
    }
    return child;
  }

  private static <T> void measure(Node<T> at) {
    at.height = 1 + Math.max(height(at.left), height(at.right));
    byte[] end = at.range.to();
    if (at.left != null) {
      end = further(end, at.left.end);
    }
    if (at.right != null) {
      end = further(end, at.right.end);
    }
    at.end = end;
  }

  private static byte @Nullable [] further(byte @Nullable [] one, byte @Nullable [] other) {
    return ENDS.compare(one, other) < 0 ? other : one;
  }

  private static int height(@Nullable Node<?> at) {
    return at == null ? 0 : at.height;
  }
}
