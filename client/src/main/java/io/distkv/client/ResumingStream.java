package io.distkv.client;

import io.distkv.client.ClientObserver.Observation;
import io.distkv.client.ClientObserver.OperationEnd;
import io.distkv.client.NextStep.Again;
import io.distkv.client.NextStep.Over;
import io.distkv.client.RetryTable.Kind;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A stream of messages from a node that goes on where it broke: each message comes once, in order,
 * whatever becomes of connections and nodes meanwhile. Read by one thread at a time; may be closed
 * by any.
 *
 * <p>The position moves when a message reaches the reader, and what a broken call had delivered by
 * then is read before its end is seen. So the next call is asked for exactly what has not been
 * read. The reader's pace is the node's: no more than {@link #AHEAD} messages come that were not
 * taken.
 *
 * <p>What is bounded by the deadline is the wait for one message, with the retries that it takes: a
 * stream as a whole may take as long as its reader wants. A stream that is never at its end has
 * {@link Endurance} once it has begun: it goes on through outages that are longer than a deadline.
 *
 * @param <Q> what asks for the stream
 * @param <M> its messages
 */
final class ResumingStream<Q, M> implements AutoCloseable {
  private static final int AHEAD = 2;

  private final Engine engine;
  private final MethodDescriptor<Q, M> method;
  private final Position<Q, M> position;
  private final long timeoutNanos;
  private final @Nullable Endurance endurance;
  private final Observation observation;
  private final long beganNanos;
  private volatile int attempts;
  private int attemptsInVain;
  private @Nullable Connection connection;
  private volatile @Nullable Attempt<Q, M> current;
  private volatile boolean closed;
  private boolean begun;
  private boolean ended;
  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * @param name as an observer is told
   * @param timeoutNanos how long a message may take to come
   * @param endurance of a stream without end, from its first message on; null if it has an end
   */
  ResumingStream(
      Engine engine,
      String name,
      String keyspace,
      MethodDescriptor<Q, M> method,
      Position<Q, M> position,
      long timeoutNanos,
      @Nullable Endurance endurance) {
    this.engine = engine;
    this.method = method;
    this.position = position;
    this.timeoutNanos = timeoutNanos;
    this.endurance = endurance;
    this.observation = engine.observer().started(name, keyspace);
    this.beganNanos = engine.timer().nanos();
  }

  /**
   * What a stream without end bears.
   *
   * @param silenceNanos how long a node that lives may say nothing
   * @param outageNanos how long the stream may be without a node
   */
  record Endurance(long silenceNanos, long outageNanos) {}

  /** What comes from a call. */
  private sealed interface Event<M> {
    record Message<M>(M message) implements Event<M> {}

    record End<M>(Status status, Metadata trailers) implements Event<M> {}
  }

  /** One call, and what has come from it. */
  private static final class Attempt<Q, M> extends ClientCall.Listener<M> {
    final BlockingQueue<Event<M>> events = new LinkedBlockingQueue<>();
    final Reached reached = new Reached();
    final ClientCall<Q, M> call;

    Attempt(Connection connection, MethodDescriptor<Q, M> method) {
      call =
          connection
              .channel()
              .newCall(method, CallOptions.DEFAULT.withStreamTracerFactory(reached));
    }

    void start(Q request, Metadata headers) {
      call.start(this, headers);
      call.request(AHEAD);
      call.sendMessage(request);
      call.halfClose();
    }

    @Override
    public void onMessage(M message) {
      events.add(new Event.Message<>(message));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      events.add(new Event.End<>(status, trailers));
    }

    void cancel() {
      call.cancel("not wanted any more", null);
    }
  }

  /**
   * The next message; waits for it.
   *
   * @return null if there is none any more
   * @throws DistKvException if it does not come
   */
  @Nullable M next() {
    Endurance lasting = begun ? endurance : null;
    long deadlineNanos =
        engine.timer().nanos() + (lasting == null ? timeoutNanos : lasting.outageNanos());
    while (!ended) {
      if (closed || position.isLast()) {
        finish(null);
        break;
      }
      Attempt<Q, M> attempt = current;
      if (attempt == null) {
        attempt = open();
      }
      switch (await(attempt, deadlineNanos, lasting)) {
        case Event.Message<M>(M message) -> {
          position.passed(message);
          attemptsInVain = 0;
          begun = true;
          engine.budget().succeeded();
          attempt.call.request(1);
          return message;
        }
        case Event.End<M>(Status status, Metadata trailers) -> {
          current = null;
          if (status.isOk() || closed) {
            finish(null);
          } else {
            AttemptEnd end = AttemptEnd.of(status, trailers, attempt.reached.reach());
            position.toldThrough(end.resumeVersion());
            broken(end, deadlineNanos, lasting);
          }
        }
      }
    }
    return null;
  }

  private Attempt<Q, M> open() {
    if (engine.isClosed()) {
      throw failed(new DistKvException(ErrorCode.CANCELLED, "the client is closed", null));
    }
    // The reader alone adds to it.
    int before = attempts;
    attempts = before + 1;
    attemptsInVain++;
    Connection chosen = engine.connections().choose(connection);
    connection = chosen;
    Attempt<Q, M> attempt = new Attempt<>(chosen, method);
    attempt.start(position.request(), Headers.of(observation));
    // Only now: a call that is cancelled while it begins would say that it was used wrongly.
    current = attempt;
    if (closed) {
      attempt.cancel();
    }
    return attempt;
  }

  private Event<M> await(Attempt<Q, M> attempt, long deadlineNanos, @Nullable Endurance lasting) {
    try {
      long leftNanos = deadlineNanos - engine.timer().nanos();
      long waitNanos = lasting == null ? leftNanos : Math.min(leftNanos, lasting.silenceNanos());
      Event<M> event = attempt.events.poll(waitNanos, TimeUnit.NANOSECONDS);
      if (event != null) {
        return event;
      }
      attempt.cancel();
      return new Event.End<>(Status.DEADLINE_EXCEEDED, new Metadata());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private DistKvException interrupted(InterruptedException e) {
    DistKvException why =
        failed(new DistKvException(ErrorCode.CANCELLED, "interrupted while waiting for more", e));
    close();
    Thread.currentThread().interrupt();
    return why;
  }

  private void broken(AttemptEnd end, long deadlineNanos, @Nullable Endurance lasting) {
    Connection tried = connection;
    if (tried == null) {
      throw new IllegalStateException("a call without a connection");
    }
    tried.attemptFailed(end);
    NextStep next =
        lasting == null
            ? NextStep.after(
                engine, tried, end, Kind.READ, attemptsInVain, timeoutNanos, deadlineNanos)
            : NextStep.resuming(
                engine, tried, end, attemptsInVain, lasting.outageNanos(), deadlineNanos);
    switch (next) {
      case Over over -> throw failed(over.outcome().exception());
      case Again(long waitNanos) -> {
        try {
          TimeUnit.NANOSECONDS.sleep(waitNanos);
          CountDownLatch connecting = new CountDownLatch(1);
          tried.reconnectNow(connecting::countDown);
          connecting.await();
        } catch (InterruptedException e) {
          throw interrupted(e);
        }
      }
    }
  }

  private DistKvException failed(DistKvException why) {
    finish(why);
    return why;
  }

  private void finish(@Nullable DistKvException why) {
    ended = true;
    Attempt<Q, M> last = current;
    if (last != null) {
      last.cancel();
    }
    tell(why);
  }

  private void tell(@Nullable DistKvException why) {
    if (told.compareAndSet(false, true)) {
      observation.ended(
          new OperationEnd(
              attempts,
              engine.timer().nanos() - beganNanos,
              why == null ? null : why.code(),
              false));
    }
  }

  /** Gives it up. Its reader may never come back: so the observer is told here. */
  @Override
  public void close() {
    closed = true;
    Attempt<Q, M> last = current;
    if (last != null) {
      last.cancel();
    }
    tell(null);
  }
}
