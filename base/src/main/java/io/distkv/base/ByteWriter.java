package io.distkv.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growing byte array that formats and log payloads are written into. Fixed-width numbers are
 * little-endian; varints are LEB128 of the unsigned value, one to five bytes for an int, one to ten
 * for a long.
 *
 * <p>Not thread-safe. {@link #reset} keeps the array, so that one writer can serve many records.
 */
public final class ByteWriter {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int LONGEST_VARINT_BYTES = 10;

  private byte[] bytes;
  private int size;

  public ByteWriter(int initialCapacityBytes) {
    bytes = new byte[initialCapacityBytes];
  }

  public ByteWriter putByte(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
    return this;
  }

  public ByteWriter putShort(int value) {
    ensure(2);
    bytes[size++] = (byte) value;
    bytes[size++] = (byte) (value >>> 8);
    return this;
  }

  public ByteWriter putInt(int value) {
    ensure(Integer.BYTES);
    INT.set(bytes, size, value);
    size += Integer.BYTES;
    return this;
  }

  public ByteWriter putLong(long value) {
    ensure(Long.BYTES);
    LONG.set(bytes, size, value);
    size += Long.BYTES;
    return this;
  }

  public ByteWriter putVarInt(int value) {
    return putVarLong(Integer.toUnsignedLong(value));
  }

  public ByteWriter putVarLong(long value) {
    if (bytes.length - size < LONGEST_VARINT_BYTES) {
      // Exact, so that an array of the right size from the start does not grow.
      ensure(varintBytes(value));
    }
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
    return this;
  }

  /** How many bytes a number takes as a varint, 1 to 10. */
  public static int varintBytes(long value) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
    return (bits + 6) / 7;
  }

  /** How many bytes a blob of a length takes, the length included. */
  public static long blobBytes(int length) {
    return varintBytes(Integer.toUnsignedLong(length)) + (long) length;
  }

  public ByteWriter putBytes(byte[] source) {
    return putBytes(source, 0, source.length);
  }

  public ByteWriter putBytes(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
    return this;
  }

  /** The length as a varint, then the bytes. */
  public ByteWriter putBlob(byte[] source) {
    return putBlob(source, 0, source.length);
  }

  /** The length as a varint, then the bytes. */
  public ByteWriter putBlob(byte[] source, int offset, int length) {
    return putVarInt(length).putBytes(source, offset, length);
  }

  /**
   * Overwrites four bytes that were written before, for lengths and checksums known only at the
   * end.
   */
  public void setInt(int position, int value) {
    if (position < 0 || position + Integer.BYTES > size) {
      throw new IndexOutOfBoundsException("position " + position + " of " + size + " bytes");
    }
    INT.set(bytes, position, value);
  }

  /** Bytes written since the start or the last {@link #reset}. */
  public int size() {
    return size;
  }

  /** The array behind this writer: its first {@link #size} bytes are valid until the next write. */
  public byte[] array() {
    return bytes;
  }

  /** What was written: the array itself if that is exactly full, which ends this writer's use. */
  public byte[] takeByteArray() {
    return size == bytes.length ? bytes : toByteArray();
  }

  /** A copy of what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** Forgets what was written and keeps the array. */
  public void reset() {
    size = 0;
  }

  private void ensure(int more) {
    if (more > bytes.length - size) {
      long wanted =
          Math.max((long) size + more, Math.min(2L * bytes.length, Integer.MAX_VALUE - 16));
      bytes = Arrays.copyOf(bytes, Math.toIntExact(wanted));
    }
  }
}
