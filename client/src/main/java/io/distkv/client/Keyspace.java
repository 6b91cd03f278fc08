package io.distkv.client;

import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A keyspace, with the types of its keys and values. Each method waits for its answer, on the
 * calling thread, which may be virtual; {@link #async} has the same ones without waiting.
 * Thread-safe, costs nothing to keep, needs no closing.
 *
 * <p>Every operation ends within the deadline, or throws {@link DistKvException} whose code tells
 * why. Of a write, that means that nothing was done, unless it is an {@link
 * OutcomeUnknownException}. What the client itself can see is refused before anything is sent: keys
 * of 0 or more than 65,535 bytes, values of more than 16 MiB. A thread that is interrupted while it
 * waits gets {@link ErrorCode#CANCELLED}, and stays interrupted. What a codec throws comes as it
 * is.
 *
 * @param <K> type of keys
 * @param <V> type of values
 */
public final class Keyspace<K, V> {
  private final KeyspaceCalls<K, V> calls;
  private final AsyncKeyspace<K, V> async;

  Keyspace(KeyspaceCalls<K, V> calls) {
    this.calls = calls;
    this.async = new AsyncKeyspace<>(calls);
  }

  /**
   * The name of the keyspace.
   *
   * @return as it was asked for
   */
  public String name() {
    return calls.messages().keyspace();
  }

  /**
   * The same operations without waiting.
   *
   * @return the other face of this keyspace
   */
  public AsyncKeyspace<K, V> async() {
    return async;
  }

  /**
   * The same keyspace with another deadline than the client's, for both faces.
   *
   * @param deadline how long an operation may take, with all its retries; from 1 ms on
   * @return another handle
   */
  public Keyspace<K, V> withDeadline(Duration deadline) {
    return new Keyspace<>(
        new KeyspaceCalls<>(calls.engine(), calls.messages(), DistKvBuilder.nanos(deadline)));
  }

  /**
   * Reads a key.
   *
   * @param key of 1 to 65,535 bytes
   * @return what it has; empty if it is not there
   */
  public Optional<Value<V>> get(K key) {
    return calls.get(key, GetOptions.DEFAULT).await();
  }

  /**
   * Reads a key, perhaps as of an earlier version or moment.
   *
   * @param key of 1 to 65,535 bytes
   * @param options how it is read
   * @return what it had; empty if it was not there
   */
  public Optional<Value<V>> get(K key, UnaryOperator<GetOptions> options) {
    return calls.get(key, options.apply(GetOptions.DEFAULT)).await();
  }

  /**
   * Sets a key for ever, whatever it has.
   *
   * @param key of 1 to 65,535 bytes
   * @param value of at most 16 MiB
   * @return the version of this write
   */
  public Written<V> put(K key, V value) {
    return calls.put(key, value, PutOptions.DEFAULT).await();
  }

  /**
   * Sets a key, perhaps on a condition or for some time.
   *
   * @param key of 1 to 65,535 bytes
   * @param value of at most 16 MiB
   * @param options how it is set
   * @return the version of this write, and what was there before if that was asked for
   * @throws VersionMismatchException if a condition did not hold; nothing was done
   */
  public Written<V> put(K key, V value, UnaryOperator<PutOptions> options) {
    return calls.put(key, value, options.apply(PutOptions.DEFAULT)).await();
  }

  /**
   * Removes a key. If it is not there, nothing happens.
   *
   * @param key of 1 to 65,535 bytes
   * @return the version of this write
   */
  public Written<V> delete(K key) {
    return calls.delete(key, DeleteOptions.DEFAULT).await();
  }

  /**
   * Removes a key, perhaps on a condition.
   *
   * @param key of 1 to 65,535 bytes
   * @param options how it is removed
   * @return the version of this write, and what was there before if that was asked for
   * @throws VersionMismatchException if a condition did not hold; nothing was done
   */
  public Written<V> delete(K key, UnaryOperator<DeleteOptions> options) {
    return calls.delete(key, options.apply(DeleteOptions.DEFAULT)).await();
  }

  /**
   * Adds to the whole number of 64 bits that a key holds in decimal; a key that is not there counts
   * as 0. Whatever the type of values: {@link io.distkv.client.codec.Codecs#decimal} reads such a
   * number, and so does text.
   *
   * @param key of 1 to 65,535 bytes
   * @param by what to add; may be below 0
   * @return the sum
   */
  public Sum increment(K key, long by) {
    return calls.increment(key, by, IncrementOptions.DEFAULT).await();
  }

  /**
   * Adds to the whole number of 64 bits that a key holds in decimal.
   *
   * @param key of 1 to 65,535 bytes
   * @param by what to add; may be below 0
   * @param options what a key that is not there counts as, and how long the number lives then
   * @return the sum
   */
  public Sum increment(K key, long by, UnaryOperator<IncrementOptions> options) {
    return calls.increment(key, by, options.apply(IncrementOptions.DEFAULT)).await();
  }

  /**
   * A batch to be filled, and then committed with {@link #commit}.
   *
   * @return an empty one
   */
  public Batch<K, V> newBatch() {
    return new Batch<>(calls.messages());
  }

  /**
   * Does all operations of a batch, or none.
   *
   * @param batch of this keyspace, with at least one operation
   * @return what came of them
   * @throws VersionMismatchException if a condition did not hold; the message names the operation
   */
  public BatchResults commit(Batch<K, V> batch) {
    return calls.commit(batch).await();
  }

  /**
   * All keys and values, in the order of the keys' bytes.
   *
   * @return what reads them as they are taken; to be closed
   */
  public Scan<Entry<K, V>> scan() {
    return calls.scan(ScanOptions.all());
  }

  /**
   * The keys and values of a range, in the order of the keys' bytes.
   *
   * @param options which keys, how many, in which direction
   * @return what reads them as they are taken; to be closed
   */
  public Scan<Entry<K, V>> scan(UnaryOperator<ScanOptions<K>> options) {
    return calls.scan(options.apply(ScanOptions.all()));
  }

  /**
   * The keys of a range, without their values.
   *
   * @param options which keys, how many, in which direction
   * @return what reads them as they are taken; to be closed
   */
  public Scan<Key<K>> scanKeys(UnaryOperator<ScanOptions<K>> options) {
    return calls.scanKeys(options.apply(ScanOptions.all()));
  }

  /**
   * The changes of all keys, from now on. Waits until the watch has begun.
   *
   * @return what gives them as they come; to be closed
   */
  public Watch<K, V> watch() {
    return calls.watch(WatchOptions.all());
  }

  /**
   * The changes of some keys, perhaps from an earlier version on. Waits until the watch has begun.
   *
   * @param options which keys, and from where on
   * @return what gives them as they come; to be closed
   * @throws HistoryGoneException if it cannot begin so far back
   */
  public Watch<K, V> watch(UnaryOperator<WatchOptions<K>> options) {
    return calls.watch(options.apply(WatchOptions.all()));
  }
}
