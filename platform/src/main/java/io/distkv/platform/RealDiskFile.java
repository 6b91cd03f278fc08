package io.distkv.platform;

import io.distkv.base.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.LongConsumer;

/**
 * A file through a {@link FileChannel}. Transfers from and to heap buffers go in pieces: the JDK
 * copies each through a direct buffer that its thread keeps for ever, and a 64 MiB batch would
 * leave 64 MiB behind in every thread that wrote one.
 */
final class RealDiskFile implements DiskFile {
  private static final int LARGEST_HEAP_PIECE_BYTES = 256 * 1024;

  private final String path;
  private final FileChannel channel;
  private final LongConsumer synced;

  /**
   * @param synced told of each sync how many nanoseconds it took
   */
  RealDiskFile(String path, FileChannel channel, LongConsumer synced) {
    this.path = path;
    this.channel = channel;
    this.synced = synced;
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    int limit = target.limit();
    long next = position;
    try {
      while (target.position() < limit) {
        target.limit(pieceEnd(target, limit));
        int read = channel.read(target, next);
        if (read < 0) {
          break;
        }
        next += read;
      }
    } finally {
      target.limit(limit);
    }
    return (int) (next - position);
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    int limit = source.limit();
    long next = position;
    try {
      while (source.position() < limit) {
        source.limit(pieceEnd(source, limit));
        next += channel.write(source, next);
      }
    } catch (IOException e) {
      throw DiskErrors.translate(path, e);
    } finally {
      source.limit(limit);
    }
  }

  private static int pieceEnd(ByteBuffer buffer, int limit) {
    return buffer.isDirect()
        ? limit
        : Math.min(limit, buffer.position() + LARGEST_HEAP_PIECE_BYTES);
  }

  @Override
  public void sync() throws IOException {
    long beganNanos = System.nanoTime();
    try {
      channel.force(false);
      synced.accept(System.nanoTime() - beganNanos);
    } catch (IOException e) {
      throw DiskErrors.translate(path, e);
    }
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  @Override
  public String toString() {
    return path;
  }
}
