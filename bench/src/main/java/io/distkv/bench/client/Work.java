package io.distkv.bench.client;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** The keys and values of all sides. */
final class Work {
  private final byte[][] keys;
  private final byte[] value;

  Work(int keyCount, int valueBytes) {
    keys = new byte[keyCount][];
    for (int i = 0; i < keyCount; i++) {
      keys[i] = "key:%012d".formatted(i).getBytes(StandardCharsets.US_ASCII);
    }
    value = new byte[valueBytes];
    // What can be compressed well would be less work for the disk than what users have.
    ThreadLocalRandom.current().nextBytes(value);
  }

  int keyCount() {
    return keys.length;
  }

  byte[] key(int number) {
    return keys[number];
  }

  byte[] randomKey() {
    return keys[ThreadLocalRandom.current().nextInt(keys.length)];
  }

  byte[] value() {
    return value;
  }
}
