package io.distkv.raft;

/**
 * A place in the log.
 *
 * @param term of the entry there, 0 before the first
 * @param index of the entry there, 0 before the first
 */
public record Position(long term, long index) {
  /** Before the first entry. */
  public static final Position NONE = new Position(0, 0);

  /** Whether a log that ends here has all that one has that ends there (section 5.4.1). */
  boolean isAtLeast(Position other) {
    return term != other.term ? term > other.term : index >= other.index;
  }
}
