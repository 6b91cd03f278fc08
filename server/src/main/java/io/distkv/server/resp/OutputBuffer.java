package io.distkv.server.resp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The replies of one connection that were printed but not handed to the socket yet. They gather in
 * chunks, so that a pipeline's replies leave with one system call and a large one is never copied
 * to a larger buffer. An idle connection holds no buffer.
 *
 * <p>Used on the connection's event loop only.
 */
final class OutputBuffer implements ReplySink {
  private static final int FIRST_CHUNK_BYTES = 1024;
  private static final int CHUNK_BYTES = 64 * 1024;

  private final Channel channel;
  private @Nullable ByteBuf chunk;
  private boolean flushed = true;
  private final LongConsumer onHandedOver;
  private long handedOverBytes;

  /**
   * @param onHandedOver told how many bytes are given to the channel, each time
   */
  OutputBuffer(Channel channel, LongConsumer onHandedOver) {
    this.channel = channel;
    this.onHandedOver = onHandedOver;
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    flushed = false;
    ByteBuf target = chunk;
    if (target != null
        && length > target.writableBytes()
        && target.readableBytes() + length > CHUNK_BYTES) {
      // Fill what is there, so that no chunk is left with a hole, and go on in a new one.
      int fits = Math.min(length, target.writableBytes());
      target.writeBytes(source, offset, fits);
      handOver();
      if (fits < length) {
        start(length - fits).writeBytes(source, offset + fits, length - fits);
      }
    } else {
      (target == null ? start(length) : target).writeBytes(source, offset, length);
    }
  }

  private ByteBuf start(int firstBytes) {
    int size = firstBytes > CHUNK_BYTES ? firstBytes : Math.max(FIRST_CHUNK_BYTES, firstBytes);
    ByteBuf started = channel.alloc().directBuffer(size, Math.max(size, CHUNK_BYTES));
    chunk = started;
    return started;
  }

  private void handOver() {
    ByteBuf full = chunk;
    if (full != null) {
      chunk = null;
      handedOverBytes += full.readableBytes();
      onHandedOver.accept(full.readableBytes());
      var _ = channel.write(full, channel.voidPromise());
    }
  }

  /** Whether everything written so far was sent on its way. */
  boolean isFlushed() {
    return flushed;
  }

  /** Sends everything written so far. */
  void flush() {
    flushed = true;
    handOver();
    channel.flush();
  }

  /** Bytes that wait here or in the channel, because the client has not read them yet. */
  long pendingBytes() {
    return (chunk == null ? 0 : chunk.readableBytes()) + bytesInChannel();
  }

  /** Bytes that have left for the client, about. */
  long takenBytes() {
    return handedOverBytes - bytesInChannel();
  }

  private long bytesInChannel() {
    var outbound = channel.unsafe().outboundBuffer();
    return outbound == null ? 0 : outbound.totalPendingWriteBytes();
  }

  /** Drops what was not handed over; the connection is gone. */
  void release() {
    ByteBuf dropped = chunk;
    if (dropped != null) {
      chunk = null;
      dropped.release();
    }
  }
}
