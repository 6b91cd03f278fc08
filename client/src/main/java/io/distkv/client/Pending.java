package io.distkv.client;

import io.distkv.client.Outcome.Done;
import io.distkv.client.Outcome.Failed;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
    CompletableFuture<Outcome<R>> told = new CompletableFuture<>();
    execution.whenOver(told::complete);
    Outcome<R> outcome;
    try {
      outcome = told.get();
    } catch (InterruptedException e) {
      execution.cancel("interrupted while waiting for the answer");
      Thread.currentThread().interrupt();
      outcome = told.join();
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
    Promise<R, T> promise = new Promise<>(execution, meaning, executor);
    execution.whenOver(promise);
    return promise;
  }

  /**
   * A future whose cancelling gives the operation up. It is told of the outcome, and is the task
   * that finds out what that means, too: one object for each operation, of which there are many.
   */
  private static final class Promise<R, T> extends CompletableFuture<T>
      implements Consumer<Outcome<R>>, Runnable {
    private final Execution<R> execution;
    private final Function<R, T> meaning;
    private final Executor executor;
    private volatile @Nullable Outcome<R> outcome;

    Promise(Execution<R> execution, Function<R, T> meaning, Executor executor) {
      this.execution = execution;
      this.meaning = meaning;
      this.executor = executor;
    }

    @Override
    public void accept(Outcome<R> told) {
      if (isDone()) {
        return;
      }
      outcome = told;
      try {
        executor.execute(this);
      } catch (RuntimeException e) {
        completeExceptionally(e);
      }
    }

    @Override
    public void run() {
      switch (outcome) {
        case Done<R>(R result) -> {
          try {
            complete(meaning.apply(result));
          } catch (RuntimeException | Error e) {
            completeExceptionally(e);
          }
        }
        case Failed<R> failed -> completeExceptionally(failed.exception());
        case null -> throw new IllegalStateException("run before the outcome was told");
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
