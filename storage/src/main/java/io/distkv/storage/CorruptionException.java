package io.distkv.storage;

import java.io.IOException;

/**
 * Stored bytes are not what was written: a checksum, a length or an order does not hold, or the
 * disk does not give them back at all. Names the file and where in it. What could not be checked is
 * never returned as data.
 */
public final class CorruptionException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Damage damage;

  /**
   * @param file the path of the file on its disk
   * @param offset the byte of the file at which the damaged piece begins
   * @param what what is wrong with that piece, in words
   */
  public CorruptionException(String file, long offset, String what) {
    super(new Damage(file, offset, what).toString());
    damage = new Damage(file, offset, what);
  }

  /** The disk fails to read a piece of a table; the rest of the table may be as good as ever. */
  public static CorruptionException unreadable(String file, long offset, IOException why) {
    String words = why.getMessage() == null ? why.toString() : why.getMessage();
    CorruptionException unreadable =
        new CorruptionException(file, offset, "it cannot be read: " + words);
    unreadable.initCause(why);
    return unreadable;
  }

  /** The file, the place and the finding. */
  public Damage damage() {
    return damage;
  }
}
