package io.distkv.kvctl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Standard input, or a pipe, whose reader can be interrupted. A terminal or pipe that says nothing
 * holds up the thread that reads it whatever is done to that thread, and so Ctrl-C would wait for
 * input; hence another thread reads, which the end of the process does not wait for.
 *
 * <p>Of no use any more after an interrupt: what the other thread then reads is lost.
 */
public final class InterruptibleInput extends InputStream {
  private static final int MOST_BYTES = 1 << 18;

  private final InputStream in;

  /** An input over another, which is used by nobody else. */
  public InterruptibleInput(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    // Not into the caller's own array, which it may use for something else after an interrupt.
    byte[] buffer = new byte[Math.min(length, MOST_BYTES)];
    FutureTask<Integer> reading = new FutureTask<>(() -> in.read(buffer));
    Thread.ofPlatform().daemon().name("input").start(reading);
    try {
      int count = reading.get();
      if (count > 0) {
        System.arraycopy(buffer, 0, bytes, offset, count);
      }
      return count;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new ClosedByInterruptException().initCause(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException trouble ? trouble : new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
