package io.distkv.simulation.shrink;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds few of many things that are enough to make a test fail: ddmin of Zeller and Hildebrandt,
 * "Simplifying and isolating failure-inducing input" (2002). It tries ever smaller parts of what is
 * left, and what is left without each of them, until nothing can go by itself any more. What it
 * finds is smaller than anything that it tried; there may be something smaller that it did not try.
 */
public final class DeltaDebugging {
  private DeltaDebugging() {}

  /**
   * Makes a list smaller.
   *
   * @param all known to fail
   * @param fails whether the test fails with these; false to everything once there is no time left
   * @return those of all, in their order, that the test still fails with
   */
  public static <T> List<T> shrink(List<T> all, Predicate<List<T>> fails) {
    if (all.isEmpty() || fails.test(List.of())) {
      return List.of();
    }
    List<T> left = List.copyOf(all);
    int parts = 2;
    while (left.size() > 1) {
      List<T> smaller = smaller(left, parts, fails);
      if (smaller.size() < left.size()) {
        // A single part was enough: begin anew; a part could go: try the other parts of that size.
        parts = smaller.size() <= partSize(left, parts) ? 2 : Math.max(2, parts - 1);
        left = smaller;
      } else if (parts >= left.size()) {
        break;
      } else {
        parts = Math.min(left.size(), 2 * parts);
      }
    }
    return left;
  }

  private static int partSize(List<?> left, int parts) {
    return (left.size() + parts - 1) / parts;
  }

  /** One of the parts, or all but one of them; the list itself if neither fails. */
  private static <T> List<T> smaller(List<T> left, int parts, Predicate<List<T>> fails) {
    int size = partSize(left, parts);
    for (int from = 0; from < left.size(); from += size) {
      List<T> part = List.copyOf(left.subList(from, Math.min(left.size(), from + size)));
      if (part.size() < left.size() && fails.test(part)) {
        return part;
      }
    }
    if (parts == 2) {
      return left; // All but one of two parts is the other.
    }
    for (int from = 0; from < left.size(); from += size) {
      List<T> rest = new ArrayList<>(left.subList(0, from));
      rest.addAll(left.subList(Math.min(left.size(), from + size), left.size()));
      if (fails.test(List.copyOf(rest))) {
        return List.copyOf(rest);
      }
    }
    return left;
  }
}
