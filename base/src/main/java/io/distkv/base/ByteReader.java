package io.distkv.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads what {@link ByteWriter} wrote, from a slice of an array. Every read is checked against the
 * end of the slice: bad input ends in {@link MalformedBytesException}, never in bytes from beyond
 * it.
 *
 * <p>Not thread-safe.
 */
public final class ByteReader {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private final int end;
  private int position;

  public ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  public ByteReader(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    this.bytes = bytes;
    this.position = offset;
    this.end = offset + length;
  }

  /** An unsigned byte, 0 to 255. */
  public int getByte() {
    require(1);
    return bytes[position++] & 0xFF;
  }

  /** An unsigned short, 0 to 65,535. */
  public int getShort() {
    require(2);
    return (bytes[position++] & 0xFF) | ((bytes[position++] & 0xFF) << 8);
  }

  public int getInt() {
    require(Integer.BYTES);
    int value = (int) INT.get(bytes, position);
    position += Integer.BYTES;
    return value;
  }

  public long getLong() {
    require(Long.BYTES);
    long value = (long) LONG.get(bytes, position);
    position += Long.BYTES;
    return value;
  }

  public int getVarInt() {
    long value = getVarLong();
    if (value >>> 32 != 0) {
      throw new MalformedBytesException("varint over 32 bits before byte " + position);
    }
    return (int) value;
  }

  public long getVarLong() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = getByte();
      if (shift == 63 && next > 1) {
        break;
      }
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new MalformedBytesException("varint over 64 bits before byte " + position);
  }

  public byte[] getBytes(int length) {
    require(length);
    byte[] copy = Arrays.copyOfRange(bytes, position, position + length);
    position += length;
    return copy;
  }

  /** A length as a varint, then that many bytes. */
  public byte[] getBlob() {
    return getBytes(getVarInt());
  }

  public void skip(int length) {
    require(length);
    position += length;
  }

  /** Where the next read begins, counted from the start of the array. */
  public int position() {
    return position;
  }

  /** Bytes left before the end of the slice. */
  public int remaining() {
    return end - position;
  }

  private void require(int length) {
    if (length < 0 || length > end - position) {
      throw new MalformedBytesException(
          Integer.toUnsignedLong(length)
              + " bytes wanted at byte "
              + position
              + ", "
              + (end - position)
              + " left");
    }
  }
}
