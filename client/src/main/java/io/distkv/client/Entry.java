package io.distkv.client;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A key of a range, and what it has.
 *
 * @param key the key
 * @param value the value
 * @param version of the write that set it, without a sign
 * @param lifeLeft how long it lives from when it was read, to the millisecond; empty if it never
 *     ends
 * @param <K> type of keys
 * @param <V> type of values
 */
public record Entry<K, V>(K key, V value, long version, Optional<Duration> lifeLeft) {

  /** The duration may be empty, but not null. */
  public Entry {
    Objects.requireNonNull(lifeLeft, "lifeLeft");
  }
}
