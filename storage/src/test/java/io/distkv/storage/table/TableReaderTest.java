package io.distkv.storage.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Version;
import io.distkv.storage.MemoryDisk;
import io.distkv.storage.cache.BlockCache;
import io.distkv.storage.table.Lookup.Outcome;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What the sorted-set comparison does not reach: the cache, sizes at their limits, many versions.
 */
class TableReaderTest {
  private static final String PATH = "t.sst";

  private final MemoryDisk disk = new MemoryDisk();
  private final BlockCache cache = new BlockCache(16 << 20);
  private final Lookup lookup = new Lookup();

  @Test
  void aReadInMemoryIsColdUntilTheDiskWasRead() throws IOException {
    write(10_000);
    try (TableReader reader = TableReader.open(disk, PATH, 1, cache)) {
      byte[] key = key(4_321);
      assertThat(get(reader, key, true)).isEqualTo(Outcome.COLD);
      assertThat(get(reader, key, false)).isEqualTo(Outcome.FOUND);
      assertThat(get(reader, key, true)).isEqualTo(Outcome.FOUND);
      assertThat(value()).isEqualTo("value 4321");
      assertThat(get(reader, key(9_999), true)).isEqualTo(Outcome.COLD);
    }
  }

  @Test
  void anotherReaderOfTheFileFindsItsBlocksInTheCache() throws IOException {
    write(1_000);
    try (TableReader reader = TableReader.open(disk, PATH, 1, cache)) {
      get(reader, key(5), false);
    }
    try (TableReader same = TableReader.open(disk, PATH, 1, cache);
        TableReader other = TableReader.open(disk, PATH, 2, cache)) {
      assertThat(get(same, key(5), true)).isEqualTo(Outcome.FOUND);
      assertThat(get(other, key(5), true)).isEqualTo(Outcome.COLD);
    }
  }

  @Test
  void onlyAFillingCursorFillsTheCache() throws IOException {
    write(10_000);
    try (TableReader reader = TableReader.open(disk, PATH, 1, cache)) {
      readAll(reader.cursor(false), 10_000);
      readAll(reader.sequentialCursor(), 10_000);
      assertThat(cache.statistics().blocks()).isZero();
      readAll(reader.cursor(true), 10_000);
      TableProperties properties = reader.properties();
      assertThat(cache.statistics().blocks())
          .isEqualTo(properties.dataBlocks() + properties.partitions());
      reader.evict();
      assertThat(cache.statistics().blocks()).isZero();
    }
  }

  @Test
  void aSequentialCursorDoesNotDisturbTheCachesBooks() throws IOException {
    write(10_000);
    try (TableReader reader = TableReader.open(disk, PATH, 1, cache)) {
      readAll(reader.sequentialCursor(), 10_000);
      assertThat(cache.statistics().hits() + cache.statistics().misses()).isZero();
    }
  }

  @Test
  void theLargestKeysAndValuesComeBackAndAreNotCached() throws IOException {
    Random random = new Random(11);
    byte[] largeKey = new byte[65_535];
    byte[] largeValue = new byte[16 << 20];
    random.nextBytes(largeValue);
    for (Compression compression : Compression.values()) {
      String path = compression.name();
      try (TableWriter writer = new TableWriter(disk, path, TableOptions.of(compression))) {
        add(writer, new byte[] {0}, 1, "before".getBytes(UTF_8));
        add(writer, largeKey, 1, largeValue);
        add(writer, new byte[] {1}, 1, "after".getBytes(UTF_8));
        writer.finish();
      }
      try (TableReader reader = TableReader.open(disk, path, compression.id(), cache)) {
        assertThat(get(reader, largeKey, false)).isEqualTo(Outcome.FOUND);
        assertThat(lookup.valueLength()).isEqualTo(largeValue.length);
        assertThat(lookup.valueArray()[lookup.valueOffset() + 12_345_678])
            .isEqualTo(largeValue[12_345_678]);
        assertThat(get(reader, largeKey, true)).isEqualTo(Outcome.COLD);
        assertThat(get(reader, new byte[] {1}, false)).isEqualTo(Outcome.FOUND);
        assertThat(value()).isEqualTo("after");
        readAll(reader.sequentialCursor(), 3);
      }
    }
    assertThat(cache.statistics().usedBytes()).isLessThan(1 << 20);
  }

