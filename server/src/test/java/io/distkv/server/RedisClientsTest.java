package io.distkv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/** Clients that nobody here wrote, unmodified, against one node. */
class RedisClientsTest {
  private static final int IDLE_CONNECTIONS = 10_000;

  @TempDir private static Path folder;
  private static NodeProcess node;

  @BeforeAll
  static void start() throws IOException {
    node =
        NodeProcess.start(
            folder.toRealPath(),
            "--set",
            "keyspaces.tight.number=20",
            "--set",
            "keyspaces.tight.maxBytes=1MiB");
  }

  @AfterAll
  static void stop() throws InterruptedException, IOException {
    node.terminate();
    assertThat(node.status()).as(node.errors()).isZero();
  }

  @Test
  void jedis() {
    try (RedisClient client = RedisClient.create("127.0.0.1", node.respPort())) {
      assertThat(client.set("jedis:a", "1")).isEqualTo("OK");
      assertThat(client.incrBy("jedis:a", 41)).isEqualTo(42);
      assertThat(client.mget("jedis:a", "jedis:none")).containsExactly("42", null);
      assertThatThrownBy(() -> client.hset("jedis:h", "f", "v"))
          .isInstanceOf(JedisDataException.class)
          .hasMessageStartingWith("ERR unknown command");
      try (AbstractTransaction transaction = client.multi()) {
        transaction.set("jedis:b", "2");
        transaction.incr("jedis:b");
        assertThat(transaction.exec()).containsExactly("OK", 3L);
      }
      try (Pipeline pipeline = client.pipelined()) {
        List<Response<String>> replies = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
          pipeline.set("jedis:p" + i, "v" + i);
          replies.add(pipeline.get("jedis:p" + i));
        }
        pipeline.sync();
        for (int i = 0; i < 5000; i++) {
          assertThat(replies.get(i).get()).isEqualTo("v" + i);
        }
      }
    }
  }

  @Test
  void lettuce() {
    io.lettuce.core.RedisClient client =
        io.lettuce.core.RedisClient.create("redis://127.0.0.1:" + node.respPort());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      assertThat(connection.sync().set("lettuce:a", "1")).isEqualTo("OK");
      assertThat(connection.sync().get("lettuce:a")).isEqualTo("1");
      assertThat(connection.sync().get("lettuce:none")).isNull();
      List<RedisFuture<Long>> all = new ArrayList<>();
      for (int i = 0; i < 5000; i++) {
        all.add(connection.async().incr("lettuce:counter"));
      }
      assertThat(
              LettuceFutures.awaitAll(Duration.ofSeconds(60), all.toArray(new RedisFuture<?>[0])))
          .isTrue();
      assertThat(connection.sync().get("lettuce:counter")).isEqualTo("5000");
      assertThat(connection.sync().expire("lettuce:a", 100)).isTrue();
      assertThat(connection.sync().ttl("lettuce:a")).isBetween(90L, 100L);
    } finally {
      client.shutdown();
    }
  }

  @Test
  void redisCli() throws Exception {
    assertThat(tool("redis-cli", "-p", port(), "set", "cli", "héllo wörld")).isEqualTo("OK\n");
    assertThat(tool("redis-cli", "-p", port(), "get", "cli")).isEqualTo("héllo wörld\n");
    assertThat(tool("redis-cli", "-3", "-p", port(), "get", "cli:none")).isEqualTo("\n");
    assertThat(tool("redis-cli", "-p", port(), "--scan", "--pattern", "cli")).isEqualTo("cli\n");
  }

  @Test
  void redisBenchmark() throws Exception {
    for (String pipeline : List.of("1", "16")) {
      String report =
          tool(
              "redis-benchmark",
              "-p",
              port(),
              "-n",
              "3000",
              "-c",
              "20",
              "-P",
              pipeline,
              "--csv",
              "-t",
              "ping,set,get,incr,mset");
      assertThat(report).contains("\"SET\",").contains("\"GET\",").contains("\"INCR\",");
      assertThat(report).doesNotContain("WARNING").doesNotContain("ERR");
    }
  }

  private static String port() {
    return String.valueOf(node.respPort());
  }

  /** What a program of the redis-tools prints; skips where it is missing, never in CI. */
  private static String tool(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      String reason = command[0] + " is not installed (Debian: redis-tools)";
      assertThat(System.getenv("CI")).as(reason).isNotEqualTo("true");
      assumeTrue(false, reason);
      throw e;
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void tenThousandIdleConnectionsHarmNobody() throws Exception {
    assumeTrue(
        OpenFiles.limit() >= IDLE_CONNECTIONS + 2000,
        "the limit of open files is too low: " + OpenFiles.limit());
    List<SocketChannel> idle = new ArrayList<>();
    try (RedisClient client = RedisClient.create("127.0.0.1", node.respPort())) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), node.respPort());
      for (int i = 0; i < IDLE_CONNECTIONS; i++) {
        idle.add(SocketChannel.open(address));
      }
      assertThat(client.ping()).isEqualTo("PONG");
      assertThat(client.set("idle", "1")).isEqualTo("OK");
      // Each lane takes its connections in its own time, and the client's may be ahead of another.
      await().until(() -> metric("distkv_connections") > IDLE_CONNECTIONS);
    } finally {
      for (SocketChannel channel : idle) {
        channel.close();
      }
    }
  }

  @Test
  void aKeyspaceAtItsLimitAnswersAsRedisDoesAtMaxmemory() throws Exception {
    try (Jedis client = new Jedis("127.0.0.1", node.respPort())) {
      client.select(20);
      Random random = new Random(42);
      byte[] value = new byte[10_000];
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 200; i++) {
                  random.nextBytes(value);
                  client.set(("tight:" + i).getBytes(US_ASCII), value);
                }
              })
          .isInstanceOf(JedisDataException.class)
          .hasMessageStartingWith(
              "OOM command not allowed: keyspaces.tight.maxBytes, 1048576 bytes, is used up");
      assertThat(client.strlen("tight:7")).isEqualTo(10_000);
      assertThat(client.del("tight:7")).isEqualTo(1);
      assertThat(client.info("keyspace")).containsPattern("db20:.*,bytes=\\d+,max_bytes=1048576");
      assertThat(metric("distkv_keyspace_max_bytes{keyspace=\"tight\"}")).isEqualTo(1 << 20);
      assertThat(metric("distkv_keyspace_bytes{keyspace=\"tight\"}")).isBetween(5e5, 1.1e6);
      client.flushDB();
      assertThat(client.set("tight:1", "there is room again")).isEqualTo("OK");
    }
  }

  @Test
  void metricsAndInfoTellOfGroups() throws Exception {
    try (RedisClient client = RedisClient.create("127.0.0.1", node.respPort())) {
      assertThat(client.info("replication"))
          .containsPattern("role:master\r\n")
          .containsPattern("groups_led:[1-9]")
          .contains("groups_without_leader:0\r\n");
    }
    assertThat(metric("distkv_groups{role=\"leader\"}")).isGreaterThanOrEqualTo(1);
    assertThat(metric("distkv_groups{role=\"follower\"}")).isZero();
    assertThat(metric("distkv_groups_without_leader")).isZero();
    assertThat(metric("distkv_node_events_total{event=\"leads\"}")).isGreaterThanOrEqualTo(1);
  }

  @Test
  void metricsTellOfCommandsAndDisk() throws Exception {
    try (RedisClient client = RedisClient.create("127.0.0.1", node.respPort())) {
      client.set("metrics", "1");
    }
    assertThat(metric("distkv_command_seconds_count{group=\"string\"}")).isGreaterThanOrEqualTo(1);
    assertThat(metric("distkv_disk_sync_seconds_count{files=\"journal\"}"))
        .isGreaterThanOrEqualTo(1);
    assertThat(metric("distkv_connections_accepted_total")).isGreaterThanOrEqualTo(1);
  }

  private static double metric(String name) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + node.httpPort() + "/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      String page = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
      return page.lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow(() -> new AssertionError(name + " is missing in " + page));
    }
  }
}
