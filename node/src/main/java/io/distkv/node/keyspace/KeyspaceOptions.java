package io.distkv.node.keyspace;

import io.distkv.storage.table.Compression;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the configuration says of one keyspace. Number, name and partitions are fixed when the
 * keyspace is created; the rest may change from one start to the next.
 *
 * @param number what SELECT calls it, 0 to 9,999
 * @param name a letter, then up to 62 letters, digits, {@code _} or {@code -}, all lower case
 * @param partitions into how many parts its slots are cut: a power of two, 1 to 4,096
 * @param durability what an acknowledged write has survived
 * @param historyMillis for how long older versions of a key stay readable; 0 keeps only the newest
 * @param compression of its tables, by level of the tree from 0; the last goes for all deeper ones
 * @param maxBytes of tables and memtables on this node, beyond which writes that may grow the data
 *     are refused; 0 for no limit
 */
public record KeyspaceOptions(
    int number,
    String name,
    int partitions,
    Durability durability,
    long historyMillis,
    List<Compression> compression,
    long maxBytes) {
  /** Partitions of one keyspace, and of all keyspaces of a node together. */
  public static final int MAX_PARTITIONS = 4_096;

  /** Keyspaces of a node. */
  public static final int MAX_KEYSPACES = 1_000;

  /** The largest number of a keyspace. */
  public static final int MAX_NUMBER = 9_999;

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");
  private static final int REDIS_DATABASES = 16;

  /**
   * @throws IllegalArgumentException naming the setting and what it may be
   */
  public KeyspaceOptions {
    require(
        number >= 0 && number <= MAX_NUMBER,
        "number of a keyspace must be 0 to " + MAX_NUMBER + ", not " + number);
    require(
        NAME.matcher(name).matches(),
        "name of a keyspace must be a lower-case letter and then up to 62 letters, digits, _ or -,"
            + " not '"
            + name
            + "'");
    require(
        partitions >= 1 && partitions <= MAX_PARTITIONS && Integer.bitCount(partitions) == 1,
        "partitions of a keyspace must be a power of two from 1 to "
            + MAX_PARTITIONS
            + ", not "
            + partitions);
    require(
        historyMillis >= 0, "history of a keyspace must not be negative: " + historyMillis + " ms");
    compression = List.copyOf(compression);
    require(!compression.isEmpty(), "compression of a keyspace must name at least one level");
    require(maxBytes >= 0, "maxBytes of a keyspace must not be negative: " + maxBytes);
  }

  /** A keyspace with every default: one partition, each write synced, no history, LZ4. */
  public static KeyspaceOptions of(int number, String name) {
    return new KeyspaceOptions(number, name, 1, Durability.COMMIT, 0, List.of(Compression.LZ4), 0);
  }

  /** What a node has unless told otherwise: {@code default}, then {@code db1} to {@code db15}. */
  public static List<KeyspaceOptions> defaults() {
    List<KeyspaceOptions> all = new ArrayList<>();
    all.add(of(0, "default"));
    for (int number = 1; number < REDIS_DATABASES; number++) {
      all.add(of(number, "db" + number));
    }
    return List.copyOf(all);
  }

  public KeyspaceOptions withPartitions(int newPartitions) {
    return new KeyspaceOptions(
        number, name, newPartitions, durability, historyMillis, compression, maxBytes);
  }

  public KeyspaceOptions withDurability(Durability newDurability) {
    return new KeyspaceOptions(
        number, name, partitions, newDurability, historyMillis, compression, maxBytes);
  }

  public KeyspaceOptions withHistoryMillis(long newHistoryMillis) {
    return new KeyspaceOptions(
        number, name, partitions, durability, newHistoryMillis, compression, maxBytes);
  }

  public KeyspaceOptions withCompression(List<Compression> newCompression) {
    return new KeyspaceOptions(
        number, name, partitions, durability, historyMillis, newCompression, maxBytes);
  }

  public KeyspaceOptions withMaxBytes(long newMaxBytes) {
    return new KeyspaceOptions(
        number, name, partitions, durability, historyMillis, compression, newMaxBytes);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
