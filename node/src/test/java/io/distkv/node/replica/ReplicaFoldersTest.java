package io.distkv.node.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.node.NodeOptions;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.world.NodeTest;
import io.distkv.storage.CorruptionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A start removes what no catalog names, and nothing else. */
class ReplicaFoldersTest extends NodeTest {
  private static final NodeOptions ONE = options(KeyspaceOptions.of(0, "default"));

  private Path make(String name, String... files) throws IOException {
    Path made = Files.createDirectories(folder.resolve("replicas").resolve(name));
    for (String file : files) {
      Files.writeString(made.resolve(file), "x");
    }
    return made;
  }

  @Test
  void leftoversOfADropAndOfACreationGo() throws IOException {
    start(ONE).stop();
    Path dropped = make("7-0-1", "000001.sst", "CURRENT");
    Path created = make("8-0-4294967296", "MANIFEST-000001");
    Path own = make("0-0-1");
    Path other = make("notes", "000001.sst");
    start(ONE);
    assertThat(dropped).doesNotExist();
    assertThat(created).doesNotExist();
    assertThat(own).isNotEmptyDirectory();
    assertThat(other).isNotEmptyDirectory();
  }

  @Test
  void aCatalogThatIsOlderThanTheDataRemovesNothing() throws IOException {
    start(ONE).stop();
    Path later = make("8-0-4294967296", "000001.sst");
    assertThatThrownBy(() -> start(ONE))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("catalog")
        .hasMessageContaining("it is older than the folder replicas/8-0-4294967296");
    assertThat(later).isNotEmptyDirectory();
  }
}
