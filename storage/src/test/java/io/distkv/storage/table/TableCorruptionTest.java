package io.distkv.storage.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.storage.CorruptionException;
import io.distkv.storage.Damage;
import io.distkv.storage.MemoryDisk;
import io.distkv.storage.cache.BlockCache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens to a table's file is noticed, and named. */
class TableCorruptionTest {
  private static final String PATH = "tables/000042.sst";

  private final MemoryDisk disk = new MemoryDisk();

  @ParameterizedTest
  @EnumSource
  void aFlippedBitInAnyByteIsFoundByReadsAndByVerify(Compression compression) throws IOException {
    List<Entry> entries = entries();
    byte[] intact = write(new TableOptions(compression, 256, 4, 256), entries);
    assertThat(verify()).isEmpty();
    for (int i = 0; i < intact.length; i++) {
      byte[] broken = intact.clone();
      broken[i] ^= (byte) (1 << i % 8);
      disk.replace(PATH, broken);
      assertThatThrownBy(this::readAll).as("byte %d", i).isInstanceOf(CorruptionException.class);
      pointReadsAreRightOrRefused(entries, i);
      List<Damage> damages = verify();
      assertThat(damages).as("byte %d", i).isNotEmpty();
      assertThat(damages)
          .allMatch(d -> d.file().equals(PATH) && d.offset() >= 0 && d.offset() < intact.length);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileCutAnywhereIsNotATable(Compression compression) throws IOException {
    byte[] intact = write(new TableOptions(compression, 256, 4, 256), entries());
    for (int length = 0; length < intact.length; length++) {
      disk.replace(PATH, Arrays.copyOf(intact, length));
      assertThatThrownBy(this::readAll)
          .as("length %d", length)
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(PATH);
      assertThat(verify()).hasSize(1);
    }
  }

  @Test
  void aFileThatGrewIsNotATable() throws IOException {
    byte[] intact = write(TableOptions.of(Compression.NONE), entries());
    byte[] footerTwice = Arrays.copyOf(intact, intact.length + Footer.BYTES);
    System.arraycopy(
        intact, intact.length - Footer.BYTES, footerTwice, intact.length, Footer.BYTES);
    disk.replace(PATH, footerTwice);
    assertThatThrownBy(this::readAll).isInstanceOf(CorruptionException.class);
  }

  @Test
  void aBlockInAnotherPlaceIsFound() throws IOException {
    byte[] intact = write(new TableOptions(Compression.NONE, 256, 4, 4096), sameSizeEntries());
    Footer footer = footer(intact);
    BlockCursor at = new BlockCursor(partition(intact, footer).index());
    at.seekToFirst();
    int first = (int) BlockHandle.offset(at);
    int length = BlockHandle.length(at) + StoredBlock.TRAILER_BYTES;
    at.next();
    int second = (int) BlockHandle.offset(at);
    assertThat(second - first).isEqualTo(length);
    byte[] broken = intact.clone();
    System.arraycopy(intact, first, broken, second, length);
    System.arraycopy(intact, second, broken, first, length);
    disk.replace(PATH, broken);
    assertThat(verify()).extracting(Damage::offset).contains((long) first, (long) second);
  }

  @Test
  void verifyGoesOnAfterEachDamage() throws IOException {
    byte[] intact = write(new TableOptions(Compression.LZ4, 256, 4, 64), entries());
    Footer footer = footer(intact);
    List<Long> offsets = new ArrayList<>();
    BlockCursor top = new BlockCursor(topIndex(intact, footer));
    byte[] broken = intact.clone();
    for (boolean more = top.seekToFirst(); more; more = top.next()) {
      BlockCursor at = new BlockCursor(partitionAt(intact, top).index());
      at.seekToFirst();
      offsets.add(BlockHandle.offset(at));
      broken[(int) BlockHandle.offset(at)] ^= 1;
    }
    assertThat(offsets).hasSizeGreaterThan(3);
    disk.replace(PATH, broken);
    assertThat(verify()).extracting(Damage::offset).containsExactlyElementsOf(offsets);
  }

  @Test
  void aMissingFileIsNoDamage() {
    assertThatThrownBy(this::verify).isInstanceOf(NoSuchFileException.class);
  }

  private Block topIndex(byte[] table, Footer footer) throws IOException {
    byte[] stored = Arrays.copyOfRange(table, (int) footer.topOffset(), table.length);
    StoredBlock.Raw raw =
        StoredBlock.open(
            stored,
            0,
            footer.topLength(),
            true,
            StoredBlock.Type.TOP_INDEX,
            PATH,
            footer.topOffset());
    return Block.parse(raw.bytes(), 0, raw.end());
  }

  private Partition partition(byte[] table, Footer footer) throws IOException {
    BlockCursor top = new BlockCursor(topIndex(table, footer));
    top.seekToFirst();
    return partitionAt(table, top);
  }

  private Partition partitionAt(byte[] table, BlockCursor top) throws IOException {
    long offset = BlockHandle.offset(top);
    int length = BlockHandle.length(top);
    StoredBlock.Raw raw =
        StoredBlock.open(
            table, (int) offset, length, false, StoredBlock.Type.PARTITION, PATH, offset);
    return Partition.parse(raw.bytes(), raw.end());
  }

  private static Footer footer(byte[] table) throws IOException {
    byte[] end = Arrays.copyOfRange(table, table.length - Footer.BYTES, table.length);
    return Footer.decode(end, PATH, table.length);
  }

  private void readAll() throws IOException {
    try (TableReader reader = TableReader.open(disk, PATH, 1, new BlockCache(0))) {
      EntryCursor cursor = reader.cursor(false);
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        Entry.at(cursor);
      }
    }
  }

  private void pointReadsAreRightOrRefused(List<Entry> entries, int at) throws IOException {
    try (TableReader reader = TableReader.open(disk, PATH, 1, new BlockCache(0))) {
      Lookup lookup = new Lookup();
      for (int i = at % 7; i < entries.size(); i += 7) {
        Entry entry = entries.get(i);
        byte[] key = entry.key().array();
        long hash = KeyHash.of(key, 0, key.length);
        try {
          assertThat(reader.get(key, 0, key.length, hash, entry.version(), false, lookup))
              .as("byte %d", at)
              .isEqualTo(Lookup.Outcome.FOUND);
          assertThat(Entry.of(entry.key(), lookup)).as("byte %d", at).isEqualTo(entry);
        } catch (CorruptionException expected) {
          assertThat(expected.damage().file()).isEqualTo(PATH);
        }
      }
    } catch (CorruptionException expected) {
      assertThat(expected.damage().file()).isEqualTo(PATH);
    }
  }

  private List<Damage> verify() throws IOException {
    List<Damage> damages = new ArrayList<>();
    TableVerifier.verify(disk, PATH, damages::add);
    return damages;
  }

  private byte[] write(TableOptions options, List<Entry> entries) throws IOException {
    disk.replace(PATH, new byte[0]);
    disk.delete(PATH);
    try (TableWriter writer = new TableWriter(disk, PATH, options)) {
      for (Entry entry : entries) {
        entry.addTo(writer);
      }
      writer.finish();
    }
    return disk.content(PATH);
  }

  private static List<Entry> entries() {
    return new RandomTables(3).entries(150, RandomTables.KeyShape.NUMBERED);
  }

  private static List<Entry> sameSizeEntries() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 100; i < 200; i++) {
      byte[] key = ("key" + i).getBytes(StandardCharsets.UTF_8);
      entries.add(Entry.value(key, i, 0, new byte[40]));
    }
    return entries;
  }
}
