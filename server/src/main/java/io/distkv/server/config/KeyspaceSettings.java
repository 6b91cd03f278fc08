package io.distkv.server.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The settings of one keyspace: what stands in an entry of the list {@code keyspaces}. */
public final class KeyspaceSettings {

  /** When a write is acknowledged. */
  public enum DurabilityChoice {
    COMMIT,
    INTERVAL,
    NONE
  }

  /** How blocks of a level are compressed. */
  public enum CompressionChoice {
    NONE,
    LZ4,
    SNAPPY,
    ZSTD
  }

  /** What {@link #NUMBER} is until somebody gives it. */
  static final int NO_NUMBER = -1;

  private static final long MOST_BYTES = 1L << 50;

  public static final Setting<String> NAME =
      Setting.of(
          "name",
          ValueType.text(
              "name",
              "a small letter, then up to 62 small letters, digits, - or _",
              Pattern.compile("[a-z][a-z0-9_-]{0,62}")),
          "default",
          "What SELECT and every other access path call it.");

  public static final Setting<Integer> NUMBER =
      Setting.of(
          "number",
          new ValueType<>(
              "number",
              "0 to 9999",
              text ->
                  text.isEmpty()
                      ? Integer.valueOf(NO_NUMBER)
                      : ValueType.count(0, 9999).parser().apply(text),
              number -> number == NO_NUMBER ? "" : String.valueOf(number)),
          "",
          "The number by which Redis clients select it; must be given, but for default and dbN."
              + " Fixed when the keyspace is first made.");

  public static final Setting<Integer> PARTITIONS =
      Setting.of(
          "partitions",
          new ValueType<>(
              "number",
              "a power of two from 1 to 4096",
              text -> {
                Integer count = ValueType.count(1, 4096).parser().apply(text);
                return count == null || Integer.bitCount(count) != 1 ? null : count;
              },
              String::valueOf),
          "1",
          "Into how many parts it is split, which work independently of each other. Fixed when the"
              + " keyspace is first made. With one, every command is atomic over all keys.");

  public static final Setting<DurabilityChoice> DURABILITY =
      Setting.of(
          "durability",
          ValueType.choice(DurabilityChoice.class),
          "commit",
          "When a write is acknowledged: once it is synced to the disk (commit); once the operating"
              + " system has it, which is made to sync every `interval` (interval); or without any"
              + " sync of its own (none). All three survive the end of the process; only commit"
              + " survives a power cut without losing an acknowledged write.");

  public static final Setting<Duration> INTERVAL =
      Setting.of(
          "interval",
          ValueType.duration(Duration.ofMillis(1), Duration.ofMinutes(1)),
          "1s",
          "The longest that a write of durability interval waits for its sync.");

  public static final Setting<Duration> HISTORY =
      Setting.of(
          "history",
          ValueType.duration(Duration.ZERO, Duration.ofDays(36_500)),
          "0",
          "How long old values can still be read after they were replaced.");

  public static final Setting<List<CompressionChoice>> COMPRESSION =
      Setting.of(
          "compression",
          ValueType.listOf(ValueType.choice(CompressionChoice.class), 7),
          "lz4",
          "How tables are compressed: one way, or a list that gives each level from the youngest"
              + " down its own, the last going for all deeper ones.");

  public static final Setting<Long> MAX_BYTES =
      Setting.of(
          "maxBytes",
          ValueType.bytes(0, MOST_BYTES),
          "0",
          "How much its tables and memtables may take on this node, all partitions together; 0 for no"
              + " limit. Writes that would take it further are refused with an error that begins with"
              + " OOM, while reads and deletes go on. May be changed from one start to the next.");

  public static final SettingTable TABLE =
      new SettingTable(
          List.of(NAME, NUMBER, PARTITIONS, DURABILITY, INTERVAL, HISTORY, COMPRESSION, MAX_BYTES));

  private KeyspaceSettings() {}
}
