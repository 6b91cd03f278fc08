package io.distkv.storage.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.storage.MemoryDisk;
import io.distkv.storage.cache.BlockCache;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random tables against a sorted set that holds the same entries: every read answers alike. */
class TableRoundTripTest {
  private static final int ROUNDS = 200;
  private static final int MOST_ENTRIES = 600;

  @Test
  void everyReadAnswersLikeASortedSet() throws IOException {
    for (long seed = 1; seed <= ROUNDS; seed++) {
      new Round(seed).check();
    }
  }

  /** One table with everything that can be asked of it. */
  private static final class Round {
    private final long seed;
    private final Random random;
    private final List<Entry> entries;
    private final NavigableSet<Entry> model = new TreeSet<>(Entry.ORDER);
    private final TableReader reader;

    Round(long seed) throws IOException {
      this.seed = seed;
      random = new Random(seed * 31);
      RandomTables tables = new RandomTables(seed);
      TableOptions options = tables.options();
      entries = tables.entries(MOST_ENTRIES);
      model.addAll(entries);
      MemoryDisk disk = new MemoryDisk();
      try (TableWriter writer = new TableWriter(disk, "t.sst", options)) {
        for (Entry entry : entries) {
          entry.addTo(writer);
        }
        TableProperties written = writer.finish();
        BlockCache cache = new BlockCache(random.nextBoolean() ? 0 : 1 << 20);
        reader = TableReader.open(disk, "t.sst", 7, cache);
        assertThat(reader.properties())
            .usingRecursiveComparison()
            .as("seed %d", seed)
            .isEqualTo(written);
      }
    }

    void check() throws IOException {
      readForwards(reader.cursor(true));
      readForwards(reader.sequentialCursor());
      readBackwards(reader.cursor(false));
      EntryCursor cursor = reader.cursor(true);
      for (int i = 0; i < 200; i++) {
        Entry probe = probe();
        seek(cursor, probe);
        get(probe);
      }
    }

    private void readForwards(EntryCursor cursor) throws IOException {
      boolean more = cursor.seekToFirst();
      for (Entry entry : entries) {
        assertThat(more).as("seed %d", seed).isTrue();
        assertThat(Entry.at(cursor)).as("seed %d", seed).isEqualTo(entry);
        more = cursor.next();
      }
      assertThat(more).as("seed %d", seed).isFalse();
      assertThat(cursor.valid()).isFalse();
    }

    private void readBackwards(EntryCursor cursor) throws IOException {
      boolean more = cursor.seekToLast();
      for (Entry entry : entries.reversed()) {
        assertThat(more).as("seed %d", seed).isTrue();
        assertThat(Entry.at(cursor)).as("seed %d", seed).isEqualTo(entry);
        more = cursor.prev();
      }
      assertThat(more).as("seed %d", seed).isFalse();
      assertThat(cursor.valid()).isFalse();
    }

    private void seek(EntryCursor cursor, Entry probe) throws IOException {
      byte[] key = probe.key().array();
      boolean found = cursor.seek(key, 0, key.length, probe.version());
      expect(cursor, found, model.ceiling(probe), probe);
      Entry expected = model.ceiling(probe);
      for (int step = random.nextInt(5); step > 0 && expected != null; step--) {
        if (random.nextBoolean()) {
          expected = model.higher(expected);
          expect(cursor, cursor.next(), expected, probe);
        } else {
          expected = model.lower(expected);
          expect(cursor, cursor.prev(), expected, probe);
        }
      }
    }

    private void expect(EntryCursor cursor, boolean moved, @Nullable Entry expected, Entry probe) {
      assertThat(moved ? Entry.at(cursor) : null)
          .as("seed %d, from %s", seed, probe)
          .isEqualTo(expected);
      assertThat(cursor.valid()).isEqualTo(moved);
    }

    private void get(Entry probe) throws IOException {
      byte[] key = probe.key().array();
      Lookup lookup = new Lookup();
      Lookup.Outcome outcome =
          reader.get(
              key, 0, key.length, KeyHash.of(key, 0, key.length), probe.version(), false, lookup);
      Entry expected = model.ceiling(probe);
      if (expected == null || !expected.key().equals(probe.key())) {
        assertThat(outcome).as("seed %d, %s", seed, probe).isEqualTo(Lookup.Outcome.ABSENT);
      } else {
        assertThat(outcome).as("seed %d, %s", seed, probe).isEqualTo(Lookup.Outcome.FOUND);
        assertThat(Entry.of(probe.key(), lookup)).as("seed %d", seed).isEqualTo(expected);
      }
    }

    /** A place at, just before, just after, or far from an entry. */
    private Entry probe() {
      Entry near = entries.get(random.nextInt(entries.size()));
      byte[] key = near.key().array();
      long version = near.version();
      switch (random.nextInt(7)) {
        case 0 -> version = Math.max(0, version - 1);
        case 1 -> version = version + 1 < 0 ? version : version + 1;
        case 2 -> version = random.nextBoolean() ? Long.MAX_VALUE : 0;
        case 3 -> key = Arrays.copyOf(key, key.length + 1);
        case 4 -> key = Arrays.copyOf(key, key.length / 2);
        case 5 -> {
          key = key.clone();
          if (key.length > 0) {
            key[random.nextInt(key.length)] += (byte) (random.nextBoolean() ? 1 : -1);
          }
        }
        default -> {}
      }
      return Entry.tombstone(key, version);
    }
  }
}
