package io.distkv.client;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.BatchRequest;
import io.distkv.api.v1.Condition;
import io.distkv.api.v1.Condition.ConditionCase;
import io.distkv.api.v1.Operation;
import io.distkv.api.v1.OperationResult;
import io.distkv.client.RetryTable.Kind;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Several operations that are done as one, in their order, each seeing what those before it have
 * done: all of them, or none if one fails. All keys must be in one partition of the keyspace,
 * unless all operations are reads without a condition. At most 10,000 operations with 64 MiB of
 * keys and values; what would be beyond is refused with {@link ErrorCode#TOO_LARGE}.
 *
 * <p>Each method gives a slot, by which {@link BatchResults} finds what came of that operation. A
 * batch is filled by one thread and may be committed more than once.
 *
 * @param <K> type of keys
 * @param <V> type of values
 */
public final class Batch<K, V> {
  private final Messages<K, V> messages;
  private final BatchRequest.Builder request = BatchRequest.newBuilder();
  private Kind kind = Kind.READ;
  private long sizeBytes;

  Batch(Messages<K, V> messages) {
    this.messages = messages;
    request.setKeyspace(messages.keyspace());
  }

  /**
   * Where the result of one operation will be.
   *
   * @param <T> type of the result
   */
  public static final class Slot<T> {
    private final Batch<?, ?> batch;
    private final int index;
    private final Function<OperationResult, T> meaning;

    private Slot(Batch<?, ?> batch, int index, Function<OperationResult, T> meaning) {
      this.batch = batch;
      this.index = index;
      this.meaning = meaning;
    }

    Batch<?, ?> batch() {
      return batch;
    }

    int index() {
      return index;
    }

    T meaning(OperationResult result) {
      return meaning.apply(result);
    }
  }

  /**
   * Reads a key.
   *
   * @param key of 1 to 65,535 bytes
   * @return where the value will be
   */
  public Slot<Optional<Value<V>>> get(K key) {
    return read(key, Condition.getDefaultInstance());
  }

  /**
   * Reads a key that must not be there, else the whole batch fails with {@link
   * VersionMismatchException}.
   *
   * @param key of 1 to 65,535 bytes
   * @return where nothing will be
   */
  public Slot<Optional<Value<V>>> requireAbsent(K key) {
    return read(key, Conditions.ABSENT);
  }

  /**
   * Reads a key that must be there, else the whole batch fails with {@link
   * VersionMismatchException}.
   *
   * @param key of 1 to 65,535 bytes
   * @return where the value will be
   */
  public Slot<Optional<Value<V>>> requirePresent(K key) {
    return read(key, Conditions.PRESENT);
  }

  /**
   * Reads a key that must have this version, else the whole batch fails with {@link
   * VersionMismatchException}.
   *
   * @param key of 1 to 65,535 bytes
   * @param version not 0; without a sign
   * @return where the value will be
   */
  public Slot<Optional<Value<V>>> requireVersion(K key, long version) {
    return read(key, Conditions.version(version));
  }

  private Slot<Optional<Value<V>>> read(K key, Condition condition) {
    ByteString bytes = messages.key(key);
    Operation.Get.Builder get = Operation.Get.newBuilder().setKey(bytes);
    if (condition.getConditionCase() != ConditionCase.CONDITION_NOT_SET) {
      get.setCondition(condition);
    }
    return add(
        Operation.newBuilder().setGet(get).build(),
        bytes.size(),
        result -> messages.found(result.getGet()));
  }

  /**
   * Sets a key for ever, whatever it has.
   *
   * @param key of 1 to 65,535 bytes
   * @param value of at most 16 MiB
   * @return where the version will be
   */
  public Slot<Written<V>> put(K key, V value) {
    return put(key, value, options -> options);
  }

  /**
   * Sets a key.
   *
   * @param key of 1 to 65,535 bytes
   * @param value of at most 16 MiB
   * @param options which conditions and life; neither {@link PutOptions#expireAt} nor {@link
   *     PutOptions#returnPrevious}
   * @return where the version will be
   * @throws IllegalArgumentException if the options ask for what a batch does not do
   */
  public Slot<Written<V>> put(K key, V value, UnaryOperator<PutOptions> options) {
    PutOptions chosen = options.apply(PutOptions.DEFAULT);
    refuse(chosen.returnsPrevious(), "returnPrevious");
    refuse(chosen.life().hasExpireAtMillis(), "expireAt");
    ByteString keyBytes = messages.key(key);
    ByteString valueBytes = messages.value(value);
    kind = Kind.WRITE;
    return add(
        Operations.put(keyBytes, valueBytes, chosen),
        keyBytes.size() + (long) valueBytes.size(),
        result -> messages.written(result.getPut()));
  }

  /**
   * Removes a key.
   *
   * @param key of 1 to 65,535 bytes
   * @return where the version will be
   */
  public Slot<Written<V>> delete(K key) {
    return delete(key, options -> options);
  }

  /**
   * Removes a key, perhaps on a condition.
   *
   * @param key of 1 to 65,535 bytes
   * @param options which condition; not {@link DeleteOptions#returnPrevious}
   * @return where the version will be
   * @throws IllegalArgumentException if the options ask for what a batch does not do
   */
  public Slot<Written<V>> delete(K key, UnaryOperator<DeleteOptions> options) {
    DeleteOptions chosen = options.apply(DeleteOptions.DEFAULT);
    refuse(chosen.returnsPrevious(), "returnPrevious");
    ByteString bytes = messages.key(key);
    kind = Kind.WRITE;
    return add(
        Operations.delete(bytes, chosen),
        bytes.size(),
        result -> messages.written(result.getDelete()));
  }

  /**
   * Adds to the whole number that a key holds in decimal; a key that is not there counts as 0.
   *
   * @param key of 1 to 65,535 bytes
   * @param by what to add; may be below 0
   * @return where the sum will be
   */
  public Slot<Sum> increment(K key, long by) {
    return increment(key, by, options -> options);
  }

  /**
   * Adds to the whole number that a key holds in decimal.
   *
   * @param key of 1 to 65,535 bytes
   * @param by what to add; may be below 0
   * @param options how long it lives; not {@link IncrementOptions#initial}
   * @return where the sum will be
   * @throws IllegalArgumentException if the options ask for what a batch does not do
   */
  public Slot<Sum> increment(K key, long by, UnaryOperator<IncrementOptions> options) {
    IncrementOptions chosen = options.apply(IncrementOptions.DEFAULT);
    refuse(chosen.initial() != 0, "initial");
    ByteString bytes = messages.key(key);
    kind = Kind.WRITE;
    return add(
        Operations.increment(bytes, by, chosen),
        bytes.size(),
        result -> Messages.sum(result.getIncrement()));
  }

  /**
   * How many operations there are.
   *
   * @return from 0 to 10,000
   */
  public int size() {
    return request.getOperationsCount();
  }

  private static void refuse(boolean asked, String option) {
    if (asked) {
      throw new IllegalArgumentException(option + " is not possible within a batch");
    }
  }

  private <T> Slot<T> add(
      Operation operation, long addedBytes, Function<OperationResult, T> meaning) {
    if (size() == Limits.MOST_BATCH_OPERATIONS) {
      throw new DistKvException(
          ErrorCode.TOO_LARGE,
          "a batch has at most " + Limits.MOST_BATCH_OPERATIONS + " operations",
          null);
    }
    if (sizeBytes + addedBytes > Limits.MOST_BATCH_BYTES) {
      throw new DistKvException(
          ErrorCode.TOO_LARGE,
          "a batch has at most " + Limits.MOST_BATCH_BYTES + " bytes of keys and values",
          null);
    }
    sizeBytes += addedBytes;
    request.addOperations(operation);
    return new Slot<>(this, size() - 1, meaning);
  }

  BatchRequest request() {
    return request.build();
  }

  Kind kind() {
    return kind;
  }

  long sizeBytes() {
    return sizeBytes;
  }
}
