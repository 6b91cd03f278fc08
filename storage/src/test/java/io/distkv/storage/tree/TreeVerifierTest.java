package io.distkv.storage.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.storage.Damage;
import io.distkv.storage.MemoryDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TreeVerifierTest {
  private static final String DIRECTORY = "data/replica";

  private final MemoryDisk disk = new MemoryDisk();
  private final List<Damage> found = new ArrayList<>();

  @BeforeEach
  void fill() {
    TestReplica replica = new TestReplica(disk, TreeOptions.DEFAULT.withMemtableBytes(20_000));
    for (int i = 0; i < 1_000; i++) {
      replica.put("k" + i, "value " + i, i + 1);
      if (i % 400 == 0) {
        replica.flush();
      }
    }
    replica.flush();
  }

  private TreeVerifier.Summary verify() throws IOException {
    return TreeVerifier.verify(disk, DIRECTORY, 0, found::add);
  }

  private String anyTable() {
    return DIRECTORY
        + "/"
        + disk.list(DIRECTORY).stream().filter(name -> name.endsWith(".sst")).findFirst().get();
  }

  @Test
  void anIntactTreeHasNoFindings() throws IOException {
    TreeVerifier.Summary summary = verify();
    assertThat(found).isEmpty();
    assertThat(summary.tables()).isPositive();
    assertThat(summary.entries()).isEqualTo(1_000);
    assertThat(summary.bytes()).isGreaterThan(1_000);
  }

  @Test
  void everyDamagedFileIsNamed() throws IOException {
    for (String name : disk.list(DIRECTORY)) {
      String path = DIRECTORY + "/" + name;
      byte[] intact = disk.content(path);
      byte[] broken = intact.clone();
      broken[Math.min(30, broken.length - 1)] ^= 4;
      disk.replace(path, broken);
      found.clear();
      verify();
      assertThat(found).as(name).isNotEmpty().allMatch(damage -> damage.file().equals(path));
      disk.replace(path, intact);
    }
  }

  @Test
  void aMissingTableIsNamed() throws IOException {
    String path = anyTable();
    disk.delete(path);
    verify();
    assertThat(found).extracting(Damage::file).containsExactly(path);
  }

  @Test
  void aForeignTableIsNamed() throws IOException {
    MemoryDisk elsewhere = new MemoryDisk();
    TestReplica other = new TestReplica(elsewhere, TreeOptions.DEFAULT);
    other.put("x", "y", 1);
    other.flush();
    String path = anyTable();
    disk.replace(path, elsewhere.content(DIRECTORY + "/000001.sst"));
    verify();
    assertThat(found).extracting(Damage::file).containsExactly(path);
  }

  @Test
  void aFolderWithoutATreeIsAFinding() throws IOException {
    disk.delete(DIRECTORY + "/CURRENT");
    verify();
    assertThat(found).extracting(Damage::file).containsExactly(DIRECTORY + "/CURRENT");
  }

  @Test
  void aFolderThatIsBeingDroppedIsEmpty() throws IOException {
    disk.replace(DIRECTORY + "/DROPPED", new byte[0]);
    disk.delete(anyTable());
    assertThat(verify().tables()).isZero();
    assertThat(found).isEmpty();
  }
}
