package io.distkv.storage;

import java.io.IOException;

/**
 * Stored bytes are not what was written: a checksum, a length or an order does not hold. Names the
 * file and where in it. What could not be checked is never returned as data.
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

  /** The file, the place and the finding. */
  public Damage damage() {
    return damage;
  }
}
