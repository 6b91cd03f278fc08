package io.distkv.client;

import io.distkv.client.Outcome.Done;
import io.distkv.client.Outcome.Failed;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * An operation that has been asked for, and its two faces: who asks may wait for it, or take a
 * future. What the answer means is found out by the user's codec, so it is found out on the
 * caller's thread or on the user's executor.
 */
final class Pending<R, T> {
  private final Execution<R> execution;
  private final Function<R, T> meaning;

  Pending(Execution<R> execution, Function<R, T> meaning) {
    this.execution = execution;
    this.meaning = meaning;
  }

  /** The sync face: the exception has the caller's stack. */
  T await() {
    Outcome<R> outcome;
    try {
      outcome = execution.outcome().get();
    } catch (InterruptedException e) {
      execution.cancel("interrupted while waiting for the answer");
      Thread.currentThread().interrupt();
      outcome = execution.outcome().join();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an outcome is never an exception", e);
    }
    return switch (outcome) {
      case Done<R>(R result) -> meaning.apply(result);
      case Failed<R> failed -> throw failed.exception();
    };
  }

  /** The async face: completed by the executor. */
  CompletableFuture<T> future(Executor executor) {
    Promise<R, T> promise = new Promise<>(execution, meaning);
    var _ =
        execution
            .outcome()
            .thenAccept(outcome -> {
              if (promise.isDone()) {
                return;
              }
              try {
                executor.execute(() -> promise.settle(outcome));
              } catch (RejectedExecutionException e) {
                promise.completeExceptionally(e);
              }
            });
    return promise;
  }

  /** A future whose cancelling gives the operation up. */
  private static final class Promise<R, T> extends CompletableFuture<T> {
    private final Execution<R> execution;
    private final Function<R, T> meaning;

    Promise(Execution<R> execution, Function<R, T> meaning) {
      this.execution = execution;
      this.meaning = meaning;
    }

    void settle(Outcome<R> outcome) {
      switch (outcome) {
        case Done<R>(R result) -> {
          try {
            complete(meaning.apply(result));
          } catch (RuntimeException e) {
            completeExceptionally(e);
          }
        }
        case Failed<R> failed -> completeExceptionally(failed.exception());
      }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean cancelled = super.cancel(mayInterruptIfRunning);
      if (cancelled) {
        execution.cancel("cancelled");
      }
      return cancelled;
    }
  }
}
