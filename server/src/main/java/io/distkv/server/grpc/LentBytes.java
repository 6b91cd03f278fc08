package io.distkv.server.grpc;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Takes the bytes of a message's field without a copy where the field has an array to itself, as
 * each has that was read from the wire. So nobody may change them: the message does not, and a
 * command's words are not changed by anyone.
 */
final class LentBytes extends ByteOutput {
  private byte[] bytes = {};

  private LentBytes() {}

  /** The bytes of a field, which nobody may change. */
  static byte[] of(ByteString field) {
    LentBytes lent = new LentBytes();
    try {
      UnsafeByteOperations.unsafeWriteTo(field, lent);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return lent.bytes;
  }

  /** A field of one piece, nearly always, is told as this. */
  @Override
  public void writeLazy(byte[] array, int offset, int length) {
    if (bytes.length == 0 && offset == 0 && length == array.length) {
      bytes = array;
    } else {
      write(array, offset, length);
    }
  }

  @Override
  public void write(byte[] array, int offset, int length) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
    System.arraycopy(array, offset, longer, bytes.length, length);
    bytes = longer;
  }

  @Override
  public void write(byte value) {
    write(new byte[] {value}, 0, 1);
  }

  @Override
  public void write(ByteBuffer buffer) {
    byte[] piece = new byte[buffer.remaining()];
    buffer.get(piece);
    write(piece, 0, piece.length);
  }

  @Override
  public void writeLazy(ByteBuffer buffer) {
    write(buffer);
  }
}
