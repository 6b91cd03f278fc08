package io.distkv.base;

import org.jspecify.annotations.Nullable;

/**
 * A list whose elements are its links: to add one at the end and to take one out anywhere costs no
 * memory, no search and no hash, whatever its length. For what comes and goes at the rate of
 * requests.
 *
 * <p>Not thread-safe.
 *
 * @param <T> its elements, each in one such list at most at a time
 */
public final class Chain<T extends Chain.Link<T>> {
  private @Nullable T first;
  private @Nullable T last;
  private int size;

  /** An element of such a list. */
  public abstract static class Link<T extends Link<T>> {
    private @Nullable T before;
    private @Nullable T after;
    private boolean linked;
  }

  /** How many elements it has. */
  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** The element that has been in it for longest; null if there is none. */
  public @Nullable T first() {
    return first;
  }

  /**
   * Adds an element behind all others.
   *
   * @throws IllegalStateException if it is in a list
   */
  public void add(T element) {
    Link<T> link = element;
    if (link.linked) {
      throw new IllegalStateException("the element is in a chain");
    }
    link.linked = true;
    link.before = last;
    if (last == null) {
      first = element;
    } else {
      ((Link<T>) last).after = element;
    }
    last = element;
    size++;
  }

  /** Takes an element of this list out; without effect on one that is in none. */
  public void remove(T element) {
    Link<T> link = element;
    if (!link.linked) {
      return;
    }
    link.linked = false;
    if (link.before == null) {
      first = link.after;
    } else {
      ((Link<T>) link.before).after = link.after;
    }
    if (link.after == null) {
      last = link.before;
    } else {
      ((Link<T>) link.after).before = link.before;
    }
    link.before = null;
    link.after = null;
    size--;
  }

  /** Takes the element out that has been in it for longest; null if there is none. */
  public @Nullable T poll() {
    T oldest = first;
    if (oldest != null) {
      remove(oldest);
    }
    return oldest;
  }
}
