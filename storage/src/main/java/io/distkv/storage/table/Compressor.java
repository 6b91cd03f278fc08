package io.distkv.storage.table;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/** Compresses the blocks of one table, keeping its buffers. Not thread-safe. */
final class Compressor implements AutoCloseable {
  private static final LZ4Compressor LZ4 = LZ4Factory.fastestInstance().fastCompressor();

  /** The fastest regular level: compactions, and with them writers, wait for it. */
  private static final int ZSTD_LEVEL = 1;

  /** Less than this part of a block saved is not worth the time of each read. */
  private static final int SMALLEST_GAIN_FRACTION = 16;

  /** Of a large block, this much at its start, middle and end is tried first. */
  private static final int SAMPLE_BYTES = 64 * 1024;

  private final Compression compression;
  private final @Nullable ZstdCompressCtx zstd;
  private byte[] compressed = {};

  Compressor(Compression compression) {
    this.compression = compression;
    this.zstd = compression == Compression.ZSTD ? new ZstdCompressCtx() : null;
    if (zstd != null) {
      zstd.setLevel(ZSTD_LEVEL);
    }
  }

  /**
   * Compresses the first {@code length} bytes into {@link #array}.
   *
   * @return the size there, or -1 if the block is better stored raw
   */
  int compress(byte[] raw, int length) throws IOException {
    // A large value is often a picture or an archive: no buffer of its size, and no time, for
    // those.
    if (length > BlockBuilder.LARGE_BYTES
        && compress(raw, 0, SAMPLE_BYTES) < 0
        && compress(raw, length / 2, SAMPLE_BYTES) < 0
        && compress(raw, length - SAMPLE_BYTES, SAMPLE_BYTES) < 0) {
      return -1;
    }
    return compress(raw, 0, length);
  }

  private int compress(byte[] raw, int offset, int length) throws IOException {
    int size =
        switch (compression) {
          case NONE -> length;
          case LZ4 -> {
            reserve(LZ4.maxCompressedLength(length));
            yield LZ4.compress(raw, offset, length, compressed, 0, compressed.length);
          }
          case SNAPPY -> {
            reserve(Snappy.maxCompressedLength(length));
            yield Snappy.compress(raw, offset, length, compressed, 0);
          }
          case ZSTD -> {
            reserve(Math.toIntExact(Zstd.compressBound(length)));
            yield compressZstd(raw, offset, length);
          }
        };
    return size > length - length / SMALLEST_GAIN_FRACTION - 1 ? -1 : size;
  }

  /** Forgets what the last call made if it was large: a table is written for longer than that. */
  void reset() {
    if (compressed.length > BlockBuilder.LARGE_BYTES) {
      compressed = new byte[0];
    }
  }

  /** What the last call made; at least {@link StoredBlock#TRAILER_BYTES} longer than that. */
  byte[] array() {
    return compressed;
  }

  @Override
  public void close() {
    if (zstd != null) {
      zstd.close();
    }
  }

  private int compressZstd(byte[] raw, int offset, int length) {
    return zstd == null
        ? length
        : zstd.compressByteArray(compressed, 0, compressed.length, raw, offset, length);
  }

  private void reserve(int bytes) {
    int needed = bytes + StoredBlock.TRAILER_BYTES;
    if (compressed.length < needed) {
      compressed = new byte[BlockBuilder.roomFor(needed)];
    }
  }
}
