package io.distkv.client;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What may be set of a keyspace, and changed at any time. Of a keyspace that is described, all is
 * set; where a keyspace is created or altered, what is not set has its default or stays as it is.
 * Immutable: each of the methods that take something gives changed settings.
 *
 * @param durability when a write is acknowledged; commit by default
 * @param interval how long at most a write of durability interval waits for its sync, from 1 ms to
 *     a minute
 * @param history how long old values can still be read and watched from; none by default
 * @param compression of tables by level from the youngest down, the last going for all deeper ones;
 *     at most 7. Empty where it is not set; LZ4 by default
 * @param maxBytes what it may take on a node, in bytes; 0, which is the default, for no limit
 */
public record KeyspaceSettings(
    Optional<Durability> durability,
    Optional<Duration> interval,
    Optional<Duration> history,
    List<Compression> compression,
    OptionalLong maxBytes) {
  static final KeyspaceSettings UNSET =
      new KeyspaceSettings(
          Optional.empty(), Optional.empty(), Optional.empty(), List.of(), OptionalLong.empty());

  /** Nothing may be null; keeps a copy of the list. */
  public KeyspaceSettings {
    Objects.requireNonNull(durability, "durability");
    Objects.requireNonNull(interval, "interval");
    Objects.requireNonNull(history, "history");
    Objects.requireNonNull(maxBytes, "maxBytes");
    compression = List.copyOf(compression);
  }

  /**
   * The same with another durability.
   *
   * @param durability when a write is acknowledged
   * @return the changed settings
   */
  public KeyspaceSettings durability(Durability durability) {
    return new KeyspaceSettings(Optional.of(durability), interval, history, compression, maxBytes);
  }

  /**
   * The same with another interval of syncs.
   *
   * @param interval how long at most a write of durability interval waits for its sync, from 1 ms
   *     to a minute
   * @return the changed settings
   */
  public KeyspaceSettings interval(Duration interval) {
    Ranges.require("interval in ms", interval.toMillis(), 1, 60_000);
    return new KeyspaceSettings(durability, Optional.of(interval), history, compression, maxBytes);
  }

  /**
   * The same with another history.
   *
   * @param history how long old values can still be read and watched from; 0 for not at all
   * @return the changed settings
   */
  public KeyspaceSettings history(Duration history) {
    Ranges.require("history in ms", history.toMillis(), 0, Long.MAX_VALUE);
    return new KeyspaceSettings(durability, interval, Optional.of(history), compression, maxBytes);
  }

  /**
   * The same with another compression.
   *
   * @param levels by level from the youngest down, the last going for all deeper ones; 1 to 7
   * @return the changed settings
   */
  public KeyspaceSettings compression(Compression... levels) {
    Ranges.require("levels of compression", levels.length, 1, 7);
    return new KeyspaceSettings(durability, interval, history, List.of(levels), maxBytes);
  }

  /**
   * The same with another limit.
   *
   * @param bytes what it may take on a node; 0 for no limit
   * @return the changed settings
   */
  public KeyspaceSettings maxBytes(long bytes) {
    Ranges.require("maxBytes", bytes, 0, Long.MAX_VALUE);
    return new KeyspaceSettings(durability, interval, history, compression, OptionalLong.of(bytes));
  }
}
