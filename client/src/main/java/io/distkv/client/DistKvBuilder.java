package io.distkv.client;

import io.distkv.client.codec.Codec;
import io.distkv.client.codec.Codecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** Takes the options of a client. Not thread-safe. */
public final class DistKvBuilder {
  /** One factory for all: to make a builder each time costs some percent of the client. */
  private static final ThreadFactory CALLBACK_THREADS =
      Thread.ofVirtual().name("distkv-client").factory();

  private static final int MOST_DEADLINE_MILLIS = 24 * 3_600_000;

  private final List<Address> addresses = new ArrayList<>();
  private final Map<Class<?>, Codec<?>> codecs = new LinkedHashMap<>();
  private Duration deadline = Duration.ofSeconds(10);
  private RetryPolicy retries = RetryPolicy.DEFAULT;
  private Batching batching = Batching.DEFAULT;
  private Limits limits = Limits.DEFAULT;
  private Duration keepAlive = Duration.ofSeconds(30);
  private Executor executor = task -> CALLBACK_THREADS.newThread(task).start();
  private ClientObserver observer = ClientObserver.NONE;
  private Consumer<Health> healthListener = health -> {};

  DistKvBuilder() {
    codec(byte[].class, Codecs.bytes());
    codec(String.class, Codecs.utf8());
    codec(Long.class, Codecs.decimal());
  }

  /**
   * Nodes to connect to, all at once; operations go to those that are up, in turns.
   *
   * @param more addresses as host:port, with port 7379 if it is left out; an IPv6 address in
   *     brackets
   * @return this
   * @throws IllegalArgumentException if one is no address
   */
  public DistKvBuilder addresses(String... more) {
    for (String address : more) {
      addresses.add(Address.of(address));
    }
    return this;
  }

  /**
   * How long an operation may take, with all its retries; of a scan, how long it may take to the
   * next message; of a watch, how long until it has begun. A node gives up after ten seconds,
   * unless it is configured otherwise.
   *
   * @param deadline from 1 ms to a day; 10 s by default
   * @return this
   */
  public DistKvBuilder deadline(Duration deadline) {
    var _ = nanos(deadline);
    this.deadline = deadline;
    return this;
  }

  /**
   * How often and when what has failed is tried again, if that is safe.
   *
   * @param retries {@link RetryPolicy#DEFAULT} by default
   * @return this
   */
  public DistKvBuilder retries(RetryPolicy retries) {
    this.retries = Objects.requireNonNull(retries, "retries");
    return this;
  }

  /**
   * How single reads and writes share messages.
   *
   * @param batching {@link Batching#DEFAULT} by default
   * @return this
   */
  public DistKvBuilder batching(Batching batching) {
    this.batching = Objects.requireNonNull(batching, "batching");
    return this;
  }

  /**
   * How much may be under way at once.
   *
   * @param limits {@link Limits#DEFAULT} by default
   * @return this
   */
  public DistKvBuilder limits(Limits limits) {
    this.limits = Objects.requireNonNull(limits, "limits");
    return this;
  }

  /**
   * After how much silence a connection is asked whether it still lives. If there is no answer
   * within ten seconds, it is given up.
   *
   * @param silence from 10 s (nodes close connections that ask more often) to a day; 30 s by
   *     default
   * @return this
   */
  public DistKvBuilder keepAlive(Duration silence) {
    Ranges.require("keepAlive in ms", silence.toMillis(), 10_000, MOST_DEADLINE_MILLIS);
    this.keepAlive = silence;
    return this;
  }

  /**
   * What completes the futures of async operations, and so runs what hangs on them, and tells the
   * listener of {@link #onHealthChange}.
   *
   * @param executor by default, a virtual thread for each. One that runs tasks on the calling
   *     thread runs what hangs on a future on the connection's event loop, which must never block:
   *     not by waiting for another operation either, nor by beginning more than one for each that
   *     ends where {@link Limits#whenFull} is to wait; if other threads begin operations, too, not
   *     even one, for which they may have taken the room
   * @return this
   */
  public DistKvBuilder executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  /**
   * What is told of every operation.
   *
   * @param observer nobody by default
   * @return this
   */
  public DistKvBuilder observer(ClientObserver observer) {
    this.observer = Objects.requireNonNull(observer, "observer");
    return this;
  }

  /**
   * What is told when a connection has changed its state; by the executor, so that two changes that
   * follow each other may come in any order: the last one told is not always the newest, which
   * {@link DistKv#health} has.
   *
   * @param listener nobody by default
   * @return this
   */
  public DistKvBuilder onHealthChange(Consumer<Health> listener) {
    this.healthListener = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /**
   * How things of a class are read and written by keyspaces that are asked for by class.
   *
   * @param type the class
   * @param codec its codec
   * @param <T> the type
   * @return this
   */
  public <T> DistKvBuilder codec(Class<T> type, Codec<T> codec) {
    codecs.put(type, Objects.requireNonNull(codec, "codec"));
    return this;
  }

  /**
   * Makes the client. Does not wait for a connection.
   *
   * @return the client, which is to be closed
   * @throws IllegalArgumentException if there is no address
   */
  public DistKv connect() {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("a client needs the address of at least one node");
    }
    return new DistKv(
        new ClientOptions(
            List.copyOf(addresses),
            deadline,
            retries,
            batching,
            limits,
            keepAlive,
            executor,
            observer,
            healthListener,
            Map.copyOf(codecs)));
  }

  static long nanos(Duration deadline) {
    Ranges.require("deadline in ms", deadline.toMillis(), 1, MOST_DEADLINE_MILLIS);
    return deadline.toNanos();
  }
}
