package io.distkv.storage.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Draws entries and options from a seed, so that runs differ in kind as well as in dice. */
final class RandomTables {
  private final Random random;

  RandomTables(long seed) {
    random = new Random(seed);
  }

  TableOptions options() {
    Compression[] compressions = Compression.values();
    return new TableOptions(
        compressions[random.nextInt(compressions.length)],
        64 << random.nextInt(9),
        1 + random.nextInt(random.nextBoolean() ? 4 : 256),
        64 << random.nextInt(9));
  }

  /** Between 1 and {@code most} entries in internal order. */
  List<Entry> entries(int most) {
    KeyShape[] shapes = KeyShape.values();
    return entries(1 + random.nextInt(most), shapes[random.nextInt(shapes.length)]);
  }

  /** At most this many entries in internal order. */
  List<Entry> entries(int most, KeyShape shape) {
    int count = most;
    int versionBits = 1 + random.nextInt(62);
    int versionsPerKey = random.nextInt(3) == 0 ? 1 + random.nextInt(200) : 1 + random.nextInt(3);
    int longestValue = 1 << random.nextInt(10);
    boolean sameLength = random.nextInt(3) == 0;
    int tombstoneChance = random.nextInt(3) * random.nextInt(60);
    int expiryChance = random.nextInt(3) * random.nextInt(60);
    TreeSet<Entry> entries = new TreeSet<>(Entry.ORDER);
    while (count > 0) {
      byte[] key = key(shape);
      for (int i = 1 + random.nextInt(versionsPerKey); i > 0 && count > 0; i--, count--) {
        long version = random.nextLong() >>> (64 - versionBits);
        if (random.nextInt(100) < tombstoneChance) {
          entries.add(Entry.tombstone(key, version));
        } else {
          long expiry = random.nextInt(100) < expiryChance ? 1 + (random.nextLong() >>> 20) : 0;
          int length = sameLength ? longestValue : random.nextInt(longestValue);
          entries.add(Entry.value(key, version, expiry, value(length)));
        }
      }
    }
    return new ArrayList<>(entries);
  }

  byte[] value(int length) {
    byte[] value = new byte[length];
    random.nextBytes(value);
    if (random.nextBoolean()) {
      Arrays.fill(value, length / 4, length, (byte) random.nextInt(256));
    }
    return value;
  }

  byte[] key(KeyShape shape) {
    return switch (shape) {
      case ANY_BYTES -> bytes(random.nextInt(20));
      case FEW_LETTERS -> letters(random.nextInt(8));
      case NUMBERED -> "key-%012d".formatted(random.nextInt(100_000)).getBytes(UTF_8);
      case DEEP -> deep();
      case HUGE -> huge();
    };
  }

  private byte[] bytes(int length) {
    byte[] key = new byte[length];
    random.nextBytes(key);
    return key;
  }

  private byte[] letters(int length) {
    byte[] key = new byte[length];
    for (int i = 0; i < length; i++) {
      key[i] = (byte) (random.nextInt(3) - 1); // 0xFF, 0x00 and 0x01: the edges of the order
    }
    return key;
  }

  private byte[] deep() {
    byte[] key = new byte[30 + random.nextInt(400)];
    key[key.length - 1 - random.nextInt(20)] = (byte) random.nextInt(256);
    return key;
  }

  private byte[] huge() {
    byte[] key = new byte[random.nextInt(20) == 0 ? 65_535 : random.nextInt(70)];
    for (int i = 0; i < 3 && key.length > 0; i++) {
      key[random.nextInt(key.length)] = (byte) random.nextInt(256);
    }
    return key;
  }

  enum KeyShape {
    ANY_BYTES,
    FEW_LETTERS,
    NUMBERED,
    DEEP,
    HUGE
  }
}
