package io.distkv.client;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a scan gives, and how. Without any of these, all, from the smallest to the largest, in
 * the order of their bytes. Immutable: each method gives changed options.
 *
 * @param <K> type of keys
 */
public final class ScanOptions<K> {
  private final @Nullable K from;
  private final @Nullable K to;
  private final @Nullable K prefix;
  private final boolean reverse;
  private final long limit;
  private final long asOf;

  private ScanOptions(
      @Nullable K from,
      @Nullable K to,
      @Nullable K prefix,
      boolean reverse,
      long limit,
      long asOf) {
    this.from = from;
    this.to = to;
    this.prefix = prefix;
    this.reverse = reverse;
    this.limit = limit;
    this.asOf = asOf;
  }

  static <K> ScanOptions<K> all() {
    return new ScanOptions<>(null, null, null, false, 0, 0);
  }

  /**
   * Only keys from this one on.
   *
   * @param first the smallest key, itself included
   * @return the changed options
   */
  public ScanOptions<K> from(K first) {
    return new ScanOptions<>(
        Objects.requireNonNull(first, "first"), to, prefix, reverse, limit, asOf);
  }

  /**
   * Only keys before this one.
   *
   * @param end the smallest key that is not given any more
   * @return the changed options
   */
  public ScanOptions<K> to(K end) {
    return new ScanOptions<>(
        from, Objects.requireNonNull(end, "end"), prefix, reverse, limit, asOf);
  }

  /**
   * Only keys whose bytes begin with those of this one.
   *
   * @param prefix what they begin with
   * @return the changed options
   */
  public ScanOptions<K> prefix(K prefix) {
    return new ScanOptions<>(
        from, to, Objects.requireNonNull(prefix, "prefix"), reverse, limit, asOf);
  }

  /**
   * From the largest key of the range to the smallest.
   *
   * @return the changed options
   */
  public ScanOptions<K> reverse() {
    return new ScanOptions<>(from, to, prefix, true, limit, asOf);
  }

  /**
   * So many keys at most.
   *
   * @param most from 1 on
   * @return the changed options
   */
  public ScanOptions<K> limit(long most) {
    Ranges.require("limit", most, 1, Long.MAX_VALUE);
    return new ScanOptions<>(from, to, prefix, reverse, most, asOf);
  }

  /**
   * All keys as they were when that version was the newest. Without it, each message (of at most
   * 1,000 keys) is of a moment of its own.
   *
   * @param version that some write has given, without a sign; 0 for now
   * @return the changed options
   */
  public ScanOptions<K> asOf(long version) {
    return new ScanOptions<>(from, to, prefix, reverse, limit, version);
  }

  /**
   * All keys with what was written before a moment, by the node's clock.
   *
   * @param instant the moment; what was written in its very millisecond is not shown
   * @return the changed options
   */
  public ScanOptions<K> asOf(Instant instant) {
    return asOf(Versions.before(instant));
  }

  @Nullable K from() {
    return from;
  }

  @Nullable K to() {
    return to;
  }

  @Nullable K prefix() {
    return prefix;
  }

  boolean isReverse() {
    return reverse;
  }

  long limit() {
    return limit;
  }

  long asOfVersion() {
    return asOf;
  }
}
