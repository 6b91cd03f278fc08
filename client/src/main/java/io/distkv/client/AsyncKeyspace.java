package io.distkv.client;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The operations of {@link Keyspace} without waiting for their answers. They do wait for room if as
 * many are under way as may be, unless the client's {@link Limits} say otherwise.
 *
 * <p>Every error is the future's, also what is refused at once. Futures are completed by the
 * client's executor, and what hangs on them runs there, so it may block. Cancelling a future gives
 * its operation up: it is not sent if it has not been yet; a write that was sent may happen all the
 * same. Operations that are under way at the same time are done in any order: of the same key, too.
 *
 * @param <K> type of keys
 * @param <V> type of values
 */
public final class AsyncKeyspace<K, V> {
  private final KeyspaceCalls<K, V> calls;

  AsyncKeyspace(KeyspaceCalls<K, V> calls) {
    this.calls = calls;
  }

  /**
   * See {@link Keyspace#get(Object)}.
   *
   * @param key of 1 to 65,535 bytes
   * @return what it has; empty if it is not there
   */
  public CompletableFuture<Optional<Value<V>>> get(K key) {
    return future(() -> calls.get(key, GetOptions.DEFAULT));
  }

  /**
   * See {@link Keyspace#get(Object, UnaryOperator)}.
   *
   * @param key of 1 to 65,535 bytes
   * @param options how it is read
   * @return what it had; empty if it was not there
   */
  public CompletableFuture<Optional<Value<V>>> get(K key, UnaryOperator<GetOptions> options) {
    return future(() -> calls.get(key, options.apply(GetOptions.DEFAULT)));
  }

  /**
   * See {@link Keyspace#put(Object, Object)}.
   *
   * @param key of 1 to 65,535 bytes
   * @param value of at most 16 MiB
   * @return the version of this write
   */
  public CompletableFuture<Written<V>> put(K key, V value) {
    return future(() -> calls.put(key, value, PutOptions.DEFAULT));
  }

  /**
   * See {@link Keyspace#put(Object, Object, UnaryOperator)}.
   *
   * @param key of 1 to 65,535 bytes
   * @param value of at most 16 MiB
   * @param options how it is set
   * @return the version of this write, and what was there before if that was asked for
   */
  public CompletableFuture<Written<V>> put(K key, V value, UnaryOperator<PutOptions> options) {
    return future(() -> calls.put(key, value, options.apply(PutOptions.DEFAULT)));
  }

  /**
   * See {@link Keyspace#delete(Object)}.
   *
   * @param key of 1 to 65,535 bytes
   * @return the version of this write
   */
  public CompletableFuture<Written<V>> delete(K key) {
    return future(() -> calls.delete(key, DeleteOptions.DEFAULT));
  }

  /**
   * See {@link Keyspace#delete(Object, UnaryOperator)}.
   *
   * @param key of 1 to 65,535 bytes
   * @param options how it is removed
   * @return the version of this write, and what was there before if that was asked for
   */
  public CompletableFuture<Written<V>> delete(K key, UnaryOperator<DeleteOptions> options) {
    return future(() -> calls.delete(key, options.apply(DeleteOptions.DEFAULT)));
  }

  /**
   * See {@link Keyspace#increment(Object, long)}.
   *
   * @param key of 1 to 65,535 bytes
   * @param by what to add; may be below 0
   * @return the sum
   */
  public CompletableFuture<Sum> increment(K key, long by) {
    return future(() -> calls.increment(key, by, IncrementOptions.DEFAULT));
  }

  /**
   * See {@link Keyspace#increment(Object, long, UnaryOperator)}.
   *
   * @param key of 1 to 65,535 bytes
   * @param by what to add; may be below 0
   * @param options what a key that is not there counts as, and how long the number lives then
   * @return the sum
   */
  public CompletableFuture<Sum> increment(K key, long by, UnaryOperator<IncrementOptions> options) {
    return future(() -> calls.increment(key, by, options.apply(IncrementOptions.DEFAULT)));
  }

  /**
   * See {@link Keyspace#commit}.
   *
   * @param batch of this keyspace, with at least one operation
   * @return what came of them
   */
  public CompletableFuture<BatchResults> commit(Batch<K, V> batch) {
    return future(() -> calls.commit(batch));
  }

  /**
   * The keys and values of a range, page by page; see {@link Keyspace#scan(UnaryOperator)}.
   *
   * @param options which keys, how many, in which direction
   * @return what reads a page when it is asked for; to be closed
   */
  public AsyncScan<Entry<K, V>> scan(UnaryOperator<ScanOptions<K>> options) {
    return new AsyncScan<>(calls.scan(options.apply(ScanOptions.all())), calls.executor());
  }

  /**
   * The keys of a range without their values, page by page.
   *
   * @param options which keys, how many, in which direction
   * @return what reads a page when it is asked for; to be closed
   */
  public AsyncScan<Key<K>> scanKeys(UnaryOperator<ScanOptions<K>> options) {
    return new AsyncScan<>(calls.scanKeys(options.apply(ScanOptions.all())), calls.executor());
  }

  /**
   * Tells a listener of the changes of some keys; see {@link Keyspace#watch(UnaryOperator)}.
   *
   * @param options which keys, and from where on
   * @param listener is called for each event, one after the other; may block
   * @return what tells when it has begun and ended; to be closed
   */
  public Watching watch(
      UnaryOperator<WatchOptions<K>> options, Consumer<? super WatchEvent<K, V>> listener) {
    WatchOptions<K> wanted = options.apply(WatchOptions.all());
    return Watching.start(() -> calls.watch(wanted), Objects.requireNonNull(listener, "listener"));
  }

  private <R, T> CompletableFuture<T> future(Supplier<Pending<R, T>> begin) {
    try {
      return begin.get().future(calls.executor());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
