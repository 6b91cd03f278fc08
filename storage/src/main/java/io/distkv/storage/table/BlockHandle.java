package io.distkv.storage.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Where a stored block is, as the value of an index entry: its offset in the file (8 bytes) and the
 * length of its payload (4 bytes). The trailer follows the payload.
 */
final class BlockHandle {
  static final int BYTES = 12;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private BlockHandle() {}

  static void set(byte[] target, long offset, int length) {
    LONG.set(target, 0, offset);
    INT.set(target, Long.BYTES, length);
  }

  static long offset(BlockCursor at) {
    return (long) LONG.get(at.valueArray(), at.valueOffset());
  }

  static int length(BlockCursor at) {
    return (int) INT.get(at.valueArray(), at.valueOffset() + Long.BYTES);
  }
}
