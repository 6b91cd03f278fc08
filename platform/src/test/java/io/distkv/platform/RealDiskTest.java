package io.distkv.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.DiskFile;
import io.distkv.base.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RealDiskTest {
  @TempDir private Path root;
  private RealDisk disk;

  @BeforeEach
  void openDisk() {
    disk = new RealDisk(root);
  }

  @Test
  void whatIsWrittenAnywhereInAFileIsReadBack() throws IOException {
    byte[] content = new byte[1_000_000];
    new Random(1).nextBytes(content);
    disk.createDirectories("a/b");
    try (DiskFile file = disk.create("a/b/f")) {
      file.write(ByteBuffer.wrap(content, 400_000, 600_000), 400_000);
      file.write(ByteBuffer.allocateDirect(400_000).put(content, 0, 400_000).flip(), 0);
      file.sync();
      assertThat(file.size()).isEqualTo(content.length);
    }
    disk.syncDirectory("a/b");
    try (DiskFile file = disk.openReadOnly("a/b/f")) {
      ByteBuffer heap = ByteBuffer.allocate(content.length);
      assertThat(file.read(heap, 0)).isEqualTo(content.length);
      assertThat(heap.array()).isEqualTo(content);
      ByteBuffer direct = ByteBuffer.allocateDirect(100);
      assertThat(file.read(direct, 777_777)).isEqualTo(100);
      assertThat(direct.flip()).isEqualTo(ByteBuffer.wrap(content, 777_777, 100));
    }
  }

  @Test
  void aReadEndsWithTheFile() throws IOException {
    try (DiskFile file = disk.create("f")) {
      file.write(ByteBuffer.wrap(new byte[10]), 0);
      ByteBuffer target = ByteBuffer.allocate(8);
      assertThat(file.read(target, 6)).isEqualTo(4);
      assertThat(target.remaining()).isEqualTo(4);
      assertThat(file.read(ByteBuffer.allocate(8), 10)).isZero();
      assertThat(file.read(ByteBuffer.allocate(8), 11)).isZero();
    }
  }

  @Test
  void createRefusesATakenNameAndOpenAMissingOne() throws IOException {
    disk.create("f").close();
    assertThatThrownBy(() -> disk.create("f")).isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> disk.open("g")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.openReadOnly("g")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.delete("g")).isInstanceOf(NoSuchFileException.class);
    assertThat(disk.exists("f")).isTrue();
    assertThat(disk.exists("g")).isFalse();
  }

  @Test
  void namesAreListedInOrderAndChangedAtomically() throws IOException {
    disk.create("b").close();
    disk.create("a").close();
    disk.createDirectories("c");
    disk.link("a", "d");
    disk.rename("a", "b");
    assertThat(disk.list("")).containsExactly("b", "c", "d");
    disk.delete("c");
    disk.delete("d");
    assertThat(disk.list("")).containsExactly("b");
    assertThat(disk.list("nowhere")).isEmpty();
    assertThat(disk.list("b")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "..", "../x", "a/../../x", "a//b", "./a", "a/.", "a/"})
  void pathsOutsideTheFolderAreRefused(String path) {
    assertThatThrownBy(() -> disk.create(path)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> disk.list(path)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> disk.rename("f", path)).isInstanceOf(IllegalArgumentException.class);
  }

  static boolean hasDevFull() {
    return Files.exists(Path.of("/dev/full"));
  }

  @Test
  @EnabledIf("hasDevFull")
  void aFullDiskHasAnErrorOfItsOwn() throws IOException {
    try (DiskFile file = new RealDisk(Path.of("/dev")).open("full")) {
      assertThatThrownBy(() -> file.write(ByteBuffer.allocate(10), 0))
          .isInstanceOf(DiskFullException.class)
          .hasMessageContaining("/dev/full");
    }
  }

  @Test
  void otherErrorsNameTheFile() {
    IOException error = new IOException("Input/output error");
    assertThat(DiskErrors.translate("f", error))
        .hasMessage("f: Input/output error")
        .hasCause(error);
    IOException ofItsOwn = new NoSuchFileException("f");
    assertThat(DiskErrors.translate("f", ofItsOwn)).isSameAs(ofItsOwn);
    assertThat(DiskErrors.translate("f", new IOException("f: Disk quota exceeded")))
        .isInstanceOf(DiskFullException.class);
    IOException silent = new IOException();
    assertThat(DiskErrors.translate("f", silent)).isSameAs(silent);
  }

  @Test
  void aDiskSaysHowMuchRoomIsLeft() throws IOException {
    assertThat(disk.usableBytes()).isPositive();
    assertThat(disk.root()).isEqualTo(root.toAbsolutePath());
  }
}
