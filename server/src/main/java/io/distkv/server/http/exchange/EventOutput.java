package io.distkv.server.http.exchange;

import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/**
 * Server-sent events on their way to a client. They are gathered up to {@value #PIECE_BYTES} bytes,
 * and each piece must be taken in its time: who takes none is cut off, since nothing can be told to
 * somebody who does not read. Who takes some, but less than answers must be taken at, is told so by
 * {@link #isLate}, so that the stream can end in good order.
 */
public final class EventOutput {
  private static final int PIECE_BYTES = 64 * 1024;

  /** As of answers that end: who takes less in a second is late. */
  private static final long LEAST_BYTES_PER_SECOND = 256 * 1024;

  private static final long SECOND_NANOS = 1_000_000_000;

  private final Sink sink;
  private final LongSupplier nanos;
  private final long timeoutNanos;
  private final byte[] piece = new byte[PIECE_BYTES];
  private int filled;
  private long sentBytes;
  private long sendingNanos;

  /** Where pieces go. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Sends some bytes and waits until they are taken.
     *
     * @throws io.helidon.webserver.CloseConnectionException if the client takes them too slowly, or
     *     is gone
     */
    void send(byte[] bytes, int count);
  }

  /**
   * An output that nothing was sent to.
   *
   * @param nanos a clock
   * @param timeoutNanos that a client may take, on top of the time for what it takes
   */
  public EventOutput(Sink sink, LongSupplier nanos, long timeoutNanos) {
    this.sink = sink;
    this.nanos = nanos;
    this.timeoutNanos = timeoutNanos;
  }

  /**
   * One event.
   *
   * @param id after which its stream can go on
   * @param name of its kind
   * @param json of one line
   */
  public void event(String id, String name, byte[] json) {
    text("id: " + id + "\n");
    event(name, json);
  }

  /** An event after which no stream goes on. */
  public void event(String name, byte[] json) {
    text("event: " + name + "\ndata: ");
    bytes(json);
    text("\n\n");
  }

  /** How long a client is to wait before it asks again, when the stream has ended. */
  public void retry(long millis) {
    text("retry: " + millis + "\n\n");
  }

  /** Something that says nothing, so that a client that is gone is noticed. */
  public void nothing() {
    text(":\n\n");
  }

  private void text(String text) {
    bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(byte[] bytes) {
    for (int at = 0; at < bytes.length; ) {
      if (filled == PIECE_BYTES) {
        flush();
      }
      int count = Math.min(bytes.length - at, PIECE_BYTES - filled);
      System.arraycopy(bytes, at, piece, filled, count);
      filled += count;
      at += count;
    }
  }

  /** Sends what was gathered. */
  public void flush() {
    if (filled == 0) {
      return;
    }
    long begin = nanos.getAsLong();
    sink.send(piece, filled);
    sendingNanos += nanos.getAsLong() - begin;
    sentBytes += filled;
    filled = 0;
  }

  /** Whether the client took what was sent since the last call more slowly than it must. */
  public boolean isLate() {
    long dueNanos = timeoutNanos + sentBytes * SECOND_NANOS / LEAST_BYTES_PER_SECOND;
    boolean late = sendingNanos > dueNanos;
    sentBytes = 0;
    sendingNanos = 0;
    return late;
  }
}