  @Test
  void versionsOfOneKeySpanBlocksAndPartitions() throws IOException {
    TableOptions options = new TableOptions(Compression.LZ4, 256, 4, 128);
    byte[] key = "the one key".getBytes(UTF_8);
    try (TableWriter writer = new TableWriter(disk, PATH, options)) {
      add(writer, "a".getBytes(UTF_8), 1, new byte[0]);
      for (long version = 5_000; version > 0; version--) {
        add(writer, key, 2 * version, ("value " + version).getBytes(UTF_8));
      }
      add(writer, "z".getBytes(UTF_8), 1, new byte[0]);
      assertThat(writer.finish().partitions()).isGreaterThan(10);
    }
    try (TableReader reader = TableReader.open(disk, PATH, 1, cache)) {
      long hash = KeyHash.of(key, 0, key.length);
      for (long asOf = 2; asOf < 10_050; asOf++) {
        assertThat(reader.get(key, 0, key.length, hash, asOf, false, lookup))
            .isEqualTo(Outcome.FOUND);
        assertThat(value()).isEqualTo("value " + Math.min(5_000, asOf / 2));
      }
      assertThat(reader.get(key, 0, key.length, hash, 1, false, lookup)).isEqualTo(Outcome.ABSENT);
    }
  }

  @Test
  void absentKeysRarelyReachADataBlock() throws IOException {
    write(100_000);
    try (TableReader reader = TableReader.open(disk, PATH, 1, cache)) {
      // Only partitions are in the cache: where a filter says "maybe", the read is cold.
      int cold = 0;
      get(reader, key(0), false);
      for (int i = 0; i < 100_000; i++) {
        byte[] absent = "key-%08d+".formatted(i).getBytes(UTF_8);
        Outcome outcome = get(reader, absent, true);
        if (outcome == Outcome.COLD) {
          outcome = get(reader, absent, false);
          cold++;
        }
        assertThat(outcome).isEqualTo(Outcome.ABSENT);
      }
      assertThat(cold).isLessThan(1_000);
    }
  }

  @Test
  void whatStaysInMemoryIsSmall() throws IOException {
    TableProperties properties = write(200_000);
    try (TableReader reader = TableReader.open(disk, PATH, 1, cache)) {
      assertThat(reader.pinnedBytes()).isLessThan(1_500);
      assertThat(reader.sizeBytes()).isEqualTo(properties.fileBytes());
      assertThat(reader.path()).isEqualTo(PATH);
      assertThat(reader.fileId()).isEqualTo(1);
    }
  }

  private TableProperties write(int entries) throws IOException {
    try (TableWriter writer = new TableWriter(disk, PATH, TableOptions.of(Compression.LZ4))) {
      for (int i = 0; i < entries; i++) {
        add(
            writer,
            key(i),
            Version.ofMillis(1_790_000_000_000L + i),
            ("value " + i).getBytes(UTF_8));
      }
      assertThat(writer.entries()).isEqualTo(entries);
      return writer.finish();
    }
  }

  private static byte[] key(int i) {
    return "key-%08d".formatted(i).getBytes(UTF_8);
  }

  private static void add(TableWriter writer, byte[] key, long version, byte[] value)
      throws IOException {
    writer.add(key, 0, key.length, version, EntryKind.VALUE, 0, value, 0, value.length);
  }

  private Outcome get(TableReader reader, byte[] key, boolean memoryOnly) throws IOException {
    long hash = KeyHash.of(key, 0, key.length);
    return reader.get(key, 0, key.length, hash, Version.LATEST, memoryOnly, lookup);
  }

  private String value() {
    return new String(lookup.valueArray(), lookup.valueOffset(), lookup.valueLength(), UTF_8);
  }

  private static void readAll(EntryCursor cursor, int expected) throws IOException {
    int entries = 0;
    for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
      entries++;
    }
    assertThat(entries).isEqualTo(expected);
  }
}
