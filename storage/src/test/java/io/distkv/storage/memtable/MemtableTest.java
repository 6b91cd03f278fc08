package io.distkv.storage.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Version;
import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.EntryKind;
import io.distkv.storage.table.KeyHash;
import io.distkv.storage.table.Lookup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("ArrayRecordComponent") // the model compares keys by their bytes
class MemtableTest {

  private record Place(byte[] key, long version) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int order = Arrays.compareUnsigned(key, other.key);
      return order != 0 ? order : Long.compare(other.version, version);
    }
  }

  private record Content(EntryKind kind, byte[] value, long expiresAtMillis) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithASortedMap(long seed) throws IOException {
    Random random = new Random(seed);
    Memtable memtable = new Memtable();
    NavigableMap<Place, Content> model = new TreeMap<>();
    int keySpace = 1 + random.nextInt(seed % 2 == 0 ? 40 : 20_000);
    long version = 1;
    for (int i = 0; i < 20_000; i++) {
      byte[] key = key(random, keySpace, seed);
      version += random.nextInt(3) == 0 ? 1 : 0;
      if (random.nextInt(4) == 0) {
        memtable.delete(key, version);
        model.put(new Place(key, version), new Content(EntryKind.TOMBSTONE, new byte[0], 0));
      } else {
        byte[] value = new byte[random.nextInt(100) == 0 ? 40_000 : random.nextInt(30)];
        random.nextBytes(value);
        long expiresAt = random.nextInt(3);
        memtable.put(key, value, expiresAt, version);
        model.put(new Place(key, version), new Content(EntryKind.VALUE, value, expiresAt));
      }
      if (i % 4_000 == 0) {
        assertSame(seed, memtable, model);
      }
    }
    assertSame(seed, memtable, model);
    for (int i = 0; i < 5_000; i++) {
      byte[] key = key(random, keySpace, seed);
      long asOf = 1 + random.nextLong(version + 1);
      assertFinds(seed, memtable, model, key, asOf);
      assertSeeks(seed, memtable, model, key, asOf);
    }
  }

  private static byte[] key(Random random, int keySpace, long seed) {
    int number = random.nextInt(keySpace);
    return switch ((int) (seed % 3)) {
      case 0 -> String.format("key:%012d", number).getBytes(StandardCharsets.UTF_8);
      case 1 -> Arrays.copyOf(new byte[] {(byte) number, (byte) (number >> 3)}, 1 + number % 20);
      default -> Integer.toString(number, 2).getBytes(StandardCharsets.UTF_8);
    };
  }

  private static void assertSame(long seed, Memtable memtable, NavigableMap<Place, Content> model)
      throws IOException {
    assertThat(memtable.entries()).as("seed %d", seed).isEqualTo(model.size());
    assertThat(memtable.tombstones())
        .as("seed %d", seed)
        .isEqualTo(model.values().stream().filter(c -> c.kind == EntryKind.TOMBSTONE).count());
    EntryCursor cursor = memtable.cursor();
    boolean on = cursor.seekToFirst();
    for (Map.Entry<Place, Content> expected : model.entrySet()) {
      assertThat(on).as("seed %d", seed).isTrue();
      assertStandsOn(seed, cursor, expected);
      on = cursor.next();
    }
    assertThat(on).as("seed %d", seed).isFalse();
    assertThat(cursor.valid()).isFalse();
    on = cursor.seekToLast();
    for (Map.Entry<Place, Content> expected : model.descendingMap().entrySet()) {
      assertThat(on).as("seed %d", seed).isTrue();
      assertStandsOn(seed, cursor, expected);
      on = cursor.prev();
    }
    assertThat(on).as("seed %d", seed).isFalse();
  }

  private static void assertStandsOn(
      long seed, EntryCursor cursor, Map.Entry<Place, Content> expected) {
    Content content = expected.getValue();
    byte[] key =
        Arrays.copyOfRange(
            cursor.keyArray(), cursor.keyOffset(), cursor.keyOffset() + cursor.keyLength());
    byte[] value =
        Arrays.copyOfRange(
            cursor.valueArray(), cursor.valueOffset(), cursor.valueOffset() + cursor.valueLength());
    assertThat(key).as("seed %d", seed).isEqualTo(expected.getKey().key);
    assertThat(cursor.version()).as("seed %d", seed).isEqualTo(expected.getKey().version);
    assertThat(cursor.kind()).as("seed %d", seed).isEqualTo(content.kind);
    assertThat(value).as("seed %d", seed).isEqualTo(content.value);
    assertThat(cursor.expiresAtMillis()).as("seed %d", seed).isEqualTo(content.expiresAtMillis);
  }

  private static void assertFinds(
      long seed, Memtable memtable, NavigableMap<Place, Content> model, byte[] key, long asOf) {
    Lookup lookup = new Lookup();
    Map.Entry<Place, Content> at = model.ceilingEntry(new Place(key, asOf));
    boolean present = at != null && Arrays.equals(at.getKey().key, key);
    assertThat(get(memtable, key, asOf, lookup))
        .as("seed %d", seed)
        .isEqualTo(present ? Lookup.Outcome.FOUND : Lookup.Outcome.ABSENT);
    if (at != null && present) {
      assertThat(lookup.version()).isEqualTo(at.getKey().version);
      assertThat(lookup.kind()).isEqualTo(at.getValue().kind);
      assertThat(lookup.expiresAtMillis()).isEqualTo(at.getValue().expiresAtMillis);
      assertThat(
              Arrays.copyOfRange(
                  lookup.valueArray(),
                  lookup.valueOffset(),
                  lookup.valueOffset() + lookup.valueLength()))
          .isEqualTo(at.getValue().value);
    }
  }

  private static Lookup.Outcome get(Memtable memtable, byte[] key, long asOf, Lookup into) {
    return memtable.get(key, 0, key.length, KeyHash.of(key, 0, key.length), asOf, into);
  }

  private static void assertSeeks(
      long seed, Memtable memtable, NavigableMap<Place, Content> model, byte[] key, long version)
      throws IOException {
    EntryCursor cursor = memtable.cursor();
    Map.Entry<Place, Content> at = model.ceilingEntry(new Place(key, version));
    assertThat(cursor.seek(key, 0, key.length, version)).as("seed %d", seed).isEqualTo(at != null);
    if (at != null) {
      assertStandsOn(seed, cursor, at);
      Map.Entry<Place, Content> before = model.lowerEntry(at.getKey());
      assertThat(cursor.prev()).as("seed %d", seed).isEqualTo(before != null);
      if (before != null) {
        assertStandsOn(seed, cursor, before);
      }
    }
  }

  /** Each step over so many versions must be short, or the walks here take hours. */
  @Test
  void aKeyWrittenAHundredThousandTimesIsReadAtAnyVersionAndBothWays() throws IOException {
    Memtable memtable = new Memtable();
    byte[] key = {2};
    int last = 100_000;
    for (byte other : new byte[] {1, 3}) {
      memtable.put(new byte[] {other}, new byte[0], 0, 1);
    }
    for (int version = 2; version <= last; version++) {
      memtable.put(key, longBytes(-1), 0, version);
      memtable.put(key, longBytes(version), 0, version); // takes the place of the other
    }
    Lookup lookup = new Lookup();
    for (long asOf = 2; asOf <= last; asOf++) {
      assertThat(get(memtable, key, asOf, lookup)).isEqualTo(Lookup.Outcome.FOUND);
      assertThat(lookup.version()).isEqualTo(asOf);
    }
    assertThat(get(memtable, key, 1, lookup)).isEqualTo(Lookup.Outcome.ABSENT);
    assertThat(memtable.entries()).isEqualTo(last + 1);

    EntryCursor cursor = memtable.cursor();
    assertThat(cursor.seek(key, 0, 1, Version.LATEST)).isTrue();
    for (long version = last; version >= 2; version--) {
      assertThat(cursor.version()).isEqualTo(version);
      assertThat(cursor.valueArray()[cursor.valueOffset() + 7]).isEqualTo((byte) version);
      assertThat(cursor.next()).isTrue();
    }
    assertThat(cursor.keyArray()[cursor.keyOffset()]).isEqualTo((byte) 3);
    for (long version = 2; version <= last; version++) {
      assertThat(cursor.prev()).isTrue();
      assertThat(cursor.version()).isEqualTo(version);
    }
    assertThat(cursor.prev()).isTrue();
    assertThat(cursor.keyArray()[cursor.keyOffset()]).isEqualTo((byte) 1);
    assertThat(cursor.seek(key, 0, 1, 1)).isTrue();
    assertThat(cursor.keyArray()[cursor.keyOffset()]).isEqualTo((byte) 3);
  }

  /** The outermost branches have no bound on one side: keys come that begin like none before. */
  @Test
  void keysThatBeginAlikeAreFoundBesideOthersThatDoNot() throws IOException {
    Memtable memtable = new Memtable();
    NavigableMap<Place, Content> model = new TreeMap<>();
    String[] beginnings = {
      "a long beginning of many keys:", "a long beginning", "a", "b", "", "a long beginning of no"
    };
    Random random = new Random(5);
    for (String beginning : beginnings) {
      for (int i = 0; i < 3_000; i++) {
        String text = beginning + (random.nextInt(4) == 0 ? "" : random.nextInt(5_000));
        byte[] key = (text.isEmpty() ? "0" : text).getBytes(StandardCharsets.UTF_8);
        memtable.put(key, new byte[] {7}, 0, 1);
        model.put(new Place(key, 1), new Content(EntryKind.VALUE, new byte[] {7}, 0));
        byte[] probe = Arrays.copyOf(key, 1 + random.nextInt(key.length));
        assertFinds(5, memtable, model, probe, 1);
        assertSeeks(5, memtable, model, probe, 1);
      }
      assertSame(5, memtable, model);
    }
  }

  @Test
  void risingKeysFillTheirLeaves() {
    Memtable memtable = new Memtable();
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      memtable.put(String.format("%012d", i).getBytes(StandardCharsets.UTF_8), new byte[0], 0, 1);
    }
    assertThat(memtable.nodeBytes()).isLessThan(count * 20L);
    long entryBytes = 24 + 16;
    assertThat(memtable.heldBytes()).isLessThan(count * (entryBytes + 20 + 25));
  }

  @Test
  void anEmptyMemtableHoldsLittle() throws IOException {
    Memtable memtable = new Memtable();
    assertThat(memtable.heldBytes()).isLessThan(1_000);
    assertThat(memtable.cursor().seekToFirst()).isFalse();
    assertThat(memtable.cursor().seekToLast()).isFalse();
    assertThat(get(memtable, new byte[] {1}, Version.LATEST, new Lookup()))
        .isEqualTo(Lookup.Outcome.ABSENT);
  }

  @Test
  void aLargeValueIsHeldByReferenceAndCounted() {
    Memtable memtable = new Memtable();
    byte[] value = new byte[16 << 20];
    memtable.put(new byte[] {1}, value, 0, 1);
    Lookup lookup = new Lookup();
    assertThat(get(memtable, new byte[] {1}, Version.LATEST, lookup))
        .isEqualTo(Lookup.Outcome.FOUND);
    assertThat(lookup.valueArray()).isSameAs(value);
    assertThat(memtable.heldBytes()).isBetween(16L << 20, (16L << 20) + 8_192);
  }

  @Test
  void theLargestKeysAreKept() {
    Memtable memtable = new Memtable();
    for (int i = 0; i < 50; i++) {
      byte[] key = new byte[65_535];
      key[65_534] = (byte) i;
      memtable.put(key, new byte[] {(byte) i}, 0, 1);
    }
    for (int i = 0; i < 50; i++) {
      byte[] key = new byte[65_535];
      key[65_534] = (byte) i;
      Lookup lookup = new Lookup();
      assertThat(get(memtable, key, 1, lookup)).isEqualTo(Lookup.Outcome.FOUND);
      assertThat(lookup.valueArray()[lookup.valueOffset()]).isEqualTo((byte) i);
    }
  }

  /**
   * Somebody who knows the hash may choose keys whose hashes are alike, and the index holds some of
   * them only. Here it does so because it must not part its segments.
   */
  @Test
  void keysThatTheIndexLeavesOutAreFoundInTheTree() throws IOException {
    Memtable memtable = new Memtable(0);
    NavigableMap<Place, Content> model = new TreeMap<>();
    Random random = new Random(3);
    for (int version = 1; version <= 6_000; version++) {
      byte[] key = key(random, 3_000, 3);
      memtable.put(key, new byte[] {(byte) version}, 0, version);
      model.put(
          new Place(key, version), new Content(EntryKind.VALUE, new byte[] {(byte) version}, 0));
    }
    assertSame(3, memtable, model);
    for (int i = 0; i < 3_000; i++) {
      byte[] key = key(random, 4_000, 3);
      long asOf = 1 + random.nextLong(6_000);
      assertFinds(3, memtable, model, key, asOf);
      assertSeeks(3, memtable, model, key, asOf);
    }
  }

  /**
   * One writer, three readers. Version v writes key v mod n and rewrites key 0, so a reader knows
   * from the published version alone what it must see.
   */
  @Test
  void readersSeeEveryPublishedWriteAndNoneAfterTheirVersion() throws Exception {
    int keys = 3_000;
    long last = 200_000;
    Memtable memtable = new Memtable();
    AtomicLong published = new AtomicLong();
    Callable<@Nullable Void> reader =
        () -> {
          Random random = new Random(Thread.currentThread().threadId());
          Lookup lookup = new Lookup();
          long asOf;
          do {
            asOf = published.get();
            checkPoint(memtable, keys, asOf, random, lookup);
            checkRange(memtable, keys, asOf, random);
          } while (asOf < last);
          return null;
        };
    try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
      List<Future<@Nullable Void>> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        readers.add(executor.submit(reader));
      }
      for (long version = 1; version <= last; version++) {
        memtable.put(scattered(version % keys, keys), longBytes(version), 0, version);
        published.set(version);
      }
      for (Future<@Nullable Void> future : readers) {
        future.get();
      }
    }
  }

  private static void checkPoint(
      Memtable memtable, int keys, long asOf, Random random, Lookup lookup) {
    long number = random.nextInt(keys);
    long expected = newest(number, keys, asOf);
    byte[] key = scattered(number, keys);
    Lookup.Outcome outcome = get(memtable, key, asOf, lookup);
    assertThat(outcome == Lookup.Outcome.FOUND).isEqualTo(expected > 0);
    if (expected > 0) {
      assertThat(lookup.version()).isEqualTo(expected);
      assertThat(lookup.valueArray()[lookup.valueOffset() + 7]).isEqualTo((byte) expected);
    }
  }

  /** Walks some entries forward or backward and counts the keys that the version shows. */
  private static void checkRange(Memtable memtable, int keys, long asOf, Random random)
      throws IOException {
    EntryCursor cursor = memtable.cursor();
    boolean forward = random.nextBoolean();
    byte[] from = scattered(random.nextInt(keys), keys);
    if (!cursor.seek(from, 0, from.length, Version.LATEST)) {
      return;
    }
    byte[] previous = new byte[0];
    for (int i = 0; i < 50 && cursor.valid(); i++) {
      byte[] key =
          Arrays.copyOfRange(
              cursor.keyArray(), cursor.keyOffset(), cursor.keyOffset() + cursor.keyLength());
      if (i > 0) {
        int order = Arrays.compareUnsigned(previous, key);
        assertThat(forward ? order <= 0 : order >= 0).isTrue();
      }
      previous = key;
      boolean moved = forward ? cursor.next() : cursor.prev();
      assertThat(moved).isEqualTo(cursor.valid());
    }
    assertThat(newest(0, keys, asOf)).isLessThanOrEqualTo(asOf);
  }

  private static long newest(long number, int keys, long asOf) {
    long newest = asOf - Math.floorMod(asOf - number, keys);
    return Math.max(newest, 0);
  }

  private static byte[] scattered(long number, int keys) {
    return String.format("k%08d", number * 7_919 % keys).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] longBytes(long value) {
    byte[] bytes = new byte[8];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (value >>> (56 - 8 * i));
    }
    return bytes;
  }
}
