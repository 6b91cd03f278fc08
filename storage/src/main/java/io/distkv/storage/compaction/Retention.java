package io.distkv.storage.compaction;

import io.distkv.base.Version;
import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.EntryKind;
import java.util.Arrays;

/**
 * Decides, entry by entry in internal order, what a rewritten table still needs.
 *
 * <p>The horizon is a version that no reader will ask before any more. So of each key, everything
 * above the horizon stays, and below it the newest entry alone: it is what a reader at the horizon
 * sees. If that one is a tombstone, it stays only while older tables may hold something it hides; a
 * value that has expired by the horizon is as good as a tombstone, and becomes one.
 *
 * <p>Time is the horizon's own, that is, the log's. By the wall clock one replica might drop a
 * value that an entry of the log, applied later on another machine, still finds.
 */
final class Retention {

  /** What to do with an entry. */
  enum Verdict {
    KEEP,
    DROP,
    /** Write a tombstone of the same version in its place. */
    BURY
  }

  private final long horizon;
  private final OlderData older;
  private byte[] key = new byte[256];
  private int keyLength = -1;
  private boolean settled;
  private boolean newKey;

  Retention(long horizon, OlderData older) {
    this.horizon = horizon;
    this.older = older;
  }

  /** Whether the entry judged last was the first of its key. */
  boolean isNewKey() {
    return newKey;
  }

  Verdict judge(EntryCursor at) {
    newKey = remember(at.keyArray(), at.keyOffset(), at.keyLength());
    if (newKey) {
      settled = false;
    }
    if (at.version() > horizon) {
      return Verdict.KEEP;
    }
    if (settled) {
      return Verdict.DROP;
    }
    settled = true;
    boolean tombstone = at.kind() == EntryKind.TOMBSTONE;
    if (!tombstone && !hasExpired(at.expiresAtMillis())) {
      return Verdict.KEEP;
    }
    if (!older.mayHave(key, 0, keyLength)) {
      return Verdict.DROP;
    }
    return tombstone ? Verdict.KEEP : Verdict.BURY;
  }

  /** In its last millisecond a value still lives, for a reader at the horizon too. */
  private boolean hasExpired(long expiresAtMillis) {
    return expiresAtMillis != 0 && expiresAtMillis < Version.millis(horizon);
  }

  /** Takes a key over; returns whether it differs from the one before. */
  private boolean remember(byte[] array, int offset, int length) {
    if (length == keyLength && Arrays.equals(key, 0, length, array, offset, offset + length)) {
      return false;
    }
    if (length > key.length) {
      key = new byte[Math.max(length, 2 * key.length)];
    }
    System.arraycopy(array, offset, key, 0, length);
    keyLength = length;
    return true;
  }
}
