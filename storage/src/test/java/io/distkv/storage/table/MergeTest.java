package io.distkv.storage.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.storage.MemoryDisk;
import io.distkv.storage.cache.BlockCache;
import io.distkv.storage.level.MergingCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Several tables as one against a sorted set, with values so large that few may be in memory. */
class MergeTest {
  private static final int ROUNDS = 60;
  private static final int LARGE_BYTES = 300 * 1024;

  @Test
  void aMergeMovesLikeASortedSetAndHoldsTheBytesOfOneEntry() throws IOException {
    for (long seed = 1; seed <= ROUNDS; seed++) {
      new Round(seed).check();
    }
  }

  /** A few tables, their merge, and the same entries in a set. */
  private static final class Round {
    private final long seed;
    private final Random random;
    private final NavigableSet<Entry> model = new TreeSet<>(Entry.ORDER);
    private final List<Watched> sources = new ArrayList<>();
    private final MergingCursor merge;

    Round(long seed) throws IOException {
      this.seed = seed;
      random = new Random(seed);
      RandomTables tables = new RandomTables(seed);
      MemoryDisk disk = new MemoryDisk();
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        List<Entry> entries = tables.entries(20);
        entries.removeIf(model::contains);
        if (entries.isEmpty()) {
          continue;
        }
        int large = random.nextInt(2 * entries.size());
        if (large < entries.size() && entries.get(large).kind() == EntryKind.VALUE) {
          Entry small = entries.get(large);
          byte[] value = tables.value(LARGE_BYTES);
          entries.set(large, Entry.value(small.key().array(), small.version(), 0, value));
        }
        model.addAll(entries);
        sources.add(new Watched(table(disk, i + ".sst", tables.options(), entries)));
      }
      merge = new MergingCursor(List.copyOf(sources));
    }

    private EntryCursor table(
        MemoryDisk disk, String path, TableOptions options, List<Entry> entries)
        throws IOException {
      try (TableWriter writer = new TableWriter(disk, path, options)) {
        for (Entry entry : entries) {
          entry.addTo(writer);
        }
        writer.finish();
      }
      TableReader reader = TableReader.open(disk, path, 1 + sources.size(), new BlockCache(0));
      return random.nextBoolean() ? reader.cursor(false) : reader.sequentialCursor();
    }

    void check() throws IOException {
      expect(merge.seekToLast(), model.isEmpty() ? null : model.last());
      Entry at = model.isEmpty() ? null : model.first();
      for (boolean more = merge.seekToFirst(); more; more = merge.next()) {
        expect(true, at);
        at = at == null ? null : model.higher(at);
      }
      assertThat(at).as("seed %d", seed).isNull();
      List<Entry> all = List.copyOf(model);
      for (int i = 0; i < 30 && !all.isEmpty(); i++) {
        wander(all.get(random.nextInt(all.size())));
      }
    }

    private void wander(Entry start) throws IOException {
      byte[] key = start.key().array();
      long version = Math.max(0, start.version() - random.nextInt(2));
      Entry at = model.ceiling(Entry.tombstone(key, version));
      expect(merge.seek(key, 0, key.length, version), at);
      for (int step = random.nextInt(8); step > 0 && at != null; step--) {
        boolean forward = random.nextBoolean();
        at = forward ? model.higher(at) : model.lower(at);
        expect(forward ? merge.next() : merge.prev(), at);
      }
    }

    private void expect(boolean stands, @Nullable Entry expected) {
      assertThat(stands && merge.valid() ? Entry.at(merge) : null)
          .as("seed %d", seed)
          .isEqualTo(expected);
      assertThat(sources.stream().filter(Watched::isWhole).count())
          .as("cursors that hold a value, seed %d", seed)
          .isEqualTo(expected == null ? 0 : 1);
    }
  }

  @Test
  void aParkedCursorHoldsNoLargeBlock() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    RandomTables tables = new RandomTables(1);
    Entry small = Entry.value(new byte[] {1}, 9, 0, tables.value(100));
    Entry large = Entry.value(new byte[] {2}, 8, 0, tables.value(LARGE_BYTES));
    try (TableWriter writer =
        new TableWriter(disk, "t.sst", new TableOptions(Compression.NONE, 4096, 16, 4096))) {
      small.addTo(writer);
      large.addTo(writer);
      writer.finish();
    }
    EntryCursor cursor = TableReader.open(disk, "t.sst", 1, new BlockCache(0)).cursor(false);

    cursor.seekToFirst();
    cursor.park();
    assertThat(cursor.valueArray()).hasSizeLessThan(LARGE_BYTES);
    cursor.unpark();
    assertThat(Entry.at(cursor)).isEqualTo(small);

    cursor.next();
    cursor.park();
    assertThat(cursor.valid()).isTrue();
    assertThat(cursor.keyArray()[0]).isEqualTo((byte) 2);
    assertThat(cursor.version()).isEqualTo(8);
    assertThat(cursor.valueArray()).hasSizeLessThan(LARGE_BYTES);
    cursor.unpark();
    assertThat(Entry.at(cursor)).isEqualTo(large);
    assertThat(cursor.prev()).isTrue();
    assertThat(Entry.at(cursor)).isEqualTo(small);
  }

  /** Holds a merge to what a parked cursor may be asked for. */
  private static final class Watched implements EntryCursor {
    private final EntryCursor cursor;
    private boolean parked;

    Watched(EntryCursor cursor) {
      this.cursor = cursor;
    }

    boolean isWhole() {
      return cursor.valid() && !parked;
    }

    private EntryCursor whole() {
      assertThat(parked).as("parked").isFalse();
      return cursor;
    }

    @Override
    public void park() {
      assertThat(cursor.valid()).isTrue();
      cursor.park();
      parked = true;
    }

    @Override
    public void unpark() throws IOException {
      cursor.unpark();
      parked = false;
    }

    @Override
    public boolean seekToFirst() throws IOException {
      parked = false;
      return cursor.seekToFirst();
    }

    @Override
    public boolean seekToLast() throws IOException {
      parked = false;
      return cursor.seekToLast();
    }

    @Override
    public boolean seek(byte[] key, int offset, int length, long version) throws IOException {
      parked = false;
      return cursor.seek(key, offset, length, version);
    }

    @Override
    public boolean next() throws IOException {
      return whole().next();
    }

    @Override
    public boolean prev() throws IOException {
      return whole().prev();
    }

    @Override
    public boolean valid() {
      return cursor.valid();
    }

    @Override
    public byte[] keyArray() {
      return cursor.keyArray();
    }

    @Override
    public int keyOffset() {
      return cursor.keyOffset();
    }

    @Override
    public int keyLength() {
      return cursor.keyLength();
    }

    @Override
    public long version() {
      return cursor.version();
    }

    @Override
    public EntryKind kind() {
      return whole().kind();
    }

    @Override
    public long expiresAtMillis() {
      return whole().expiresAtMillis();
    }

    @Override
    public byte[] valueArray() {
      return whole().valueArray();
    }

    @Override
    public int valueOffset() {
      return whole().valueOffset();
    }

    @Override
    public int valueLength() {
      return whole().valueLength();
    }
  }
}
