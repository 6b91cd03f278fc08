package io.distkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import io.distkv.node.world.TestWorld;
import io.distkv.platform.RealDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeSmokeTest {
  @TempDir Path folder;

  @Test
  void setsAndGets() throws IOException {
    TestWorld world = new TestWorld(2);
    TestNode node = TestNode.start(world, new RealDisk(folder), NodeOptions.defaults());
    assertThat(node.failures()).isEmpty();
    assertThat(node.hasStarted()).isTrue();
    TestClient client = node.client(0);
    assertThat(client.call("SET k v")).isEqualTo("OK");
    assertThat(client.call("GET k")).isEqualTo("v");
    client.pipeline("SET a 1", "INCR a", "GET a", "DBSIZE", "DEL a k", "GET k", "KEYS *");
    world.run();
    assertThat(client.takeAll()).containsExactly("OK", ":2", "2", ":2", ":2", "null", "[]");
    assertThat(node.defects()).isEmpty();
    node.stop();
    TestNode again = TestNode.start(world, new RealDisk(folder), NodeOptions.defaults());
    assertThat(again.failures()).isEmpty();
  }
}
