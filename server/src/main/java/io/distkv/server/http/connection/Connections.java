package io.distkv.server.http.connection;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * All connections of HTTP clients. Helidon bounds none of what a client may take its time with: so
 * every connection says what it waits for and until when, and a look at all of them, once in a
 * while, ends those that are late.
 */
public final class Connections implements ServerConnectionSelector, AutoCloseable {
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

  private final ServerConnectionSelector protocol;
  private final long timeoutNanos;
  private final Supplier<Optional<Runnable>> largeHeads;
  private final byte[] lateAnswer;
  private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();
  private final LongAdder late = new LongAdder();
  private final LongAdder slowWaits = new LongAdder();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param timeout how long a request may take to come, and an answer to be taken; more for large
   *     ones
   * @param largeHeads asked for memory where the head of a request is large; gives the way to give
   *     it back, or nothing if there is none
   * @param lateAnswer what a client is told, before it is cut off, whose request did not come in
   *     its time: head and body
   */
  public Connections(
      Http1Config config,
      Duration timeout,
      Supplier<Optional<Runnable>> largeHeads,
      byte[] lateAnswer) {
    protocol = Http1ConnectionSelector.builder().config(config).build();
    timeoutNanos = timeout.toNanos();
    this.largeHeads = largeHeads;
    this.lateAnswer = lateAnswer;
    Thread.ofVirtual().name("http-look").start(this::look);
  }

  private void look() {
    try {
      while (!closed.await(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        long now = System.nanoTime();
        for (ClientConnection connection : open) {
          if (connection.look(now)) {
            late.increment();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int bytesToIdentifyConnection() {
    return protocol.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return protocol.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return protocol.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    ClientConnection connection = new ClientConnection(this, context);
    connection.serve(protocol.connection(connection.context()));
    return connection;
  }

  void opened(ClientConnection connection) {
    open.add(connection);
  }

  void closed(ClientConnection connection) {
    open.remove(connection);
  }

  long timeoutNanos() {
    return timeoutNanos;
  }

  Supplier<Optional<Runnable>> largeHeads() {
    return largeHeads;
  }

  byte[] lateAnswer() {
    return lateAnswer;
  }

  /** How many are open. */
  public int count() {
    return open.size();
  }

  /** How many were ended because a request or the taking of an answer took too long. */
  public long late() {
    return late.sum();
  }

  void waitsLong() {
    slowWaits.increment();
  }

  /** How many requests have waited for the node for more than half a second. */
  public long slowWaits() {
    return slowWaits.sum();
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
