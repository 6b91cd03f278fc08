package io.distkv.storage.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompressorTest {
  private static final int LARGE_BYTES = 4 << 20;

  @ParameterizedTest
  @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void noLargeBufferIsTakenForWhatCannotBeCompressed(Compression compression) throws IOException {
    try (Compressor compressor = new Compressor(compression)) {
      assertThat(compressor.compress(noise(), LARGE_BYTES)).isEqualTo(-1);
      assertThat(compressor.array()).hasSizeLessThan(LARGE_BYTES / 8);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aLargeBlockIsCompressedIfAnyOfItsSamplesCanBe(Compression compression) throws IOException {
    try (Compressor compressor = new Compressor(compression)) {
      int third = LARGE_BYTES / 3;
      for (int part = 0; part < 3; part++) {
        byte[] raw = noise();
        Arrays.fill(raw, part * third, (part + 1) * third, (byte) 'x');
        assertThat(compressor.compress(raw, LARGE_BYTES))
            .isBetween(LARGE_BYTES / 2, LARGE_BYTES * 3 / 4);
      }
    }
  }

  private static byte[] noise() {
    byte[] noise = new byte[LARGE_BYTES];
    new SplittableRandom(1).nextBytes(noise);
    return noise;
  }
}
