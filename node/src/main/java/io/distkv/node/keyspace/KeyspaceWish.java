package io.distkv.node.keyspace;

import io.distkv.storage.table.Compression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody says of a keyspace: null where nothing is said.
 *
 * @param number what SELECT calls it; only when it is created
 * @param partitions likewise
 * @param mode when its writes are acknowledged
 * @param intervalMillis how long at most a write waits for its sync, if that is the mode
 * @param historyMillis as in {@link KeyspaceOptions}
 * @param compression as in {@link KeyspaceOptions}
 * @param maxBytes as in {@link KeyspaceOptions}
 */
public record KeyspaceWish(
    @Nullable Integer number,
    @Nullable Integer partitions,
    Durability.@Nullable Mode mode,
    @Nullable Long intervalMillis,
    @Nullable Long historyMillis,
    @Nullable List<Compression> compression,
    @Nullable Long maxBytes) {
  /** Nothing is said. */
  public static final KeyspaceWish NOTHING =
      new KeyspaceWish(null, null, null, null, null, null, null);

  private static final long DEFAULT_INTERVAL_MILLIS = 1_000;

  public KeyspaceWish {
    compression = compression == null ? null : List.copyOf(compression);
  }

  /** Everything is said. */
  public static KeyspaceWish all(KeyspaceOptions options) {
    Durability durability = options.durability();
    return new KeyspaceWish(
        options.number(),
        options.partitions(),
        durability.mode(),
        durability.mode() == Durability.Mode.INTERVAL ? durability.intervalMillis() : null,
        options.historyMillis(),
        options.compression(),
        options.maxBytes());
  }

  public KeyspaceWish withPartitions(int newPartitions) {
    return new KeyspaceWish(
        number, newPartitions, mode, intervalMillis, historyMillis, compression, maxBytes);
  }

  public KeyspaceWish withMode(Durability.Mode newMode) {
    return new KeyspaceWish(
        number, partitions, newMode, intervalMillis, historyMillis, compression, maxBytes);
  }

  public KeyspaceWish withIntervalMillis(long newIntervalMillis) {
    return new KeyspaceWish(
        number, partitions, mode, newIntervalMillis, historyMillis, compression, maxBytes);
  }

  public KeyspaceWish withHistoryMillis(long newHistoryMillis) {
    return new KeyspaceWish(
        number, partitions, mode, intervalMillis, newHistoryMillis, compression, maxBytes);
  }

  public KeyspaceWish withCompression(List<Compression> newCompression) {
    return new KeyspaceWish(
        number, partitions, mode, intervalMillis, historyMillis, newCompression, maxBytes);
  }

  public KeyspaceWish withMaxBytes(long newMaxBytes) {
    return new KeyspaceWish(
        number, partitions, mode, intervalMillis, historyMillis, compression, newMaxBytes);
  }

  /**
   * A new keyspace as it is wished for, with the defaults for the rest.
   *
   * @param freeNumber that it gets if none is said
   * @throws IllegalArgumentException naming what cannot be
   */
  public KeyspaceOptions created(int freeNumber, String name) {
    KeyspaceOptions plain = KeyspaceOptions.of(number == null ? freeNumber : number, name);
    return altered(partitions == null ? plain : plain.withPartitions(partitions));
  }

  /**
   * A keyspace with what may change changed as it is wished for.
   *
   * @throws IllegalArgumentException naming what cannot be
   */
  public KeyspaceOptions altered(KeyspaceOptions before) {
    if (intervalMillis != null && mode(before) != Durability.Mode.INTERVAL) {
      throw new IllegalArgumentException(
          "INTERVAL goes with DURABILITY interval only: the writes of "
              + before.name()
              + " are acknowledged otherwise");
    }
    return over(before);
  }

  /** The same, of an interval for a keyspace that has none taking no notice. */
  KeyspaceOptions over(KeyspaceOptions before) {
    return new KeyspaceOptions(
        before.number(),
        before.name(),
        before.partitions(),
        durability(before),
        historyMillis == null ? before.historyMillis() : historyMillis,
        compression == null ? before.compression() : compression,
        maxBytes == null ? before.maxBytes() : maxBytes);
  }

  private Durability.Mode mode(KeyspaceOptions before) {
    return mode == null ? before.durability().mode() : mode;
  }

  private Durability durability(KeyspaceOptions before) {
    Durability.Mode wanted = mode(before);
    if (wanted != Durability.Mode.INTERVAL) {
      return new Durability(wanted, 0);
    }
    if (intervalMillis != null) {
      return Durability.interval(intervalMillis);
    }
    boolean hasOne = before.durability().mode() == Durability.Mode.INTERVAL;
    return Durability.interval(
        hasOne ? before.durability().intervalMillis() : DEFAULT_INTERVAL_MILLIS);
  }
}
