package io.distkv.storage.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A range of keys in the order of unsigned bytes.
 *
 * @param from the first key that is in, if it exists; null for no bound; must not be changed
 * @param to the first key that is not in; null for no bound; must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record KeyRange(byte @Nullable [] from, byte @Nullable [] to) {

  /** Every key. */
  public static final KeyRange ALL = new KeyRange(null, null);

  /** The keys that start with these bytes. */
  public static KeyRange prefix(byte[] prefix) {
    for (int last = prefix.length - 1; last >= 0; last--) {
      if (prefix[last] != (byte) 0xFF) {
        byte[] after = Arrays.copyOf(prefix, last + 1);
        after[last]++;
        return new KeyRange(prefix, after);
      }
    }
    return new KeyRange(prefix, null);
  }

  boolean isBelow(byte[] key, int offset, int length) {
    return from != null
        && Arrays.compareUnsigned(key, offset, offset + length, from, 0, from.length) < 0;
  }

  boolean isAbove(byte[] key, int offset, int length) {
    return to != null
        && Arrays.compareUnsigned(key, offset, offset + length, to, 0, to.length) >= 0;
  }
}
