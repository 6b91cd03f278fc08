package io.distkv.simulation.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.distkv.base.DiskFile;
import io.distkv.base.DiskFullException;
import io.distkv.simulation.disk.DiskFaults.Operation;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimulatedDiskTest {
  private static final int SEEDS = 200;

  @Test
  void behavesAsAFileSystem() throws IOException {
    SimulatedDisk disk = disk(1);
    disk.createDirectories("a/b");
    try (DiskFile file = disk.create("a/b/f")) {
      write(file, 0, "hello");
      write(file, 1000, "world");
      assertThat(file.size()).isEqualTo(1005);
      assertThat(read(file, 998, 100)).isEqualTo("\0\0world");
      assertThat(read(file, 2000, 10)).isEmpty();
    }
    disk.link("a/b/f", "a/g");
    disk.rename("a/b/f", "a/h");
    assertThat(disk.list("a")).containsExactly("b", "g", "h");
    assertThat(disk.list("nowhere")).isEmpty();
    assertThat(disk.exists("a/b")).isTrue();
    assertThat(disk.exists("a/b/f")).isFalse();
    disk.delete("a/b");
    disk.delete("a/h");
    try (DiskFile file = disk.openReadOnly("a/g")) {
      assertThat(read(file, 0, 3)).isEqualTo("hel");
      assertThatExceptionOfType(NonWritableChannelException.class)
          .isThrownBy(() -> write(file, 0, "no"));
    }
    assertThat(disk.files()).containsExactly("a/g");
    assertThat(disk.openFiles()).isEmpty();
  }

  @Test
  void refusesWhatAFileSystemRefuses() throws IOException {
    SimulatedDisk disk = disk(1);
    disk.createDirectories("d");
    DiskFile file = disk.create("d/f");
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> disk.create("d/f"));
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> disk.open("d/none"));
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> disk.create("none/f"));
    assertThatExceptionOfType(DirectoryNotEmptyException.class).isThrownBy(() -> disk.delete("d"));
    file.close();
    assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(file::size);
  }

  @Test
  void keepsWhatWasSynced() throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedDisk disk = disk(seed);
      disk.createDirectories("d");
      DiskFile file = disk.create("d/f");
      byte[] content = new SimulatedRandomness(seed).bytes(5000);
      file.write(ByteBuffer.wrap(content), 0);
      file.sync();
      disk.syncDirectory("d");
      disk.crash();
      assertThat(disk.contentOf("d/f")).as("seed %d", seed).isEqualTo(content);
    }
  }

  @Test
  void mayLoseTearOrReorderWhatWasNot() throws IOException {
    Set<String> outcomes = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedDisk disk = disk(seed);
      DiskFile file = durableFile(disk, 4 * Inode.SECTOR, 'o');
      for (int sector = 0; sector < 4; sector++) {
        write(file, (long) sector * Inode.SECTOR, "n".repeat(Inode.SECTOR));
      }
      disk.crash();
      String content = new String(disk.contentOf("f"), StandardCharsets.ISO_8859_1);
      assertThat(content).as("seed %d", seed).hasSize(4 * Inode.SECTOR).matches("[on]*");
      StringBuilder outcome = new StringBuilder();
      for (int sector = 0; sector < 4; sector++) {
        String part = content.substring(sector * Inode.SECTOR, (sector + 1) * Inode.SECTOR);
        outcome.append(part.contains("o") ? part.contains("n") ? 't' : 'o' : 'n');
      }
      outcomes.add(outcome.toString());
    }
    assertThat(outcomes).contains("oooo", "nnnn", "nnoo", "nooo", "onon");
    assertThat(outcomes).anyMatch(outcome -> outcome.contains("t"));
  }

  @Test
  void mayKeepAnyContentASectorHadSinceTheLastSync() throws IOException {
    Set<String> outcomes = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedDisk disk = disk(seed);
      DiskFile file = durableFile(disk, 4, 'o');
      write(file, 0, "aaaa");
      write(file, 0, "bbbb");
      disk.crash();
      outcomes.add(new String(disk.contentOf("f"), StandardCharsets.ISO_8859_1));
    }
    assertThat(outcomes).contains("oooo", "aaaa", "bbbb");
  }

  @Test
  void mayLoseUnsyncedGrowthInPart() throws IOException {
    Set<Long> sizes = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedDisk disk = disk(seed);
      DiskFile file = durableFile(disk, 10, 'o');
      write(file, 10, "n".repeat(3000));
      disk.crash();
      byte[] content = disk.contentOf("f");
      assertThat(Arrays.copyOf(content, 10)).containsOnly('o');
      sizes.add((long) content.length);
    }
    assertThat(sizes).contains(10L, 3010L).hasSizeGreaterThan(4);
  }

  @Test
  void mayLoseOrKeepEachUnsyncedNameByItself() throws IOException {
    Set<String> outcomes = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedDisk disk = disk(seed);
      durableFile(disk, 1, 'o').close();
      disk.create("a").close();
      disk.rename("f", "g");
      disk.link("g", "h");
      disk.crash();
      assertThat(disk.exists("f") ^ disk.exists("g"))
          .as("a rename is whole, seed %d", seed)
          .isTrue();
      outcomes.add(String.join(" ", disk.list("")));
    }
    assertThat(outcomes).contains("f", "a f", "g", "a g h");
  }

  @Test
  void mayBringBackADeletedFile() throws IOException {
    Set<Boolean> outcomes = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedDisk disk = disk(seed);
      durableFile(disk, 700, 'o').close();
      disk.delete("f");
      disk.crash();
      outcomes.add(disk.exists("f"));
      if (disk.exists("f")) {
        assertThat(disk.contentOf("f")).hasSize(700).containsOnly('o');
      }
    }
    assertThat(outcomes).containsExactly(false, true);
  }

  @Test
  void syncingADirectoryKeepsItsNamesAndNoOthers() throws IOException {
    Set<Boolean> others = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedDisk disk = disk(seed);
      disk.createDirectories("a");
      disk.createDirectories("b");
      disk.create("a/temporary").close();
      disk.rename("a/temporary", "a/current");
      disk.create("b/other").close();
      disk.syncDirectory("a");
      disk.crash();
      assertThat(disk.list("a")).as("seed %d", seed).containsExactly("current");
      others.add(disk.exists("b/other"));
    }
    assertThat(others).containsExactly(false, true);
  }

  @Test
  void crashesAtTheChosenStepAndStaysDown() throws IOException {
    SimulatedDisk disk = disk(7);
    DiskFile file = disk.create("f");
    disk.faults().crashAtStep(3);
    write(file, 0, "step 2");
    assertThatExceptionOfType(SimulatedCrash.class).isThrownBy(() -> write(file, 6, "step 3"));
    assertThat(disk.isDown()).isTrue();
    assertThatExceptionOfType(SimulatedCrash.class).isThrownBy(() -> disk.list(""));
    disk.crash();
    assertThat(disk.isDown()).isFalse();
    disk.list("");
    assertThatExceptionOfType(SimulatedCrash.class).isThrownBy(file::size);
  }

  @Test
  void crashesAtTheChosenKindOfStep() throws IOException {
    SimulatedDisk disk = disk(7);
    disk.faults().crashAt(Operation.CREATE, 2);
    DiskFile file = disk.create("f");
    write(file, 0, "of another kind");
    assertThatExceptionOfType(SimulatedCrash.class).isThrownBy(() -> disk.create("g"));
    assertThat(disk.isDown()).isTrue();
    disk.crash();
    disk.create("h").close();
  }

  @Test
  void fillsUp() throws IOException {
    SimulatedDisk disk = disk(1);
    disk.faults().capacityBytes(10L * Inode.SECTOR);
    DiskFile file = disk.create("f");
    write(file, 0, "x".repeat(8 * Inode.SECTOR));
    assertThatExceptionOfType(DiskFullException.class)
        .isThrownBy(() -> write(file, 8L * Inode.SECTOR, "y".repeat(3 * Inode.SECTOR)));
    assertThat(file.size()).as("what fitted is there").isEqualTo(10L * Inode.SECTOR);
    assertThat(disk.usableBytes()).isZero();
    write(file, 0, "overwriting takes no space");
    disk.delete("f");
    assertThat(disk.usableBytes()).as("an open file keeps its space").isZero();
    file.close();
    assertThat(disk.usableBytes()).isEqualTo(10L * Inode.SECTOR);
  }

  @Test
  void aFailedSyncMayLoseWritesForGood() throws IOException {
    Set<String> outcomes = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedDisk disk = disk(seed);
      DiskFile file = durableFile(disk, 4, 'o');
      write(file, 0, "nnnn");
      disk.faults().fail(Operation.SYNC, "f", 1, false);
      assertThatExceptionOfType(IOException.class).isThrownBy(file::sync);
      assertThat(read(file, 0, 4)).as("readers see the cache").isEqualTo("nnnn");
      file.sync();
      disk.crash();
      outcomes.add(new String(disk.contentOf("f"), StandardCharsets.ISO_8859_1));
    }
    assertThat(outcomes).containsExactly("nnnn", "oooo");
  }

  @Test
  void failsTheOperationItIsToldTo() throws IOException {
    SimulatedDisk disk = disk(1);
    DiskFile file = durableFile(disk, 4, 'o');
    disk.faults().fail(Operation.READ, "f", 2, false);
    assertThat(read(file, 0, 4)).isEqualTo("oooo");
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(file, 0, 4));
    assertThat(read(file, 0, 4)).isEqualTo("oooo");
    disk.faults().fail(Operation.WRITE, "other", 1, true);
    write(file, 0, "fine");
    disk.faults().fail(Operation.WRITE, "f", 1, true);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> write(file, 0, "no"));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> write(file, 0, "no"));
  }

  @Test
  void rots() throws IOException {
    SimulatedDisk disk = disk(1);
    durableFile(disk, 4, 'o').close();
    SimulatedDisk copy = disk.copy(new SimulatedRandomness(2), new Trace());
    copy.flipBit("f", 9);
    assertThat(copy.contentOf("f")).containsExactly('o', 'o' ^ 2, 'o', 'o');
    copy.overwrite("f", 3, new byte[] {1, 2});
    assertThat(copy.contentOf("f")).containsExactly('o', 'o' ^ 2, 'o', 1, 2);
    copy.resize("f", 1);
    copy.crash();
    assertThat(copy.contentOf("f")).containsExactly('o');
    copy.lose("f");
    copy.crash();
    assertThat(copy.files()).isEmpty();
    assertThat(disk.contentOf("f")).as("the original").containsOnly('o').hasSize(4);
  }

  private static SimulatedDisk disk(long seed) {
    return new SimulatedDisk(new SimulatedRandomness(seed), new Trace());
  }

  /** A file "f" of so many equal bytes, all durable. */
  private static DiskFile durableFile(SimulatedDisk disk, int bytes, char content)
      throws IOException {
    DiskFile file = disk.create("f");
    write(file, 0, String.valueOf(content).repeat(bytes));
    file.sync();
    disk.syncDirectory("");
    return file;
  }

  private static void write(DiskFile file, long position, String text) throws IOException {
    file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)), position);
  }

  private static String read(DiskFile file, long position, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(length);
    int count = file.read(target, position);
    assertThat(count).isEqualTo(target.position());
    return new String(target.array(), 0, count, StandardCharsets.ISO_8859_1);
  }
}
