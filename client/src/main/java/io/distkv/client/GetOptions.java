package io.distkv.client;

import java.time.Instant;

/** How a key is read. Immutable: each method gives changed options. */
public final class GetOptions {
  static final GetOptions DEFAULT = new GetOptions(0);

  private final long asOf;

  private GetOptions(long asOf) {
    this.asOf = asOf;
  }

  /**
   * Reads the key as it was when that version was the newest. Within the keyspace's history the
   * answer is always the same; what is older fails with {@link ErrorCode#HISTORY_GONE}.
   *
   * @param version that some write has given, without a sign; 0 for now
   * @return the changed options
   */
  public GetOptions asOf(long version) {
    return new GetOptions(version);
  }

  /**
   * Reads the key with what was written before a moment, by the node's clock.
   *
   * @param instant the moment; what was written in its very millisecond is not shown
   * @return the changed options
   */
  public GetOptions asOf(Instant instant) {
    return new GetOptions(Versions.before(instant));
  }

  long asOfVersion() {
    return asOf;
  }
}
