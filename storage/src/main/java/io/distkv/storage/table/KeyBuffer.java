package io.distkv.storage.table;

import java.util.Arrays;

/** A copy of the last key seen, and how the next one relates to it. Not thread-safe. */
final class KeyBuffer {
  private byte[] bytes = new byte[64];
  private int length;

  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** How many bytes a key has in common with the buffered one, from the start. */
  int sharedWith(byte[] key, int offset, int keyLength) {
    int shorter = Math.min(length, keyLength);
    int mismatch = Arrays.mismatch(bytes, 0, shorter, key, offset, offset + shorter);
    return mismatch < 0 ? shorter : mismatch;
  }

  /** Takes a key whose first {@code shared} bytes the buffer holds already. */
  void set(byte[] key, int offset, int keyLength, int shared) {
    if (keyLength > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(keyLength, 2 * bytes.length));
    }
    System.arraycopy(key, offset + shared, bytes, shared, keyLength - shared);
    length = keyLength;
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }
}
