package io.distkv.client;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What a key has.
 *
 * @param value the value
 * @param version of the write that set it; higher for a later write of the same key. Without a sign
 * @param lifeLeft how long it lives from when it was read, to the millisecond; empty if it never
 *     ends
 * @param <V> type of values
 */
public record Value<V>(V value, long version, Optional<Duration> lifeLeft) {

  /** The duration may be empty, but not null. */
  public Value {
    Objects.requireNonNull(lifeLeft, "lifeLeft");
  }
}
