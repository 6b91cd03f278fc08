package io.distkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import io.distkv.node.world.TestWorld;
import io.distkv.storage.Damage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodeVerifierTest extends NodeTest {
  private final List<String> read = new ArrayList<>();
  private final List<Damage> damages = new ArrayList<>();

  @Test
  void readsEverythingAndFindsNothingInAHealthyFolder() throws IOException {
    fill();
    NodeVerifier.Summary summary = verify();
    assertThat(damages).isEmpty();
    assertThat(summary.journals()).isEqualTo(2);
    assertThat(summary.trees()).isEqualTo(8);
    assertThat(summary.records()).isPositive();
    assertThat(summary.tables()).isPositive();
    assertThat(summary.tableBytes()).isPositive();
    assertThat(summary.entries()).isEqualTo(100);
    assertThat(read).contains("catalog", "journals/0", "journals/1", "replicas/0-7-1");
  }

  @Test
  void namesADamagedTableAndADamagedJournal() throws IOException {
    fill();
    Path table = flip("replicas", ".sst", 50);
    Path segment = flip("journals", ".journal", 4_150);
    NodeVerifier.Summary summary = verify();
    assertThat(summary.damages()).isEqualTo(damages.size()).isGreaterThanOrEqualTo(2);
    assertThat(damages)
        .anyMatch(damage -> table.endsWith(damage.file()))
        .anyMatch(damage -> segment.endsWith(damage.file()));
  }

  @Test
  void namesADamagedCatalog() throws IOException {
    fill();
    flip("", "catalog", 30);
    assertThat(verify().damages()).isEqualTo(1);
    assertThat(damages.getFirst().file()).isEqualTo("catalog");
  }

  @Test
  void tellsOfAFolderThatIsNone() throws IOException {
    assertThat(verify().damages()).isEqualTo(1);
    assertThat(damages.getFirst().toString()).contains("catalog").contains("no data folder");
  }

  @Test
  void namesAReplicaWhoseTablesAreGoneAlthoughItsLogWentOn() throws IOException {
    Path directory = folder.resolve(fillBeyondTheJournal());
    assertThat(verify().damages()).isZero();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    verify();
    assertThat(damages).hasSize(1);
    assertThat(damages.getFirst().toString()).contains("what is between is lost");
    Files.delete(directory);
    verify();
    assertThat(damages).as("without the folder, too").hasSize(2);
  }

  /** One replica whose journal has given up its first entries; gives the folder of its tree. */
  private String fillBeyondTheJournal() throws IOException {
    NodeOptions options =
        onePartition().toBuilder().journalSegmentBytes(16 * 1024).journalBytes(16 * 1024).build();
    TestNode node = start(options);
    for (int i = 0; i < 200; i++) {
      node.client(0).call("SET k" + i + " " + "v".repeat(500));
    }
    node.stop();
    node = start(options);
    node.client(0).call("SET last 1");
    world.advanceMillis(2_000);
    return "replicas/0-0-1";
  }

  /** A folder with tables, and with entries in the journal that are in none. */
  private void fill() throws IOException {
    TestNode node = start(eightPartitions());
    TestClient client = node.client(0);
    for (int i = 0; i < 100; i++) {
      client.send("SET k" + i + " " + i);
    }
    world.run();
    node = restart(node, eightPartitions());
    for (int i = 0; i < 100; i++) {
      node.client(0).send("APPEND k" + i + " x");
    }
    world.advanceMillis(2_000);
    assertThat(TestNode.start(new TestWorld(2), disk, eightPartitions()).failures()).isEmpty();
  }

  private Path flip(String directory, String suffix, int place) throws IOException {
    Path file;
    try (Stream<Path> files = Files.walk(folder.resolve(directory))) {
      file =
          files.filter(one -> one.toString().endsWith(suffix)).sorted().findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[place] ^= 1;
    Files.write(file, bytes);
    return file;
  }

  private NodeVerifier.Summary verify() throws IOException {
    return NodeVerifier.verify(
        disk,
        new NodeVerifier.Listener() {
          @Override
          public void reading(String directory) {
            read.add(directory);
          }

          @Override
          public void damaged(Damage damage) {
            damages.add(damage);
          }
        });
  }
}
