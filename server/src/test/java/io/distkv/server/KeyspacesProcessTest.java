package io.distkv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.commands.ProtocolCommand;

/** Keyspaces that come, change and go in a node, as its operators and its metrics see them. */
class KeyspacesProcessTest {
  private static final ProtocolCommand KEYSPACE = () -> "KEYSPACE".getBytes(US_ASCII);

  @TempDir private Path temporary;

  private static String keyspace(Jedis client, String... words) {
    return text(client.sendCommand(KEYSPACE, words));
  }

  private static String text(Object reply) {
    return switch (reply) {
      case byte[] bytes -> new String(bytes, US_ASCII);
      case List<?> list -> list.stream().map(KeyspacesProcessTest::text).toList().toString();
      default -> String.valueOf(reply);
    };
  }

  private static String metrics(NodeProcess node) throws IOException {
    try (InputStream page =
        URI.create("http://127.0.0.1:" + node.httpPort() + "/metrics").toURL().openStream()) {
      return new String(page.readAllBytes(), US_ASCII);
    }
  }

  @Test
  void metricsFollowAndTheConfigurationWinsWhereItNamesSomething() throws Exception {
    Path folder = temporary.toRealPath();
    try (NodeProcess node = NodeProcess.start(folder)) {
      try (Jedis client = new Jedis("127.0.0.1", node.respPort())) {
        assertThat(keyspace(client, "CREATE", "orders", "MAXBYTES", "5000000"))
            .startsWith("[name, orders, number, 16, partitions, 1, durability, commit");
        client.select(16);
        client.set("k", "v");
        assertThat(metrics(node))
            .contains("distkv_keyspace_bytes{keyspace=\"orders\"}")
            .contains("distkv_keyspace_max_bytes{keyspace=\"orders\"} 5000000");
        keyspace(client, "ALTER", "orders", "MAXBYTES", "6000000", "HISTORY", "7000");
        keyspace(client, "ALTER", "db1", "HISTORY", "7000");
        assertThat(metrics(node))
            .contains("distkv_keyspace_max_bytes{keyspace=\"orders\"} 6000000");
        keyspace(client, "CREATE", "gone");
        keyspace(client, "DROP", "gone", "gone");
        assertThat(metrics(node)).doesNotContain("gone");
      }
      node.terminate();
      assertThat(node.status()).as(node.errors()).isZero();
    }
    String[] named = {
      "--set", "keyspaces.orders.number=16", "--set", "keyspaces.orders.history=1m"
    };
    try (NodeProcess node = NodeProcess.start(folder, named)) {
      try (Jedis client = new Jedis("127.0.0.1", node.respPort())) {
        assertThat(keyspace(client, "DESCRIBE", "orders"))
            .contains("history, 60000")
            .contains("maxBytes, 6000000");
        assertThat(keyspace(client, "DESCRIBE", "db1")).contains("history, 7000");
        client.select(16);
        assertThat(client.get("k")).isEqualTo("v");
      }
      node.terminate();
      assertThat(node.status()).as(node.errors()).isZero();
    }
  }
}
