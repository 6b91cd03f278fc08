package io.distkv.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.distkv.storage.Damage;
import io.distkv.storage.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes a segment file has, reading it ends, throws nothing, and finds only what is within
 * the file. Plain builds run the seeded slice; with {@code JAZZER_FUZZ=1} Jazzer searches.
 */
class SegmentFuzzTest {
  private static final String PATH = JournalFiles.segment(1);
  private static final SegmentHeader HEADER = new SegmentHeader(7, 1, 8192, false, 0x5A17);

  private static void scan(byte[] file) {
    MemoryDisk disk = new MemoryDisk();
    disk.replace(PATH, file);
    JournalFiles.Found found = new JournalFiles.Found();
    JournalScanner.scanSegment(disk, PATH, found);
    for (Damage damage : found.damages) {
      assertThat(damage.file()).isEqualTo(PATH);
      assertThat(damage.offset()).isBetween(0L, (long) file.length);
    }
  }

  private static byte[] withHeader(byte[] body) {
    byte[] file = Arrays.copyOf(HEADER.encode(), SegmentHeader.BLOCK_BYTES + body.length);
    System.arraycopy(body, 0, file, SegmentHeader.BLOCK_BYTES, body.length);
    return file;
  }

  /**
   * Gives every place that has the tag a checksum that holds, so that what is behind is reached.
   */
  private static byte[] mendChecksums(byte[] file) {
    RecordFormat format = new RecordFormat();
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int at = SegmentHeader.BLOCK_BYTES;
    while (at + RecordFormat.FIELDS_OFFSET <= file.length) {
      bytes.putInt(at + RecordFormat.TAG_OFFSET, HEADER.tag());
      int length = bytes.getInt(at + RecordFormat.LENGTH_OFFSET);
      int end = at + RecordFormat.TAG_OFFSET + length;
      if (length < RecordFormat.SMALLEST_LENGTH || end > file.length || end < 0) {
        break;
      }
      bytes.putInt(at, format.checksum(file, at, end, HEADER.salt()));
      at = end;
    }
    return file;
  }

  @FuzzTest(maxDuration = "10s")
  void anyBytesAreRead(byte[] data) {
    scan(data);
    scan(withHeader(data));
    scan(mendChecksums(withHeader(data)));
  }

  @Test
  void aSliceOfRandomAndMutatedSegmentsIsRead() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    TestJournal journal = TestJournal.open(disk);
    for (int i = 1; i <= 10; i++) {
      journal.commitEntry(i % 2, i, "value ".repeat(i));
    }
    byte[] valid = disk.content(PATH);
    byte[] body = Arrays.copyOfRange(valid, SegmentHeader.BLOCK_BYTES, valid.length);
    for (long seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      byte[] mutated = body.clone();
      for (int i = random.nextInt(30); i >= 0; i--) {
        mutated[random.nextInt(1_000)] = (byte) random.nextInt(random.nextBoolean() ? 256 : 8);
      }
      anyBytesAreRead(mutated);
      byte[] noise = new byte[random.nextInt(500)];
      random.nextBytes(noise);
      anyBytesAreRead(noise);
      byte[] whole = valid.clone();
      System.arraycopy(noise, 0, whole, random.nextInt(whole.length - noise.length), noise.length);
      scan(whole);
    }
  }
}
