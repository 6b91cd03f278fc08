package io.distkv.base;

/**
 * Largest sizes that a request may have; a client that exceeds one gets {@link
 * ErrorCode#TOO_LARGE}.
 */
public final class Limits {
  /** Bytes in a key; the smallest key has one. */
  public static final int MAX_KEY_BYTES = 65_535;

  /** Bytes in a value. */
  public static final int MAX_VALUE_BYTES = 16 * 1024 * 1024;

  /** Operations in a batch (a transaction, or the keys of one command). */
  public static final int MAX_BATCH_OPERATIONS = 10_000;

  /** Bytes in a batch. */
  public static final int MAX_BATCH_BYTES = 64 * 1024 * 1024;

  private Limits() {}
}
