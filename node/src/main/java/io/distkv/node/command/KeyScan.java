package io.distkv.node.command;

import io.distkv.base.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of the keys of a range, in the order of their bytes over all partitions, and the key at
 * which the next page begins.
 *
 * @param from first key of the range; empty for the smallest
 * @param to first key behind the range; null for no end
 * @param reverse whether it goes from the end of the range to its beginning
 * @param limit how many keys at most
 * @param bytes of keys and values after which the page ends
 * @param values whether the page has values, or null in their place
 */
@SuppressWarnings("ArrayRecordComponent")
record KeyScan(
    byte[] from, byte @Nullable [] to, boolean reverse, int limit, long bytes, boolean values) {
  static final int DEFAULT_LIMIT = 1_000;
  static final int MOST_LIMIT = Limits.MAX_BATCH_OPERATIONS;
  static final long DEFAULT_BYTES = 1 << 20;
  static final long MOST_BYTES = Limits.MAX_BATCH_BYTES;

  Reply run(View view) {
    List<Reply> found = new ArrayList<>();
    long taken = 0;
    byte[] last = null;
    try (OrderedKeys keys = OrderedKeys.open(view, this)) {
      while (keys.next()) {
        byte[] key = keys.key();
        if (last != null && (found.size() == limit || taken >= bytes)) {
          return Reply.array(new Reply.Array(found), Reply.bulk(reverse ? last : after(last)));
        }
        last = key;
        Value value = view.get(key);
        if (value != null) {
          found.add(entry(key, value, view));
          taken += key.length + (values ? value.length() : 0);
        }
      }
    }
    return Reply.array(new Reply.Array(found), Reply.NULL);
  }

  /** The smallest key that is larger. */
  private static byte[] after(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  private Reply entry(byte[] key, Value value, View view) {
    return Reply.array(
        Reply.bulk(key),
        values ? value.reply() : Reply.NULL,
        Versions.reply(value.version()),
        VersionedValues.lifeLeft(value, view));
  }
}
