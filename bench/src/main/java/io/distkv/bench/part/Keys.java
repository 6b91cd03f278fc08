package io.distkv.bench.part;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** The same keys and values for every part: like those of a real keyspace, but made up. */
final class Keys {
  static final int COUNT = 100_000;
  private static final int VALUE_BYTES = 100;

  private Keys() {}

  /** Keys in the order of their numbers, which is that of their bytes, too. */
  static byte[][] sorted() {
    byte[][] keys = new byte[COUNT][];
    for (int i = 0; i < COUNT; i++) {
      keys[i] = "user/%09d/profile".formatted(i).getBytes(StandardCharsets.US_ASCII);
    }
    return keys;
  }

  /** The same keys in an order that no cache or branch predictor knows. */
  static byte[][] shuffled() {
    byte[][] keys = sorted();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = COUNT - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      byte[] key = keys[i];
      keys[i] = keys[other];
      keys[other] = key;
    }
    return keys;
  }

  /** A value, half of which a compressor can save. */
  static byte[] value() {
    byte[] value = new byte[VALUE_BYTES];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < VALUE_BYTES / 2; i++) {
      value[i] = (byte) random.nextInt();
    }
    return value;
  }
}
