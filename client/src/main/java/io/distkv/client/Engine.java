package io.distkv.client;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

/** What all operations of a client share. Thread-safe. */
final class Engine {
  private final ClientOptions options;
  private final Timer timer;
  private final Room room;
  private final RetryBudget budget;
  private final Backoff backoff;
  private final Connections connections;
  private final Set<Execution<?>> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  Engine(ClientOptions options, Timer timer) {
    this.options = options;
    this.timer = timer;
    this.room = new Room(options.limits().operations(), options.limits().bytes());
    RetryPolicy retries = options.retries();
    this.budget = new RetryBudget(retries.budget(), retries.budgetPerSuccess());
    this.backoff =
        new Backoff(
            retries.firstBackoff().toNanos(),
            retries.longestBackoff().toNanos(),
            () -> ThreadLocalRandom.current().nextDouble());
    this.connections = new Connections(options, timer, backoff);
  }

  ClientOptions options() {
    return options;
  }

  Timer timer() {
    return timer;
  }

  Limits limits() {
    return options.limits();
  }

  RetryPolicy retries() {
    return options.retries();
  }

  ClientObserver observer() {
    return options.observer();
  }

  /** Runs users' code. */
  Executor executor() {
    return options.executor();
  }

  Room room() {
    return room;
  }

  RetryBudget budget() {
    return budget;
  }

  Backoff backoff() {
    return backoff;
  }

  Connections connections() {
    return connections;
  }

  /** Those that wait before they are tried again. */
  Set<Execution<?>> waiting() {
    return waiting;
  }

  boolean isClosed() {
    return closed;
  }

  /** Takes nothing new, waits for what is under way, and breaks off the rest. */
  void close(long waitNanos) {
    if (closed) {
      return;
    }
    closed = true;
    // They will not be tried again, and find that out now.
    List.copyOf(waiting).forEach(Execution::attemptAgain);
    try {
      room.awaitEmpty(waitNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connections.close();
    timer.close();
  }
}
