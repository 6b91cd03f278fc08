package io.distkv.server.http.connection;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection. Its own thread does everything, one after another: it waits for a request,
 * reads its head, then its body, waits for the node, sends the answer. In each of these but the
 * first, somebody else can make it wait for ever: so it says until when it waits ({@link #look}
 * then interrupts it, which closes the socket), how much a head has taken, and, while it waits for
 * the node, what to do if the client goes away meanwhile.
 */
public final class ClientConnection implements ServerConnection, InterruptableTask<Void> {
  private static final ScopedValue<ClientConnection> CURRENT = ScopedValue.newInstance();

  /** Heads up to this size take nothing of the memory that all share. */
  private static final int FREE_HEAD_BYTES = 16 * 1024;

  /** Who sends or takes less than this for long is late. */
  private static final long LEAST_BYTES_PER_SECOND = 256 * 1024;

  /**
   * After so long of waiting for the node, it is worth a look whether the client is still there.
   */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** How long a client may take what tells it that it is late. */
  private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Connections all;
  private final HelidonSocket socket;
  private final ConnectionContext context;
  private @Nullable ServerConnection protocol;
  private volatile @Nullable Thread thread;

  /** When it is late, by the nanosecond clock; 0 while nothing is due. */
  private volatile long deadlineNanos;

  /** Guarded by this: whether the client is to send something, and was told that it is too late. */
  private boolean reading;

  private boolean toldLate;
  private boolean inHead;
  private int headBytes;
  private @Nullable Runnable headMemory;

  /** Since when it waits for the node; 0 if it does not. Guarded by this, as the next two are. */
  private long waitingSinceNanos;

  private @Nullable Runnable whenGone;

  /** What somebody reads ahead from the socket, to see whether the client is there. */
  private @Nullable CompletableFuture<Optional<byte[]>> ahead;

  ClientConnection(Connections all, ConnectionContext context) {
    this.all = all;
    socket = context.serverSocket();
    this.context = new ReadByConnection(context, this::read);
  }

  ConnectionContext context() {
    return context;
  }

  void serve(ServerConnection by) {
    protocol = by;
  }

  private ServerConnection protocol() {
    ServerConnection serving = protocol;
    if (serving == null) {
      throw new IllegalStateException("no protocol yet");
    }
    return serving;
  }

  /** The connection whose request this thread handles. */
  public static ClientConnection current() {
    return CURRENT.get();
  }

  @Override
  public void handle(Limit limit) throws InterruptedException {
    thread = Thread.currentThread();
    all.opened(this);
    try {
      ScopedValue.where(CURRENT, this)
          .call(() -> {
            protocol().handle(limit);
            return true;
          });
    } finally {
      all.closed(this);
      giveHeadMemoryBack();
    }
  }

  @Override
  public Duration idleTime() {
    return protocol().idleTime();
  }

  @Override
  public void close(boolean interrupt) {
    protocol().close(interrupt);
  }

  @Override
  public boolean canInterrupt() {
    return protocol() instanceof InterruptableTask<?> task && task.canInterrupt();
  }

  /** The next bytes that come; null at the end. */
  private byte @Nullable [] read() {
    byte[] bytes = readSocket();
    if (bytes != null && deadlineNanos == 0) {
      // The first bytes of a request.
      inHead = true;
      headBytes = 0;
      dueToCome(0);
    }
    if (bytes != null && inHead) {
      headBytes += bytes.length;
      if (headBytes > FREE_HEAD_BYTES && headMemory == null) {
        headMemory =
            all.largeHeads()
                .get()
                .orElseThrow(() -> new CloseConnectionException("no memory for a large head"));
      }
    }
    return bytes;
  }

  private byte @Nullable [] readSocket() {
    CompletableFuture<Optional<byte[]>> reading;
    synchronized (this) {
      reading = ahead;
      ahead = null;
    }
    try {
      return reading == null ? socket.get() : reading.get().orElse(null);
    } catch (UncheckedIOException | ExecutionException e) {
      throw new CloseConnectionException("the connection is gone", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CloseConnectionException("late", e);
    }
  }

  /** The head of a request has come whole: nothing is due any more. */
  public void headRead() {
    inHead = false;
    come();
  }

  /** Bytes of a head that has not come whole; 0 if there is none. */
  public int headBytes() {
    return inHead ? headBytes : 0;
  }

  private void giveHeadMemoryBack() {
    Runnable memory = headMemory;
    if (memory != null) {
      headMemory = null;
      memory.run();
    }
  }

  /** So many bytes are to come from the client from now on. */
  public synchronized void dueToCome(long bytes) {
    reading = true;
    set(bytes);
  }

  /**
   * What was due has come.
   *
   * @throws CloseConnectionException if the client was told already that it is too late
   */
  public synchronized void come() {
    reading = false;
    deadlineNanos = 0;
    if (toldLate) {
      throw new CloseConnectionException("late");
    }
  }

  /**
   * Nothing is to come, and so many bytes are to be taken by the client from now on.
   *
   * @throws CloseConnectionException if the client was told already that it is too late
   */
  public void due(long bytes) {
    come();
    set(bytes);
  }

  private void set(long bytes) {
    long forBytesNanos = TimeUnit.SECONDS.toNanos(bytes / LEAST_BYTES_PER_SECOND);
    // Never 0, which means something else.
    deadlineNanos = (System.nanoTime() + all.timeoutNanos() + forBytesNanos) | 1;
  }

  /** How long a client may take to send or take anything, apart from the time for its bytes. */
  public long timeoutNanos() {
    return all.timeoutNanos();
  }

  /** What was due has happened. */
  public void done() {
    deadlineNanos = 0;
  }

  /** The request was answered. */
  public void answered() {
    deadlineNanos = 0;
    giveHeadMemoryBack();
  }

  /**
   * From now on the thread waits for the node.
   *
   * @param gone runs on another thread if the client goes away before {@link #waited}
   */
  public synchronized void waiting(Runnable gone) {
    whenGone = gone;
    waitingSinceNanos = System.nanoTime() | 1;
  }

  /** The thread waits no more. */
  public synchronized void waited() {
    whenGone = null;
    waitingSinceNanos = 0;
  }

  /** Interrupts it if it is late, and looks after its client; whether it was late. */
  boolean look(long nowNanos) {
    long deadline = deadlineNanos;
    Thread waiting = thread;
    if (deadline != 0 && nowNanos - deadline > 0 && waiting != null) {
      if (tellLate(nowNanos)) {
        return false;
      }
      deadlineNanos = 0;
      waiting.interrupt();
      return true;
    }
    synchronized (this) {
      if (waitingSinceNanos != 0
          && ahead == null
          && nowNanos - waitingSinceNanos > PATIENCE_NANOS) {
        CompletableFuture<Optional<byte[]>> reading = new CompletableFuture<>();
        ahead = reading;
        all.waitsLong();
        Thread.ofVirtual().name("http-ahead").start(() -> readAhead(reading));
      }
    }
    return false;
  }

  /**
   * Tells a client that is to send something that it is too late; whether it is told now, and to be
   * cut off a little later. On a thread of its own, since even that may not be taken.
   */
  private synchronized boolean tellLate(long nowNanos) {
    if (!reading || toldLate) {
      return false;
    }
    toldLate = true;
    deadlineNanos = (nowNanos + GRACE_NANOS) | 1;
    Thread.ofVirtual()
        .name("http-late")
        .start(() -> {
          try {
            socket.write(BufferData.create(all.lateAnswer()));
          } catch (RuntimeException e) {
            // It was a favour.
          }
        });
    return true;
  }

  private void readAhead(CompletableFuture<Optional<byte[]>> reading) {
    Optional<byte[]> bytes = Optional.empty();
    try {
      bytes = Optional.ofNullable(socket.get());
    } catch (RuntimeException e) {
      // As good as an end.
    }
    reading.complete(bytes);
    if (bytes.isEmpty()) {
      Runnable gone;
      synchronized (this) {
        gone = whenGone;
      }
      if (gone != null) {
        gone.run();
      }
    }
  }
}
