package io.distkv.storage.tree;

import io.distkv.base.Version;
import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.EntryKind;
import java.io.IOException;
import java.util.Arrays;

/**
 * Shows, of all entries of a range, those that a reader at one version sees.
 *
 * <p>Going forward, the newest version of a key comes first: the entry shown is the one that the
 * inner cursor stands on. Going backward, the oldest comes first: all versions of a key are walked
 * over, and the last fitting one is remembered, so the inner cursor then stands on the key before.
 * Either way the entry shown is held in fields of this cursor; the key is copied, the value is not.
 */
final class VisibleCursor implements Cursor {
  private static final byte[] NO_BYTES = {};

  /** After so many entries of one key to be stepped over, seeking past them is cheaper. */
  private static final int STEPS_BEFORE_SEEK = 8;

  private final EntryCursor entries;
  private final KeyRange range;
  private final long asOf;

  private boolean valid;
  private boolean forward = true;
  private byte[] key = new byte[64];
  private int keyLength;
  private long version;
  private long expiresAtMillis;
  private byte[] valueArray = NO_BYTES;
  private int valueOffset;
  private int valueLength;

  VisibleCursor(EntryCursor entries, KeyRange range, long asOf) {
    this.entries = entries;
    this.range = range;
    this.asOf = asOf;
  }

  @Override
  public boolean seekToFirst() throws IOException {
    byte[] from = range.from();
    return from == null ? settleForward(begin(true) && entries.seekToFirst()) : seek(from);
  }

  @Override
  public boolean seekToLast() throws IOException {
    byte[] to = range.to();
    begin(false);
    return settleBackward(to == null ? entries.seekToLast() : toLastBefore(to, Version.LATEST));
  }

  @Override
  public boolean seek(byte[] target) throws IOException {
    byte[] from = range.from();
    byte[] start = from != null && range.isBelow(target, 0, target.length) ? from : target;
    begin(true);
    return settleForward(entries.seek(start, 0, start.length, Version.LATEST));
  }

  @Override
  public boolean seekAtOrBefore(byte[] target) throws IOException {
    if (range.isAbove(target, 0, target.length)) {
      return seekToLast();
    }
    begin(false);
    return settleBackward(toLastBefore(target, Version.NONE));
  }

  @Override
  public boolean next() throws IOException {
    requireValid();
    boolean wasForward = forward;
    begin(true);
    return settleForward(wasForward ? leaveKey() : seekPastKey());
  }

  @Override
  public boolean prev() throws IOException {
    requireValid();
    boolean wasForward = forward;
    begin(false);
    return settleBackward(
        wasForward ? toLastBefore(key, keyLength, Version.LATEST) : entries.valid());
  }

  @Override
  public boolean valid() {
    return valid;
  }

  @Override
  public byte[] key() {
    return Arrays.copyOf(key, keyLength);
  }

  @Override
  public byte[] keyArray() {
    return key;
  }

  @Override
  public int keyOffset() {
    return 0;
  }

  @Override
  public int keyLength() {
    return keyLength;
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public long expiresAtMillis() {
    return expiresAtMillis;
  }

  @Override
  public byte[] valueArray() {
    return valueArray;
  }

  @Override
  public int valueOffset() {
    return valueOffset;
  }

  @Override
  public int valueLength() {
    return valueLength;
  }

  private boolean begin(boolean nowForward) {
    valid = false;
    forward = nowForward;
    return true;
  }

  /** Stops at the first key, from the entry at hand on, that has a value to show. */
  private boolean settleForward(boolean stands) throws IOException {
    boolean more = stands;
    while (more) {
      if (range.isAbove(entries.keyArray(), entries.keyOffset(), entries.keyLength())) {
        return false;
      }
      takeKey();
      more = toVersion();
      if (more && isOnKey()) {
        if (entries.kind() == EntryKind.VALUE) {
          takeValue();
          valid = true;
          return true;
        }
        more = leaveKey();
      }
    }
    return false;
  }

  /** Moves forward to the newest entry of the remembered key that may be seen, or off the key. */
  private boolean toVersion() throws IOException {
    for (int steps = 0; entries.version() > asOf; steps++) {
      boolean stands =
          steps < STEPS_BEFORE_SEEK ? entries.next() : entries.seek(key, 0, keyLength, asOf);
      if (!stands) {
        return false;
      }
      if (!isOnKey()) {
        return true;
      }
    }
    return true;
  }

  /** Moves forward to the first entry of the next key. */
  private boolean leaveKey() throws IOException {
    for (int steps = 0; steps < STEPS_BEFORE_SEEK; steps++) {
      if (!entries.next()) {
        return false;
      }
      if (!isOnKey()) {
        return true;
      }
    }
    return seekPastKey();
  }

  private boolean seekPastKey() throws IOException {
    return entries.seek(key, 0, keyLength, Version.NONE);
  }

  /** Stops at the last key, from the entry at hand backward, that has a value to show. */
  private boolean settleBackward(boolean stands) throws IOException {
    boolean more = stands;
    while (more) {
      if (range.isBelow(entries.keyArray(), entries.keyOffset(), entries.keyLength())) {
        return false;
      }
      takeKey();
      boolean shows = false;
      while (more && isOnKey()) {
        if (entries.version() > asOf) {
          more = toLastBefore(key, keyLength, Version.LATEST);
          break;
        }
        shows = entries.kind() == EntryKind.VALUE;
        if (shows) {
          takeValue();
        }
        more = entries.prev();
      }
      if (shows) {
        valid = true;
        return true;
      }
    }
    return false;
  }

  private boolean toLastBefore(byte[] target, long atVersion) throws IOException {
    return toLastBefore(target, target.length, atVersion);
  }

  private boolean toLastBefore(byte[] target, int length, long atVersion) throws IOException {
    return entries.seek(target, 0, length, atVersion) ? entries.prev() : entries.seekToLast();
  }

  private boolean isOnKey() {
    return Arrays.equals(
        entries.keyArray(),
        entries.keyOffset(),
        entries.keyOffset() + entries.keyLength(),
        key,
        0,
        keyLength);
  }

  private void takeKey() {
    int length = entries.keyLength();
    if (length > key.length) {
      key = new byte[Math.max(length, 2 * key.length)];
    }
    System.arraycopy(entries.keyArray(), entries.keyOffset(), key, 0, length);
    keyLength = length;
  }

  private void takeValue() {
    version = entries.version();
    expiresAtMillis = entries.expiresAtMillis();
    valueArray = entries.valueArray();
    valueOffset = entries.valueOffset();
    valueLength = entries.valueLength();
  }

  private void requireValid() {
    if (!valid) {
      throw new IllegalStateException("the cursor stands nowhere");
    }
  }
}
