package io.distkv.client;

import java.util.Objects;
import java.util.Optional;

/**
 * What came of a put or delete.
 *
 * @param version of this write, without a sign; 0 if a delete found nothing to remove
 * @param previous what the key had before; empty if it was not there, or if that was not asked for
 * @param <V> type of values
 */
public record Written<V>(long version, Optional<Value<V>> previous) {

  /** The previous value may be empty, but not null. */
  public Written {
    Objects.requireNonNull(previous, "previous");
  }

  /**
   * Whether anything has changed.
   *
   * @return false only for a delete of a key that was not there
   */
  public boolean changed() {
    return version != 0;
  }
}
