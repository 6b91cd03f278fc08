package io.distkv.node.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.NodeOptions;
import io.distkv.node.keyspace.KeyspaceOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of a whole node have in common: a world of two lanes and a folder. */
public abstract class NodeTest {
  @TempDir protected Path folder;
  protected final TestWorld world = new TestWorld(2);
  protected FaultyDisk disk;

  @BeforeEach
  void openDisk() {
    disk = new FaultyDisk(folder);
  }

  /** Nothing that a test does to a node may show a defect of it. */
  @AfterEach
  void noDefects() {
    assertThat(world.uncaught()).isEmpty();
  }

  /** Small enough that a node is up at once. */
  protected static NodeOptions options(KeyspaceOptions... keyspaces) {
    return NodeOptions.defaults().withKeyspaces(List.of(keyspaces));
  }

  /** One keyspace with one partition, as a lone node has it. */
  protected static NodeOptions onePartition() {
    return options(KeyspaceOptions.of(0, "default"), KeyspaceOptions.of(1, "db1"));
  }

  /** One keyspace with eight partitions, on both lanes. */
  protected static NodeOptions eightPartitions() {
    return options(KeyspaceOptions.of(0, "default").withPartitions(8));
  }

  /** The same without a block cache: what is in tables is always cold. */
  protected static NodeOptions uncached(NodeOptions options) {
    return options.toBuilder().blockCacheBytes(0).build();
  }

  protected TestNode start(NodeOptions options) throws IOException {
    TestNode node = TestNode.start(world, disk, options);
    assertThat(node.failures()).isEmpty();
    assertThat(node.hasStarted()).isTrue();
    return node;
  }

  /** Stops the node, which puts everything into tables, and starts it with a cold cache. */
  protected TestNode restart(TestNode node, NodeOptions options) throws IOException {
    node.stop();
    assertThat(node.defects()).isEmpty();
    return start(options);
  }
}
