package io.distkv.node.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.storage.CorruptionException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Whatever bytes a catalog has, reading it ends soon, in a catalog or in a refusal of the file. */
class CatalogFuzzTest {
  private static final int HEADER_BYTES = 20;

  private static void read(byte[] bytes) {
    try {
      Catalog catalog = CatalogFormat.decode(Catalog.FILE, bytes);
      assertThat(catalog.keyspaces().size()).isLessThan(bytes.length);
    } catch (CorruptionException e) {
      assertThat(e.damage().file()).isEqualTo(Catalog.FILE);
    }
  }

  /** With a header that holds. */
  private static byte[] mended(byte[] bytes) {
    byte[] file = Arrays.copyOf(bytes, Math.max(bytes.length, HEADER_BYTES));
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(0, valid(), 0, 12);
    buffer.putInt(12, file.length - HEADER_BYTES);
    CRC32C crc = new CRC32C();
    crc.update(file, HEADER_BYTES, file.length - HEADER_BYTES);
    buffer.putInt(16, (int) crc.getValue());
    return file;
  }

  private static byte[] valid() {
    return CatalogFormat.encode(
        new Catalog(
            "0123456789abcdef",
            2,
            3,
            List.of(new CatalogEntry(KeyspaceOptions.defaults().getFirst(), 1))));
  }

  @Test
  void randomAndMutatedCatalogsAreRead() {
    byte[] valid = valid();
    read(valid);
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = random.nextInt(4) == 0 ? new byte[random.nextInt(120)] : valid.clone();
      if (bytes.length < valid.length) {
        random.nextBytes(bytes);
      }
      for (int i = random.nextInt(6); i > 0 && bytes.length > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(random.nextBoolean() ? 256 : 8);
      }
      try {
        read(bytes);
        read(mended(bytes));
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }
}
