package io.distkv.kvctl.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class KeySpoolTest {
  @Test
  void sortsAndDropsRepeatedKeysInMemoryAndThroughFiles() throws IOException {
    for (long memory : new long[] {1, 500, 1 << 20}) {
      SplittableRandom random = new SplittableRandom(memory);
      TreeSet<byte[]> expected = new TreeSet<>(Arrays::compareUnsigned);
      try (KeySpool spool = new KeySpool(memory)) {
        for (int i = 0; i < 200; i++) {
          byte[] key = new byte[random.nextInt(3)];
          random.nextBytes(key);
          expected.add(key);
          spool.add(key);
        }
        assertThat(spool.added()).isEqualTo(200);
        List<byte[]> keys = new ArrayList<>();
        try (KeySpool.Sorted sorted = spool.sorted()) {
          for (byte[] key = sorted.next(); key != null; key = sorted.next()) {
            keys.add(key);
          }
        }
        assertThat(keys).as("memory %d", memory).containsExactlyElementsOf(expected);
      }
    }
  }
}
