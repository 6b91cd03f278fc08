package io.distkv.client;

import io.distkv.client.AttemptEnd.Reach;
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
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
 * stream as a whole may take as long as its reader wants.
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
  private final Observation observation;
  private final long beganNanos;
  private int attempts;
  private int attemptsInVain;
  private @Nullable Connection connection;
  private volatile @Nullable Attempt<Q, M> current;
  private volatile boolean closed;
  private boolean ended;

  /**
   * @param name as an observer is told
   * @param timeoutNanos how long a message may take to come
   */
  ResumingStream(
      Engine engine,
      String name,
      String keyspace,
      MethodDescriptor<Q, M> method,
      Position<Q, M> position,
      long timeoutNanos) {
    this.engine = engine;
    this.method = method;
    this.position = position;
    this.timeoutNanos = timeoutNanos;
    this.observation = engine.observer().started(name, keyspace);
    this.beganNanos = engine.timer().nanos();
  }

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
    long deadlineNanos =
        timeoutNanos == Long.MAX_VALUE ? Long.MAX_VALUE : engine.timer().nanos() + timeoutNanos;
    while (!ended) {
      if (closed || position.isLast()) {
        finish(null);
        break;
      }
      Attempt<Q, M> attempt = current;
      if (attempt == null) {
        attempt = open();
      }
      switch (await(attempt, deadlineNanos)) {
        case Event.Message<M>(M message) -> {
          position.passed(message);
          attemptsInVain = 0;
          engine.budget().succeeded();
          attempt.call.request(1);
          return message;
        }
        case Event.End<M>(Status status, Metadata trailers) -> {
          current = null;
          if (status.isOk() || closed) {
            finish(null);
          } else {
            broken(AttemptEnd.of(status, trailers, attempt.reached.reach()), deadlineNanos);
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
    attempts++;
    attemptsInVain++;
    Connection chosen = engine.connections().choose(connection);
    connection = chosen;
    Attempt<Q, M> attempt = new Attempt<>(chosen, method);
    current = attempt;
    attempt.start(position.request(), Headers.of(observation));
    if (closed) {
      attempt.cancel();
    }
    return attempt;
  }

  private Event<M> await(Attempt<Q, M> attempt, long deadlineNanos) {
    try {
      Event<M> event =
          attempt.events.poll(deadlineNanos - engine.timer().nanos(), TimeUnit.NANOSECONDS);
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
    close();
    Thread.currentThread().interrupt();
    return failed(
        new DistKvException(ErrorCode.CANCELLED, "interrupted while waiting for more", e));
  }

  private void broken(AttemptEnd end, long deadlineNanos) {
    Connection tried = connection;
    if (tried == null) {
      throw new IllegalStateException("a call without a connection");
    }
    tried.attemptFailed(end);
    NextStep next =
        NextStep.after(engine, tried, end, Kind.READ, attemptsInVain, timeoutNanos, deadlineNanos);
    switch (next) {
      case Over over -> throw failed(over.outcome().exception());
      case Again(long waitNanos) -> {
        try {
          TimeUnit.NANOSECONDS.sleep(waitNanos);
        } catch (InterruptedException e) {
          throw interrupted(e);
        }
        if (end.reach() == Reach.NOT_SENT) {
          tried.reconnectNow();
        }
      }
    }
  }

  private DistKvException failed(DistKvException why) {
    finish(why);
    return why;
  }

  private void finish(@Nullable DistKvException why) {
    if (!ended) {
      ended = true;
      Attempt<Q, M> last = current;
      if (last != null) {
        last.cancel();
      }
      observation.ended(
          new OperationEnd(
              attempts,
              engine.timer().nanos() - beganNanos,
              why == null ? null : why.code(),
              false));
    }
  }

  /** Gives it up. */
  @Override
  public void close() {
    closed = true;
    Attempt<Q, M> last = current;
    if (last != null) {
      last.cancel();
    }
  }
}
