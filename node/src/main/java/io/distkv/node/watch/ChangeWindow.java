package io.distkv.node.watch;

import org.jspecify.annotations.Nullable;

/**
 * The blocks that were gathered last, for those who have not taken them yet: a chain in which each
 * watch has its place. Who lets go of its place lets go of the chain.
 *
 * <p>Invariant: of all that was gathered, what is above {@link #floor} is in it.
 */
final class ChangeWindow {
  private Place begin;
  private Place end;

  /**
   * Empty.
   *
   * @param floor the version behind which it begins
   */
  ChangeWindow(long floor) {
    begin = new Place(null, floor, 0);
    end = begin;
  }

  /** A place: behind a block, or where the window began. */
  static final class Place {
    private final @Nullable ChangeBlock block;
    private final long floor;
    private final long behindBytes;
    private @Nullable Place next;

    private Place(@Nullable ChangeBlock block, long floor, long behindBytes) {
      this.block = block;
      this.floor = floor;
      this.behindBytes = behindBytes;
    }

    /** The block before it; null where the window began. */
    @Nullable ChangeBlock block() {
      return block;
    }

    /** The place behind the next block; null at the end. */
    @Nullable Place next() {
      return next;
    }

    /** Whether it comes before another of the same window. */
    boolean isBefore(Place other) {
      return behindBytes < other.behindBytes;
    }
  }

  /** Adds what was gathered; it is above all that is here. */
  void add(ChangeBlock block) {
    // Of a version that is told in pieces, what holds one of them needs them all.
    long floor = Math.max(block.through(), block.lastVersion());
    Place place = new Place(block, floor, end.behindBytes + block.sizeBytes());
    end.next = place;
    end = place;
  }

  /** Where it begins. */
  Place begin() {
    return begin;
  }

  /** Where it ends. */
  Place end() {
    return end;
  }

  /** The version above which it holds all that was gathered. */
  long floor() {
    return begin.floor;
  }

  long heldBytes() {
    return end.behindBytes - begin.behindBytes;
  }

  /** Lets go of the oldest, but of nothing behind a place, until no more than so much is held. */
  void drop(Place last, long mostBytes) {
    for (Place next = begin.next;
        next != null && !last.isBefore(next) && heldBytes() > mostBytes;
        next = begin.next) {
      begin = next;
    }
  }
}
