package io.distkv.storage.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.distkv.base.MalformedBytesException;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.MemoryDisk;
import io.distkv.storage.cache.BlockCache;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Feeds the reader bytes that no writer made. Whatever they are, a read ends in data or in {@link
 * CorruptionException}, soon and in little memory. Checksums are mended after each change, or
 * nothing behind them would ever be reached.
 *
 * <p>Run with {@code JAZZER_FUZZ=1} the fuzz tests look for new inputs; without it they replay the
 * known ones.
 */
class TableFuzzTest {
  private static final String PATH = "t.sst";
  private static final int SLICE_ROUNDS = 1_500;

  private final MemoryDisk disk = new MemoryDisk();

  @FuzzTest(maxDuration = "30s")
  void anyFile(FuzzedDataProvider data) throws IOException {
    disk.replace(PATH, data.consumeRemainingAsBytes());
    readEverything();
  }

  @FuzzTest(maxDuration = "30s")
  void anyBlock(FuzzedDataProvider data) {
    byte[] target = data.consumeBytes(12);
    byte[] bytes = data.consumeRemainingAsBytes();
    readBlock(bytes, target);
  }

  @FuzzTest(maxDuration = "60s")
  void changedBytesUnderRightChecksums(FuzzedDataProvider data) throws IOException {
    ForgedTable table = new ForgedTable(disk, PATH, data.consumeInt(0, 7));
    for (int changes = data.consumeInt(1, 6); changes > 0; changes--) {
      table.change(data.consumeInt(), data.consumeByte());
    }
    table.store();
    readEverything();
  }

  @Test
  void aSliceOfRandomChanges() throws IOException {
    for (long seed = 0; seed < SLICE_ROUNDS; seed++) {
      Random random = new Random(seed);
      ForgedTable table = new ForgedTable(disk, PATH, (int) (seed % 8));
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        table.change(random.nextInt() >>> 1, (byte) random.nextInt());
      }
      table.store();
      try {
        readEverything();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void aSliceOfRandomBlocks() {
    for (long seed = 0; seed < SLICE_ROUNDS; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(120)];
      random.nextBytes(bytes);
      for (int i = Math.max(0, bytes.length - 14); i < bytes.length; i++) {
        bytes[i] &= 0x0F; // small numbers make headers that can be
      }
      try {
        readBlock(bytes, new byte[] {1, 2, 3});
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static void readBlock(byte[] bytes, byte[] target) {
    try {
      BlockCursor at = new BlockCursor(Block.parse(bytes, 0, bytes.length));
      at.seek(target, 0, target.length, 5);
      for (boolean more = at.seekToFirst(); more; more = at.next()) {
        at.version();
      }
      at.seekToLast();
      at.prev();
    } catch (MalformedBytesException | IndexOutOfBoundsException expected) {
      // What readers of files turn into a CorruptionException.
    }
  }

  private void readEverything() throws IOException {
    TableVerifier.verify(disk, PATH, damage -> {});
    try (TableReader reader = TableReader.open(disk, PATH, 1, new BlockCache(1 << 20))) {
      byte[] key = "key-000000050000".getBytes(UTF_8);
      long hash = KeyHash.of(key, 0, key.length);
      try {
        reader.get(key, 0, key.length, hash, Long.MAX_VALUE, false, new Lookup());
      } catch (CorruptionException expected) {
        // One read may fail and the next may not.
      }
      try {
        EntryCursor cursor = reader.cursor(true);
        cursor.seek(key, 0, key.length, 7);
        int steps = 0;
        for (boolean more = cursor.seekToFirst(); more && steps < 5_000; more = cursor.next()) {
          Entry.at(cursor);
          steps++;
        }
      } catch (CorruptionException expected) {
        // One read may fail and the next may not.
      }
      EntryCursor backwards = reader.cursor(false);
      int steps = 0;
      for (boolean more = backwards.seekToLast(); more && steps < 5_000; more = backwards.prev()) {
        steps++;
      }
      reader.evict();
    } catch (CorruptionException expected) {
      // Every other exception fails the test.
    }
  }
}
