package io.distkv.storage.tree;

import static io.distkv.storage.tree.TreeReads.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.platform.RealDisk;
import io.distkv.storage.CorruptionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An import goes on after the end of its process, and takes nothing that is damaged. */
class TreeImportTest {
  private static final byte[] ORIGIN = {4, 5};
  private static final int PIECE_BYTES = 500;

  @TempDir private Path folder;
  private RealDisk disk;
  private TreeExport export;

  @BeforeEach
  void exportATree() throws IOException {
    disk = new RealDisk(folder);
    TestReplica source = new TestReplica(disk, small());
    for (int i = 0; i < 2_000; i++) {
      source.put("k" + i % 500, "value " + i, i + 1);
    }
    source.compact();
    export = source.export("copy");
    assertThat(export.sizeBytes()).isGreaterThan(5 * PIECE_BYTES);
  }

  private TreeImport begin() throws IOException {
    return TreeImport.begin(disk, "in", export.read(0, PIECE_BYTES), ORIGIN);
  }

  private TreeImport resume() throws IOException {
    return Objects.requireNonNull(TreeImport.resume(disk, "in"));
  }

  private void writeNext(TreeImport image) throws IOException {
    image.write(image.durableBytes(), export.read(image.durableBytes(), PIECE_BYTES));
  }

  private void writeRest(TreeImport image) throws IOException {
    while (image.durableBytes() < image.sizeBytes()) {
      writeNext(image);
    }
  }

  @Test
  void itGoesOnBehindTheLastPieceAsOftenAsItsProcessEnds() throws IOException {
    begin();
    int starts = 0;
    for (TreeImport image = resume(); image.durableBytes() < image.sizeBytes(); image = resume()) {
      assertThat(image.origin()).isEqualTo(ORIGIN);
      assertThat(image.applied().index()).isEqualTo(export.applied().index());
      writeNext(image);
      starts++;
    }
    assertThat(starts).isGreaterThan(5);
    assertThat(resume().sizeBytes()).isEqualTo(export.sizeBytes());
    assertThatCode(() -> resume().verify()).doesNotThrowAnyException();
  }

  @Test
  void aTornRecordOfItsProgressCountsForNothing() throws IOException {
    TreeImport image = begin();
    writeNext(image);
    long before = image.durableBytes();
    writeNext(image);
    Path file = folder.resolve("in/progress");
    byte[] whole = Files.readAllBytes(file);
    for (int torn = 1; torn <= 12; torn++) {
      Files.write(file, Arrays.copyOf(whole, whole.length - torn));
      assertThat(resume().durableBytes()).isEqualTo(before);
    }
    for (int at = whole.length - 12; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(file, damaged);
      assertThat(resume().durableBytes()).isEqualTo(before);
    }
    TreeImport resumed = resume();
    writeRest(resumed);
    assertThatCode(resumed::verify).doesNotThrowAnyException();
    assertThat(resume().durableBytes()).isEqualTo(export.sizeBytes());
  }

  @Test
  void whatHadNotBegunAsAWholeIsNotGoneOnWith() throws IOException {
    assertThat(TreeImport.resume(disk, "in")).isNull();
    begin();
    Path head = folder.resolve("in/head");
    byte[] whole = Files.readAllBytes(head);
    for (int length = 0; length < whole.length; length++) {
      Files.write(head, Arrays.copyOf(whole, length));
      assertThat(TreeImport.resume(disk, "in")).as("%d bytes", length).isNull();
    }
    Files.write(head, whole);
    assertThat(resume()).isNotNull();
    Path table = folder.resolve("in").resolve(table());
    Files.move(table, folder.resolve("moved"));
    assertThat(TreeImport.resume(disk, "in")).as("on its way into a tree").isNull();
    Files.move(folder.resolve("moved"), table);
    assertThat(resume()).isNotNull();
    Files.write(folder.resolve("in/progress"), new byte[0]);
    assertThat(TreeImport.resume(disk, "in")).isNull();
    Files.delete(head);
    assertThat(TreeImport.resume(disk, "in")).isNull();
  }

  @Test
  void aDamagedTableIsNotTaken() throws IOException {
    TreeImport image = begin();
    writeRest(image);
    String table = table();
    Path file = folder.resolve("in").resolve(table);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 3] ^= 8;
    Files.write(file, bytes);
    assertThatThrownBy(image::verify)
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(table);
  }

  private String table() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("in"))) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(".sst"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }
}
