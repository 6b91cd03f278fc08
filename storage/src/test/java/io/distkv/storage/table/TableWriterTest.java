package io.distkv.storage.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.storage.Damage;
import io.distkv.storage.MemoryDisk;
import io.distkv.storage.cache.BlockCache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TableWriterTest {
  private static final String PATH = "t.sst";
  private static final byte[] NO_BYTES = {};

  private final MemoryDisk disk = new MemoryDisk();

  @ParameterizedTest
  @CsvSource({"b,5, a,5", "b,5, b,5", "b,5, b,6", "b,5, a,9", "bb,5, b,9", "ÿ,5, b,9"})
  void entriesOutOfOrderAreRefused(String first, long version, String then, long thenVersion)
      throws IOException {
    try (TableWriter writer = writer(Compression.LZ4)) {
      add(writer, first, version);
      assertThatThrownBy(() -> add(writer, then, thenVersion))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(PATH);
    }
  }

  @Test
  void entriesOverALimitAreRefused() throws IOException {
    try (TableWriter writer = writer(Compression.LZ4)) {
      byte[] longKey = new byte[65_536];
      assertThatThrownBy(
              () -> writer.add(longKey, 0, 65_536, 1, EntryKind.VALUE, 0, NO_BYTES, 0, 0))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> writer.add(longKey, 0, 1, -1, EntryKind.VALUE, 0, NO_BYTES, 0, 0))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> writer.add(longKey, 0, 1, 1, EntryKind.VALUE, -1, NO_BYTES, 0, 0))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> writer.add(longKey, 0, 1, 1, EntryKind.TOMBSTONE, 0, longKey, 0, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> writer.add(longKey, 0, 1, 1, EntryKind.TOMBSTONE, 9, longKey, 0, 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aTableWithoutEntriesIsRefused() throws IOException {
    try (TableWriter writer = writer(Compression.NONE)) {
      assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
    }
    assertThat(disk.exists(PATH)).isFalse();
  }

  @Test
  void anUnfinishedTableLeavesNoFile() throws IOException {
    try (TableWriter writer = writer(Compression.ZSTD)) {
      add(writer, "a", 1);
    }
    assertThat(disk.exists(PATH)).isFalse();
  }

  @Test
  void aTakenNameIsRefusedAndItsFileKept() throws IOException {
    disk.replace(PATH, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> writer(Compression.LZ4))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(disk.content(PATH)).containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @EnumSource
  void bytesThatDoNotCompressAreStoredRaw(Compression compression) throws IOException {
    TableProperties properties;
    Random random = new Random(1);
    try (TableWriter writer = writer(compression)) {
      for (int i = 0; i < 100; i++) {
        byte[] value = new byte[8_000];
        random.nextBytes(value);
        writer.add(new byte[] {(byte) i}, 0, 1, 1, EntryKind.VALUE, 0, value, 0, 8_000);
      }
      properties = writer.finish();
    }
    assertThat(properties.compression()).isEqualTo(compression);
    assertThat(properties.dataBytes()).isBetween(800_000L, 806_000L);
    assertThat(verify()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void bytesThatCompressTakeLess(Compression compression) throws IOException {
    TableProperties properties;
    try (TableWriter writer = writer(compression)) {
      for (int i = 0; i < 100; i++) {
        byte[] value = new byte[8_000];
        writer.add(new byte[] {(byte) i}, 0, 1, 1, EntryKind.VALUE, 0, value, 0, 8_000);
      }
      assertThat(writer.estimatedFileBytes()).isLessThan(900_000);
      properties = writer.finish();
    }
    assertThat(properties.rawValueBytes()).isEqualTo(800_000);
    assertThat(properties.dataBytes() < 100_000).isEqualTo(compression != Compression.NONE);
    assertThat(verify()).isEmpty();
  }

  @Test
  void aTableCanBeWrittenFromAnother() throws IOException {
    List<Entry> entries = new RandomTables(9).entries(2_000, RandomTables.KeyShape.ANY_BYTES);
    try (TableWriter writer = writer(Compression.SNAPPY)) {
      for (Entry entry : entries) {
        entry.addTo(writer);
      }
      writer.finish();
    }
    byte[] first = disk.content(PATH);
    try (TableReader reader = TableReader.open(disk, PATH, 1, new BlockCache(0));
        TableWriter writer =
            new TableWriter(disk, "copy.sst", TableOptions.of(Compression.SNAPPY))) {
      EntryCursor cursor = reader.sequentialCursor();
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        writer.add(cursor);
      }
      writer.finish();
    }
    assertThat(disk.content("copy.sst")).isEqualTo(first);
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new TableOptions(Compression.LZ4, 63, 8, 4096))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("blockBytes");
    assertThatThrownBy(() -> new TableOptions(Compression.LZ4, 4096, 257, 4096))
        .hasMessageContaining("restartInterval");
    assertThatThrownBy(() -> new TableOptions(Compression.LZ4, 4096, 8, 1 << 21))
        .hasMessageContaining("partitionBytes");
  }

  private TableWriter writer(Compression compression) throws IOException {
    return new TableWriter(disk, PATH, TableOptions.of(compression));
  }

  private static void add(TableWriter writer, String key, long version) throws IOException {
    byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
    writer.add(bytes, 0, bytes.length, version, EntryKind.VALUE, 0, NO_BYTES, 0, 0);
  }

  private List<Damage> verify() throws IOException {
    List<Damage> damages = new ArrayList<>();
    TableVerifier.verify(disk, PATH, damages::add);
    return damages;
  }
}
