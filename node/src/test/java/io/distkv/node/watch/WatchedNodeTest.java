package io.distkv.node.watch;

import io.distkv.node.NodeOptions;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.replica.ChangeRange;
import io.distkv.node.world.FaultyDisk;
import io.distkv.node.world.NodeTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** What tests of watches have in common: a keyspace with history, and disks for several nodes. */
abstract class WatchedNodeTest extends NodeTest {
  static NodeOptions withHistory(int partitions) {
    return uncached(
        options(
            KeyspaceOptions.of(0, "default")
                .withPartitions(partitions)
                .withHistoryMillis(3_600_000)));
  }

  static ChangeRange prefix(String prefix) {
    return ChangeRange.prefix(prefix.getBytes(StandardCharsets.UTF_8));
  }

  /** An empty disk, in a folder of its own. */
  FaultyDisk diskIn(String name) throws IOException {
    return new FaultyDisk(Files.createDirectory(folder.resolve(name)));
  }
}
