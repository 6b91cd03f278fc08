package io.distkv.storage;

import java.io.Serializable;

/**
 * One finding of a check of stored files.
 *
 * @param file the path of the file on its disk
 * @param offset the byte of the file at which the damaged piece begins
 * @param what what is wrong with that piece, in words
 */
public record Damage(String file, long offset, String what) implements Serializable {

  @Override
  public String toString() {
    return file + " at byte " + offset + ": " + what;
  }
}
