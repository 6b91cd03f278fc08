package io.distkv.client;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a write did to a key.
 *
 * @param key the key
 * @param value its value now; empty if it was removed
 * @param version of the write, without a sign; several keys may have been written under one
 * @param expiresAt when the value ends, by the node's clock; empty if never. That it has ended is
 *     not told
 * @param <K> type of keys
 * @param <V> type of values
 */
public record Change<K, V>(K key, Optional<V> value, long version, Optional<Instant> expiresAt)
    implements WatchEvent<K, V> {

  /** What is optional may be empty, but not null. */
  public Change {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(expiresAt, "expiresAt");
  }

  /**
   * Whether the key was removed.
   *
   * @return false if it was set
   */
  public boolean isRemoval() {
    return value.isEmpty();
  }
}
