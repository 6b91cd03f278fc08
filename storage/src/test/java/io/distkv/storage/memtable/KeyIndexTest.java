package io.distkv.storage.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.storage.table.EntryKind;
import io.distkv.storage.table.KeyHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyIndexTest {
  private final EntryArena arena = new EntryArena();
  private final Keys keys = new Keys(arena);

  private int newKey(byte[] key) {
    return keys.add(arena.append(key, 1, EntryKind.VALUE, 0, new byte[0], EntryArena.NONE));
  }

  private static byte[] key(int number) {
    return Integer.toString(number).getBytes(StandardCharsets.UTF_8);
  }

  private static long hash(byte[] key) {
    return KeyHash.of(key, 0, key.length);
  }

  private static int find(KeyIndex index, byte[] key) {
    return index.find(hash(key), key, 0, key.length);
  }

  @Test
  void findsWhatWasAddedAndNothingElse() {
    KeyIndex index = new KeyIndex(keys, KeyIndex.MAX_BITS);
    assertThat(find(index, key(0))).isEqualTo(Keys.NONE);
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      index.add(hash(key(i)), newKey(key(i)));
    }
    for (int i = 0; i < count; i++) {
      assertThat(find(index, key(i))).isEqualTo(i);
      assertThat(find(index, key(count + i))).isEqualTo(Keys.NONE);
    }
    assertThat(index.complete()).isTrue();
  }

  /** Slots are between a third and two thirds full: 12 to 26 bytes for each key. */
  @Test
  void holdsFewBytesForEachKey() {
    KeyIndex index = new KeyIndex(keys, KeyIndex.MAX_BITS);
    assertThat(index.heldBytes()).isLessThan(100);
    for (int i = 0; i < 200_000; i++) {
      index.add(hash(key(i)), newKey(key(i)));
      if (i > 1_000 && i % 1_000 == 0) {
        assertThat(index.heldBytes() / (double) i).as("%d keys", i).isBetween(11.0, 28.0);
      }
    }
  }

  /** Hashes that have half of their bits, or so, in common. */
  @Test
  void findsKeysWhateverTheirHashesHaveInCommon() {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      long freeBits = random.nextLong();
      KeyIndex index = new KeyIndex(keys, 10);
      int count = 3_000;
      int first = (int) (seed - 1) * count;
      long[] hashes = new long[count];
      for (int i = 0; i < count; i++) {
        hashes[i] = random.nextLong() & freeBits;
        index.add(hashes[i], newKey(key(i)));
      }
      int missing = 0;
      for (int i = 0; i < count; i++) {
        int found = index.find(hashes[i], key(i), 0, key(i).length);
        if (found == Keys.NONE) {
          missing++;
        } else {
          assertThat(found).as("seed %d", seed).isEqualTo(first + i);
        }
      }
      assertThat(missing > 0).as("seed %d", seed).isEqualTo(!index.complete());
    }
  }

  @Test
  void keysOfOneHashAreLeftOutOnceNoBitPartsThem() {
    KeyIndex index = new KeyIndex(keys, 4);
    int count = 1_000;
    for (int i = 0; i < count; i++) {
      index.add(-1, newKey(key(i)));
    }
    assertThat(index.complete()).isFalse();
    assertThat(index.heldBytes()).isLessThan(100_000);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int number = index.find(-1, key(i), 0, key(i).length);
      assertThat(number).isIn(i, Keys.NONE);
      found += number == i ? 1 : 0;
    }
    assertThat(found).as("as many as are looked at").isEqualTo(KeyIndex.MOST_PROBES);
  }

  /** Keys of as many hashes whose places are the same few. */
  @Test
  void keysThatCrowdAreFoundOrLeftOut() {
    KeyIndex index = new KeyIndex(keys, 0);
    int count = 2_000;
    for (int i = 0; i < count; i++) {
      index.add(crowded(i), newKey(key(i)));
    }
    int missing = 0;
    for (int i = 0; i < count; i++) {
      int number = index.find(crowded(i), key(i), 0, key(i).length);
      assertThat(number).isIn(i, Keys.NONE);
      missing += number == Keys.NONE ? 1 : 0;
      assertThat(index.find(crowded(count + i), key(count + i), 0, key(count + i).length))
          .isEqualTo(Keys.NONE);
    }
    assertThat(missing).isEqualTo(count - KeyIndex.MOST_PROBES - 7);
    assertThat(index.complete()).isFalse();
  }

  private static long crowded(int number) {
    return (long) (number << 16 | number % 8) << Integer.SIZE;
  }

  /** A reader finds every key that was there when it came, whatever is added meanwhile. */
  @Test
  void readersFindWhatWasAddedBeforeTheyCame() throws Exception {
    KeyIndex index = new KeyIndex(keys, KeyIndex.MAX_BITS);
    int last = 300_000;
    AtomicInteger published = new AtomicInteger();
    Callable<@Nullable Void> reader =
        () -> {
          Random random = new Random(Thread.currentThread().threadId());
          int there;
          do {
            there = published.get();
            if (there > 0) {
              int number = random.nextInt(there);
              assertThat(find(index, key(number))).isEqualTo(number);
            }
            assertThat(find(index, key(last + random.nextInt(1_000)))).isEqualTo(Keys.NONE);
          } while (there < last);
          return null;
        };
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      List<Future<@Nullable Void>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(executor.submit(reader));
      }
      for (int i = 0; i < last; i++) {
        index.add(hash(key(i)), newKey(key(i)));
        published.set(i + 1);
      }
      for (Future<@Nullable Void> future : readers) {
        future.get();
      }
    }
  }
}
