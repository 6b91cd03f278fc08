package io.distkv.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What {@link Keyspaces} does, without waiting. Every error is the future's; futures are completed
 * by the client's executor.
 */
public final class AsyncKeyspaces {
  private final KeyspacesCalls calls;

  AsyncKeyspaces(KeyspacesCalls calls) {
    this.calls = calls;
  }

  /**
   * See {@link Keyspaces#create(String, UnaryOperator)}.
   *
   * @param name of the keyspace
   * @param options how many partitions, and what is set of it
   * @return what it is like
   */
  public CompletableFuture<KeyspaceDescription> create(
      String name, UnaryOperator<KeyspaceOptions> options) {
    return future(() -> calls.create(name, options.apply(KeyspaceOptions.DEFAULT)));
  }

  /**
   * See {@link Keyspaces#alter}.
   *
   * @param name of the keyspace
   * @param change gives the settings to be changed
   * @return what it is like now
   */
  public CompletableFuture<KeyspaceDescription> alter(
      String name, UnaryOperator<KeyspaceSettings> change) {
    return future(() -> calls.alter(name, change.apply(KeyspaceSettings.UNSET)));
  }

  /**
   * See {@link Keyspaces#drop}.
   *
   * @param name of the keyspace
   * @param nameAgain the same once more
   * @return completed when it is gone
   */
  public CompletableFuture<Void> drop(String name, String nameAgain) {
    return future(() -> calls.drop(name, nameAgain)).thenAccept(_ -> {});
  }

  /**
   * See {@link Keyspaces#list}.
   *
   * @return in the order of their numbers
   */
  public CompletableFuture<List<KeyspaceName>> list() {
    return future(calls::list);
  }

  /**
   * See {@link Keyspaces#describe}.
   *
   * @param name of the keyspace
   * @return its description
   */
  public CompletableFuture<KeyspaceDescription> describe(String name) {
    return future(() -> calls.describe(name));
  }

  private <R, T> CompletableFuture<T> future(Supplier<Pending<R, T>> begin) {
    try {
      return begin.get().future(calls.executor());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
