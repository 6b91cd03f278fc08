package io.distkv.node.command;

/**
 * Walks the live keys of one partition in the order of their unsigned bytes, as of one moment.
 * Expired keys are not shown. A cursor starts nowhere; each move says whether it found a key.
 *
 * <p>Not thread-safe. Must be closed.
 */
public interface KeyCursor extends AutoCloseable {

  /** Moves to the smallest key. */
  boolean first();

  /** Moves to the largest key. */
  boolean last();

  /** Moves to the smallest key that is not smaller than {@code from}, which may be empty. */
  boolean seek(byte[] from);

  /** Moves to the largest key that is smaller than {@code bound}. */
  boolean seekBefore(byte[] bound);

  /** Moves to the next larger key. Only after a move that found a key. */
  boolean next();

  /** The key at which the cursor stands; a copy or an array that nobody changes. */
  byte[] key();

  @Override
  void close();
}
