package io.distkv.client;

import io.distkv.client.ClientObserver.Observation;
import io.distkv.client.ClientObserver.OperationEnd;
import io.distkv.client.NextStep.Again;
import io.distkv.client.NextStep.Over;
import io.distkv.client.Outcome.Done;
import io.distkv.client.Outcome.Failed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One operation from the caller's word to its end: finds room, tries, tries again where {@link
 * RetryTable} allows it and budget, attempts and deadline suffice. Thread-safe; its outcome comes
 * on any thread, so whoever runs a user's code then must leave that thread.
 */
final class Execution<R> implements Attempt.Listener<R> {
  private final Engine engine;
  private final Call<R> call;
  private final long beganNanos;
  private final long deadlineNanos;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicReference<@Nullable Consumer<Outcome<R>>> listener = new AtomicReference<>();
  private final Observation observation;
  private volatile int attempts;
  private volatile boolean hasRoom;
  private volatile @Nullable Connection connection;
  private volatile @Nullable Attempt current;

  /**
   * Whether an attempt is being begun, which is not {@link #current} before that is done. It is set
   * before {@link #givenUp} is looked at, and whoever gives up does the two in the other order: so
   * that one sees the attempt, or the attempt sees that one and sends nothing.
   */
  private volatile boolean beginning;

  private volatile boolean givenUp;
  private volatile @Nullable Outcome<R> outcome;

  private Execution(Engine engine, Call<R> call, long timeoutNanos) {
    this.engine = engine;
    this.call = call;
    this.beganNanos = engine.timer().nanos();
    this.deadlineNanos = beganNanos + timeoutNanos;
    this.observation = engine.observer().started(call.name(), call.keyspace());
  }

  /** Begins. Waits for room, if the client's limits say so. */
  static <R> Execution<R> start(Engine engine, Call<R> call, long timeoutNanos) {
    Execution<R> execution = new Execution<>(engine, call, timeoutNanos);
    if (execution.takeRoom()) {
      execution.attempt();
    }
    return execution;
  }

  /**
   * Has the outcome told, once, on the thread that it comes on or on this one. Called once at most.
   */
  void whenOver(Consumer<Outcome<R>> told) {
    listener.set(told);
    tell();
  }

  /** Both who brings the outcome and who wants it come here; the second of them finds both. */
  private void tell() {
    Outcome<R> known = outcome;
    if (known != null) {
      Consumer<Outcome<R>> told = listener.getAndSet(null);
      if (told != null) {
        told.accept(known);
      }
    }
  }

  private void tell(Outcome<R> how) {
    outcome = how;
    tell();
  }

  private boolean takeRoom() {
    try {
      Limits limits = engine.limits();
      hasRoom =
          limits.whenFull() == WhenFull.FAIL
              ? engine.room().tryTake(call.sizeBytes())
              : engine.room().take(call.sizeBytes(), deadlineNanos - beganNanos);
      if (!hasRoom) {
        ErrorCode code =
            limits.whenFull() == WhenFull.FAIL ? ErrorCode.OVERLOADED : ErrorCode.TIMEOUT;
        end(Outcome.failed(code, "this client has as much under way as it may: " + limits));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(Outcome.failed(ErrorCode.CANCELLED, "interrupted while waiting for room"));
    }
    return hasRoom;
  }

  private void attempt() {
    if (engine.isClosed()) {
      end(Outcome.failed(ErrorCode.CANCELLED, "the client is closed"));
      return;
    }
    beginning = true;
    if (givenUp) {
      beginning = false;
      return;
    }
    // Attempts follow each other, so nobody else adds to it.
    int before = attempts;
    attempts = before + 1;
    Connection chosen = engine.connections().choose(connection);
    connection = chosen;
    try {
      Attempt begun = call.start(chosen, deadlineNanos, observation, this);
      current = begun;
      beginning = false;
      if (givenUp) {
        begun.cancel();
      }
    } catch (RuntimeException e) {
      beginning = false;
      // A defect, of this client or of an observer; a caller must not wait for ever because of it.
      boolean unknown = call.kind() == RetryTable.Kind.WRITE;
      end(new Failed<>(ErrorCode.INTERNAL, "a defect of the client: " + e, unknown, e));
    }
  }

  @Override
  public void succeeded(R result) {
    engine.budget().succeeded();
    end(new Done<>(result));
  }

  @Override
  public void failed(AttemptEnd end) {
    if (givenUp) {
      // By that it failed, and its outcome is that it was given up.
      return;
    }
    current = null;
    Connection tried = connection;
    if (tried == null) {
      throw new IllegalStateException("an attempt without a connection");
    }
    tried.attemptFailed(end);
    NextStep next =
        NextStep.after(
            engine, tried, end, call.kind(), attempts, deadlineNanos - beganNanos, deadlineNanos);
    switch (next) {
      case Again(long waitNanos) -> {
        engine.waiting().add(this);
        engine.timer().after(waitNanos, this::attemptAgain);
        if (engine.isClosed()) {
          attemptAgain();
        }
      }
      case Over over -> end(over.outcome());
    }
  }

  /** Its wait is over: by time, or because the client is closed, whichever comes first. */
  void attemptAgain() {
    if (beginning) {
      // The last one has failed before its beginning returned, which it is about to.
      engine.timer().after(TimeUnit.MILLISECONDS.toNanos(1), this::attemptAgain);
      return;
    }
    if (engine.waiting().remove(this) && !over.get()) {
      Connection failed = connection;
      if (failed == null) {
        throw new IllegalStateException("an attempt without a connection");
      }
      failed.reconnectNow(this::attempt);
    }
  }

  /** The caller does not want it any more. */
  void cancel(String why) {
    givenUp = true;
    boolean mayBeSent = beginning;
    Attempt last = current;
    boolean sent = (last != null && !over.get() && last.cancel()) || mayBeSent;
    boolean unknown = sent && call.kind() == RetryTable.Kind.WRITE;
    end(new Failed<>(ErrorCode.CANCELLED, why, unknown, null));
  }

  private void end(Outcome<R> how) {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    if (hasRoom) {
      // Before anybody knows: whoever does may begin the next operation, and would be refused for
      // this one's room, or wait for it on the thread that gives it back.
      engine.room().give(call.sizeBytes(), () -> tell(how));
    } else {
      tell(how);
    }
    Failed<R> failed = how instanceof Failed<R> f ? f : null;
    OperationEnd told =
        new OperationEnd(
            attempts,
            engine.timer().nanos() - beganNanos,
            failed == null ? null : failed.code(),
            failed != null && failed.unknown());
    try {
      observation.ended(told);
    } catch (RuntimeException e) {
      // Else it would end the stream that others share.
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }
}
