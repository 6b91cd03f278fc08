package io.distkv.node.replica;

import io.distkv.storage.tree.KeyRange;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which keys are watched.
 *
 * @param from the first key that may be; empty for the smallest
 * @param to the first key behind; null for no end
 */
@SuppressWarnings("ArrayRecordComponent")
public record ChangeRange(byte[] from, byte @Nullable [] to) {

  /** One key. */
  public static ChangeRange key(byte[] key) {
    return new ChangeRange(key, Arrays.copyOf(key, key.length + 1));
  }

  /** The keys that begin so; all of them where that is empty. */
  public static ChangeRange prefix(byte[] prefix) {
    KeyRange range = KeyRange.prefix(prefix);
    return new ChangeRange(prefix, range.to());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChangeRange range
        && Arrays.equals(from, range.from)
        && Arrays.equals(to, range.to);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(from) + Arrays.hashCode(to);
  }

  /** Whether this is one key, which is in one partition only. */
  public boolean isOneKey() {
    return to != null
        && to.length == from.length + 1
        && to[from.length] == 0
        && Arrays.mismatch(from, to) == from.length;
  }

  boolean contains(byte[] key) {
    return Arrays.compareUnsigned(key, from) >= 0
        && (to == null || Arrays.compareUnsigned(key, to) < 0);
  }

  KeyRange range() {
    return new KeyRange(from, to);
  }
}
