package io.distkv.node.command;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Turns the place where a SCAN call stopped into the number that the client brings back, and back
 * into the place.
 *
 * <p><b>What SCAN promises.</b> A key that is there from the first call to the last is returned at
 * least once, whatever is written meanwhile, over restarts, with any number of scans at once; a key
 * may come twice. A scan here walks the partitions one after the other and each in key order, so
 * the promise holds if every call begins at or before the key at which the call before stopped.
 *
 * <p><b>The cursor</b> is a pure function of that key: the partition in the low bits and a hash of
 * the key above it. It has 53 bits and not 64, because clients in JavaScript read it as a double.
 * The key cannot be recovered from its hash, so there are two ways back:
 *
 * <ul>
 *   <li>This table remembers the key of each recent cursor. It is bounded, lives in memory, and is
 *       only a short cut: any entry may be lost at any time.
 *   <li>Without an entry, the partition is walked from its start to the first key of that hash. If
 *       the key was deleted, nothing has it, and the scan begins the partition again: slower, with
 *       repetitions, and nothing missed.
 * </ul>
 *
 * <p>Two keys of one hash do no harm either: the walk finds the smaller one, and an entry is only
 * ever replaced by a smaller key of the same cursor. What is left is that the smaller one's entry
 * was lost, the larger one's stored, and then the first scan resumed: two of the keys at which
 * concurrent scans stand would have to share 53 bits (less those of the partition).
 *
 * <p><b>Rejected:</b> counting keys (deletes shift it past others), a prefix of the key (thousands
 * of keys share any eight bytes, and one call would have to return them all), tables of open scans
 * without a hash (lost on a restart, and a client that walks away leaks them).
 *
 * <p>Used by many workers at once, without locks.
 */
final class ScanPositions {
  private static final int CURSOR_BITS = 53;
  private static final int SLOTS = 1 << 14;

  /** Longer keys are not remembered, so that the table stays below 16 MiB. */
  private static final int MAX_REMEMBERED_BYTES = 1_000;

  @SuppressWarnings("ArrayRecordComponent")
  private record Entry(int keyspace, long cursor, byte[] key) {

    boolean is(int otherKeyspace, long otherCursor) {
      return keyspace == otherKeyspace && cursor == otherCursor;
    }
  }

  private final AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(SLOTS);

  /** The partition in which a cursor stands; may be beyond the last if a client made it up. */
  static int partition(long cursor, int partitions) {
    return (int) (cursor & ((1L << partitionBits(partitions)) - 1));
  }

  private static int partitionBits(int partitions) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(partitions - 1);
  }

  /** The cursor of a key, from 1 on. */
  static long cursor(int partition, int partitions, byte[] key) {
    int shift = partitionBits(partitions);
    long hash = Math.max(1, hash(key) >>> (Long.SIZE - CURSOR_BITS + shift));
    return hash << shift | partition;
  }

  /** FNV-1a, with its bits mixed once more at the end. */
  private static long hash(byte[] key) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : key) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return hash ^ (hash >>> 33);
  }

  private static int slot(int keyspace, long cursor) {
    long mixed = (cursor + keyspace) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 50) & (SLOTS - 1);
  }

  /** Remembers where a scan stopped. */
  void remember(int keyspace, long cursor, byte[] key) {
    if (key.length > MAX_REMEMBERED_BYTES) {
      return;
    }
    int slot = slot(keyspace, cursor);
    Entry known = entries.get(slot);
    boolean keepKnown =
        known != null && known.is(keyspace, cursor) && Arrays.compareUnsigned(known.key, key) <= 0;
    if (!keepKnown) {
      // A race with another scan loses one of the two entries, which is allowed.
      entries.compareAndSet(slot, known, new Entry(keyspace, cursor, key));
    }
  }

  /** The key at which a cursor stands, or null if it was forgotten. */
  byte @Nullable [] recall(int keyspace, long cursor) {
    Entry known = entries.get(slot(keyspace, cursor));
    return known != null && known.is(keyspace, cursor) ? known.key : null;
  }
}
