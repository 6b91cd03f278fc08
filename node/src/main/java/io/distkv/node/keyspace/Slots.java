package io.distkv.node.keyspace;

/**
 * Where keys live: a key's slot is the CRC16 (XMODEM: polynomial 0x1021, start 0) of its hash tag
 * modulo 16,384, exactly as in Redis Cluster; a partition is a run of slots.
 *
 * <p>The hash tag is what stands between the first <code>{</code> and the first <code>}</code>
 * after it, when that is not empty; else the whole key. Keys that share a tag share a partition.
 */
public final class Slots {
  /** Slots in every keyspace. */
  public static final int COUNT = 16_384;

  private static final int COUNT_BITS = 14;
  private static final char[] TABLE = table();

  private Slots() {}

  /** The slot of a key, 0 to 16,383. */
  public static int of(byte[] key) {
    int from = 0;
    int to = key.length;
    int open = indexOf(key, (byte) '{', 0);
    if (open >= 0) {
      int close = indexOf(key, (byte) '}', open + 1);
      if (close > open + 1) {
        from = open + 1;
        to = close;
      }
    }
    return crc16(key, from, to) & (COUNT - 1);
  }

  /**
   * The partition that a slot belongs to.
   *
   * @param partitions how many there are: a power of two, 1 to 16,384
   */
  public static int partition(int slot, int partitions) {
    return slot >>> (COUNT_BITS - Integer.numberOfTrailingZeros(partitions));
  }

  /** The partition of a key; costs nothing where there is only one. */
  public static int partitionOf(byte[] key, int partitions) {
    return partitions == 1 ? 0 : partition(of(key), partitions);
  }

  private static int crc16(byte[] bytes, int from, int to) {
    int crc = 0;
    for (int i = from; i < to; i++) {
      crc = ((crc << 8) & 0xFFFF) ^ TABLE[((crc >>> 8) ^ bytes[i]) & 0xFF];
    }
    return crc;
  }

  private static int indexOf(byte[] bytes, byte wanted, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static char[] table() {
    char[] table = new char[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
      }
      table[i] = (char) crc;
    }
    return table;
  }
}
