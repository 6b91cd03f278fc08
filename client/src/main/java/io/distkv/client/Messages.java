package io.distkv.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.distkv.api.v1.DeleteResponse;
import io.distkv.api.v1.GetResponse;
import io.distkv.api.v1.IncrementResponse;
import io.distkv.api.v1.PutResponse;
import io.distkv.api.v1.ScanRequest;
import io.distkv.api.v1.WatchRequest;
import io.distkv.client.codec.Codec;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Between the types of a keyspace and the messages of the contract.
 *
 * @param keyspace its name
 * @param keys codec of keys
 * @param values codec of values
 */
record Messages<K, V>(String keyspace, Codec<K> keys, Codec<V> values) {

  /**
   * @throws DistKvException if it is empty or too large
   */
  ByteString key(K key) {
    ByteString bytes = bytes(keys.encode(Objects.requireNonNull(key, "key")));
    if (bytes.isEmpty()) {
      throw new DistKvException(ErrorCode.INVALID_ARGUMENT, "a key has at least one byte", null);
    }
    requireSize("a key", bytes.size(), Limits.MOST_KEY_BYTES);
    return bytes;
  }

  /**
   * The bound of a range, which may be empty, or right behind the longest key.
   *
   * @throws DistKvException if it is too large
   */
  ByteString bound(K key) {
    ByteString bytes = bytes(keys.encode(Objects.requireNonNull(key, "key")));
    requireSize("a bound of a range of keys", bytes.size(), Limits.MOST_KEY_BYTES + 1);
    return bytes;
  }

  /**
   * @throws DistKvException if it is too large
   */
  ByteString value(V value) {
    ByteString bytes = bytes(values.encode(Objects.requireNonNull(value, "value")));
    requireSize("a value", bytes.size(), Limits.MOST_VALUE_BYTES);
    return bytes;
  }

  private static ByteString bytes(byte[] array) {
    // Codecs give arrays that nobody changes.
    return UnsafeByteOperations.unsafeWrap(array);
  }

  private static void requireSize(String what, int sizeBytes, int mostBytes) {
    if (sizeBytes > mostBytes) {
      throw new DistKvException(
          ErrorCode.TOO_LARGE,
          what + " has at most " + mostBytes + " bytes, not " + sizeBytes,
          null);
    }
  }

  K keyOf(ByteString bytes) {
    return keys.decode(bytes.toByteArray());
  }

  V valueOf(ByteString bytes) {
    return values.decode(bytes.toByteArray());
  }

  private Value<V> valueOf(io.distkv.api.v1.Value value) {
    return new Value<>(
        valueOf(value.getValue()),
        value.getVersion(),
        lifeLeft(value.hasTtlMillis(), value.getTtlMillis()));
  }

  static Optional<Duration> lifeLeft(boolean ends, long ttlMillis) {
    return ends ? Optional.of(Duration.ofMillis(ttlMillis)) : Optional.empty();
  }

  Optional<Value<V>> found(GetResponse response) {
    return response.hasValue() ? Optional.of(valueOf(response.getValue())) : Optional.empty();
  }

  Written<V> written(PutResponse response) {
    return new Written<>(
        response.getVersion(),
        response.hasPrevious() ? Optional.of(valueOf(response.getPrevious())) : Optional.empty());
  }

  Written<V> written(DeleteResponse response) {
    return new Written<>(
        response.getVersion(),
        response.hasPrevious() ? Optional.of(valueOf(response.getPrevious())) : Optional.empty());
  }

  static Sum sum(IncrementResponse response) {
    return new Sum(response.getValue(), response.getVersion());
  }

  Entry<K, V> entry(io.distkv.api.v1.Entry entry) {
    return new Entry<>(
        keyOf(entry.getKey()),
        valueOf(entry.getValue()),
        entry.getVersion(),
        lifeLeft(entry.hasTtlMillis(), entry.getTtlMillis()));
  }

  Key<K> keyEntry(io.distkv.api.v1.Entry entry) {
    return new Key<>(
        keyOf(entry.getKey()),
        entry.getVersion(),
        lifeLeft(entry.hasTtlMillis(), entry.getTtlMillis()));
  }

  Change<K, V> change(io.distkv.api.v1.Change change) {
    return new Change<>(
        keyOf(change.getKey()),
        change.hasValue() ? Optional.of(valueOf(change.getValue())) : Optional.empty(),
        change.getVersion(),
        change.getExpiresAtMillis() == 0
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(change.getExpiresAtMillis())));
  }

  WatchRequest watch(WatchOptions<K> options) {
    WatchRequest.Builder request =
        WatchRequest.newBuilder()
            .setKeyspace(keyspace)
            .setAfterVersion(options.afterVersion())
            .setProgressMillis((int) options.progress().toMillis());
    K key = options.key();
    if (key != null) {
      request.setKey(key(key));
    }
    K prefix = options.prefix();
    if (prefix != null) {
      request.setPrefix(bound(prefix));
    }
    return request.build();
  }

  ScanRequest scan(ScanOptions<K> options, boolean keysOnly) {
    ScanRequest.Builder request =
        ScanRequest.newBuilder()
            .setKeyspace(keyspace)
            .setReverse(options.isReverse())
            .setLimit(options.limit())
            .setKeysOnly(keysOnly)
            .setAsOf(options.asOfVersion());
    K from = options.from();
    if (from != null) {
      request.setStart(bound(from));
    }
    K to = options.to();
    if (to != null) {
      request.setEnd(bound(to));
    }
    K prefix = options.prefix();
    if (prefix != null) {
      request.setPrefix(bound(prefix));
    }
    return request.build();
  }
}
