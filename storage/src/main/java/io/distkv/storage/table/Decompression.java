package io.distkv.storage.table;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.xerial.snappy.Snappy;

/** The way back from each compression; safe on any input. */
final class Decompression {
  private static final LZ4SafeDecompressor LZ4 = LZ4Factory.fastestInstance().safeDecompressor();

  private Decompression() {}

  /**
   * Fills {@code raw} exactly.
   *
   * @return false if the input is no such compressed form of exactly that many bytes
   */
  static boolean decompress(int compressionId, byte[] stored, int at, int length, byte[] raw) {
    if (compressionId == Compression.LZ4.id()) {
      return lz4(stored, at, length, raw);
    }
    if (compressionId == Compression.SNAPPY.id()) {
      return snappy(stored, at, length, raw);
    }
    return compressionId == Compression.ZSTD.id() && zstd(stored, at, length, raw);
  }

  private static boolean lz4(byte[] stored, int at, int length, byte[] raw) {
    try {
      return LZ4.decompress(stored, at, length, raw, 0, raw.length) == raw.length;
    } catch (LZ4Exception malformed) {
      return false;
    }
  }

  private static boolean snappy(byte[] stored, int at, int length, byte[] raw) {
    try {
      // Snappy writes as many bytes as its input announces, unasked: look at that first.
      return Snappy.uncompressedLength(stored, at, length) == raw.length
          && Snappy.uncompress(stored, at, length, raw, 0) == raw.length;
    } catch (IOException malformed) {
      return false;
    }
  }

  private static boolean zstd(byte[] stored, int at, int length, byte[] raw) {
    try {
      return Zstd.decompressByteArray(raw, 0, raw.length, stored, at, length) == raw.length;
    } catch (ZstdException malformed) {
      return false;
    }
  }
}
