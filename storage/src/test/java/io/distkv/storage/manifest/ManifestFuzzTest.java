package io.distkv.storage.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.distkv.base.ByteWriter;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.MemoryDisk;
import io.distkv.storage.manifest.ManifestEdit.Placed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes a manifest or CURRENT has, reading it ends soon, in edits or in {@link
 * CorruptionException}. Plain builds run the seeded slice; with {@code JAZZER_FUZZ=1} Jazzer
 * searches.
 */
class ManifestFuzzTest {
  private static final String DIRECTORY = "tree";
  private static final String MANIFEST = DIRECTORY + "/MANIFEST-000001";
  private static final String CURRENT = DIRECTORY + "/CURRENT";
  private static final int FILE_SIZE_AT = 12;

  private static void read(byte[] manifest) throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Manifest.open(disk, DIRECTORY, 0).close();
    disk.replace(MANIFEST, manifest);
    try {
      ManifestState state = Manifest.peek(disk, DIRECTORY, 0);
      assertThat(state.tables().size()).isLessThanOrEqualTo(manifest.length);
      ManifestDescription.describe(disk, MANIFEST, line -> {});
    } catch (CorruptionException e) {
      assertThat(e.damage().file()).isEqualTo(MANIFEST);
      assertThat(e.damage().offset()).isBetween(0L, (long) manifest.length);
    }
  }

  /** The bytes with a header that holds and, one behind the other, records whose checksums hold. */
  private static byte[] mended(byte[] bytes) {
    byte[] file = Arrays.copyOf(bytes, Math.max(bytes.length, Manifest.SMALLEST_FILE_BYTES));
    ByteWriter header = new ByteWriter(64);
    ManifestFormat.putHeader(header, file.length, 0);
    System.arraycopy(header.array(), 0, file, 0, ManifestFormat.HEADER_BYTES);
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int at = ManifestFormat.RECORDS_AT;
    int recordsEnd = ManifestFormat.recordsEnd(file.length);
    while (recordsEnd - at >= ManifestFormat.RECORD_HEADER_BYTES) {
      int length = buffer.getInt(at + 4);
      int end = at + ManifestFormat.RECORD_HEADER_BYTES + length;
      if (length < 0 || end < 0 || end > recordsEnd) {
        break;
      }
      buffer.putInt(at, ManifestFormat.crc(file, at + 4, end - at - 4));
      at = end;
    }
    return file;
  }

  @FuzzTest(maxDuration = "20s")
  void anyManifestIsRead(byte[] data) throws IOException {
    read(data);
    read(mended(data));
  }

  @FuzzTest(maxDuration = "10s")
  void anyCurrentIsRead(byte[] data) throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Manifest.open(disk, DIRECTORY, 0).close();
    disk.replace(CURRENT, data);
    try {
      Manifest.peek(disk, DIRECTORY, 0);
    } catch (CorruptionException e) {
      assertThat(e.damage().file()).startsWith(DIRECTORY);
    }
  }

  @Test
  void aSliceOfRandomAndMutatedManifestsIsRead() throws IOException {
    byte[] valid = valid();
    byte[] current = "MANIFEST-000001 12345678\n".getBytes(StandardCharsets.ISO_8859_1);
    for (long seed = 0; seed < 600; seed++) {
      Random random = new Random(seed);
      byte[] mutated = valid.clone();
      for (int i = random.nextInt(20); i >= 0; i--) {
        int from = random.nextInt(10) == 0 ? FILE_SIZE_AT : ManifestFormat.RECORDS_AT;
        mutated[from + random.nextInt(500)] = (byte) random.nextInt(random.nextBoolean() ? 256 : 8);
      }
      anyManifestIsRead(mutated);
      byte[] noise = new byte[random.nextInt(ManifestFormat.RECORDS_AT + 400)];
      random.nextBytes(noise);
      anyManifestIsRead(noise);
      for (int i = 0; i < noise.length; i++) {
        noise[i] &= 7; // small numbers make lengths that can be
      }
      anyManifestIsRead(noise);
      byte[] name = Arrays.copyOf(current, random.nextInt(90));
      for (int i = random.nextInt(3); i > 0 && name.length > 0; i--) {
        name[random.nextInt(name.length)] = (byte) random.nextInt(256);
      }
      anyCurrentIsRead(name);
    }
  }

  private static byte[] valid() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    try (Manifest manifest = Manifest.open(disk, DIRECTORY, 0)) {
      for (long number = 1; number <= 4; number++) {
        byte[] smallest = ("a" + number).getBytes(StandardCharsets.UTF_8);
        byte[] largest = ("b" + number).getBytes(StandardCharsets.UTF_8);
        TableMeta table =
            new TableMeta(number, 1_000, 10, 2, 1, 99, 9, smallest, largest, 1, number);
        manifest.append(
            List.of(
                new ManifestEdit(
                    false,
                    List.of(),
                    List.of(new Placed((int) number, table)),
                    new Applied(number, 3, new byte[] {(byte) number}),
                    number + 1,
                    0,
                    number)));
      }
    }
    return disk.content(MANIFEST);
  }
}
