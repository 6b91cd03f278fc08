package io.distkv.client;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A key of a range, without its value.
 *
 * @param key the key
 * @param version of the write that set it, without a sign
 * @param lifeLeft how long it lives from when it was read, to the millisecond; empty if it never
 *     ends
 * @param <K> type of keys
 */
public record Key<K>(K key, long version, Optional<Duration> lifeLeft) {

  /** The duration may be empty, but not null. */
  public Key {
    Objects.requireNonNull(lifeLeft, "lifeLeft");
  }
}
