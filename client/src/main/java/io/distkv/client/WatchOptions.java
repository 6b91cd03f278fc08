package io.distkv.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a watch is about, and from where on. Without any of these, all keys from now on.
 * Immutable: each method gives changed options. Of key and prefix, the last one asked for counts.
 *
 * @param <K> type of keys
 */
public final class WatchOptions<K> {
  private static final int LEAST_PROGRESS_MILLIS = 100;
  private static final int MOST_MILLIS = 3_600_000;

  private final @Nullable K key;
  private final @Nullable K prefix;
  private final long after;
  private final Duration progress;
  private final Duration patience;

  private WatchOptions(
      @Nullable K key, @Nullable K prefix, long after, Duration progress, Duration patience) {
    this.key = key;
    this.prefix = prefix;
    this.after = after;
    this.progress = progress;
    this.patience = patience;
  }

  static <K> WatchOptions<K> all() {
    return new WatchOptions<>(null, null, 0, Duration.ofSeconds(10), Duration.ofMinutes(5));
  }

  /**
   * Only this key.
   *
   * @param key of 1 to 65,535 bytes
   * @return the changed options
   */
  public WatchOptions<K> key(K key) {
    return new WatchOptions<>(Objects.requireNonNull(key, "key"), null, after, progress, patience);
  }

  /**
   * Only keys whose bytes begin with those of this one.
   *
   * @param prefix what they begin with, at most 65,535 bytes
   * @return the changed options
   */
  public WatchOptions<K> prefix(K prefix) {
    return new WatchOptions<>(
        null, Objects.requireNonNull(prefix, "prefix"), after, progress, patience);
  }

  /**
   * Begins behind a version: with the changes that came after it, if the keyspace's history reaches
   * back so far; else {@link HistoryGoneException}.
   *
   * @param version such as {@link Progress#throughVersion}; 0 for now
   * @return the changed options
   */
  public WatchOptions<K> after(long version) {
    Ranges.require("version", version, 0, Long.MAX_VALUE);
    return new WatchOptions<>(key, prefix, version, progress, patience);
  }

  /**
   * Begins with the changes from a moment on, by the node's clock.
   *
   * @param instant after 1970 began
   * @return the changed options
   */
  public WatchOptions<K> from(Instant instant) {
    return after(Versions.before(instant));
  }

  /**
   * After how long without changes {@link Progress} is told.
   *
   * @param silence from 100 ms to an hour; 10 s by default. Nodes that say nothing for longer, and
   *     a deadline more, are taken for dead
   * @return the changed options
   */
  public WatchOptions<K> progressEvery(Duration silence) {
    Ranges.require("progress in ms", silence.toMillis(), LEAST_PROGRESS_MILLIS, MOST_MILLIS);
    return new WatchOptions<>(key, prefix, after, silence, patience);
  }

  /**
   * How long it tries to go on, once it has begun, while no node serves it: through restarts, lost
   * connections, nodes that are overloaded.
   *
   * @param outage from 1 ms to a day; 5 minutes by default
   * @return the changed options
   */
  public WatchOptions<K> patience(Duration outage) {
    var _ = DistKvBuilder.nanos(outage);
    return new WatchOptions<>(key, prefix, after, progress, outage);
  }

  @Nullable K key() {
    return key;
  }

  @Nullable K prefix() {
    return prefix;
  }

  long afterVersion() {
    return after;
  }

  Duration progress() {
    return progress;
  }

  Duration patience() {
    return patience;
  }
}
