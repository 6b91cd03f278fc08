package io.distkv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;

/** The server as its operators meet it: a process with signals, streams and an exit status. */
class ServerProcessTest {
  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void resolve() throws IOException {
    folder = temporary.toRealPath();
  }

  private void refused(int status, String sentence, String... arguments) throws Exception {
    try (NodeProcess process = NodeProcess.run(folder, arguments)) {
      assertThat(process.restOfOutput()).isEmpty();
      assertThat(process.status()).isEqualTo(status);
      assertThat(process.errors().lines().filter(line -> line.contains(sentence)))
          .as("%s in %s", sentence, process.errors())
          .hasSize(1);
    }
  }

  @Test
  void startsSaysSoOnceStopsAndComesBackWithItsData() throws Exception {
    try (NodeProcess node = NodeProcess.start(folder)) {
      try (RedisClient client = RedisClient.create("127.0.0.1", node.respPort())) {
        assertThat(client.set("greeting", "hello")).isEqualTo("OK");
      }
      node.terminate();
      assertThat(node.status()).as(node.errors()).isZero();
      assertThat(node.restOfOutput()).isEmpty();
    }
    try (NodeProcess node = NodeProcess.start(folder, "--set", "log.format=json")) {
      try (RedisClient client = RedisClient.create("127.0.0.1", node.respPort())) {
        assertThat(client.get("greeting")).isEqualTo("hello");
      }
      refused(
          ExitStatus.UNAVAILABLE.value(),
          "choose another with --data DIR",
          "start",
          "--data",
          "data",
          "--resp-port",
          "0",
          "--http-port",
          "0",
          "--grpc-port",
          "0");
      node.terminate();
      assertThat(node.status()).isZero();
      assertThat(node.errors().lines()).allMatch(line -> line.startsWith("{"));
    }
  }

  @Test
  void verifyNamesDamageAndInspectPrints() throws Exception {
    try (NodeProcess node = NodeProcess.start(folder)) {
      try (RedisClient client = RedisClient.create("127.0.0.1", node.respPort())) {
        for (int i = 0; i < 1000; i++) {
          client.set("key" + i, "value" + i);
        }
      }
      node.terminate();
      assertThat(node.status()).isZero();
    }
    try (NodeProcess verify = NodeProcess.run(folder, "verify", "data")) {
      assertThat(verify.restOfOutput()).endsWith("no damage\n");
      assertThat(verify.status()).isZero();
    }
    Path table;
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      table = files.filter(file -> file.toString().endsWith(".sst")).findFirst().orElseThrow();
    }
    try (NodeProcess inspect = NodeProcess.run(folder, "inspect", table.toString())) {
      assertThat(inspect.restOfOutput()).contains("1000 entries").contains("\"key0\" @ ");
      assertThat(inspect.status()).isZero();
    }
    byte[] bytes = Files.readAllBytes(table);
    bytes[100] ^= 1;
    Files.write(table, bytes);
    try (NodeProcess verify = NodeProcess.run(folder, "verify", "data")) {
      assertThat(verify.restOfOutput())
          .contains("DAMAGED replicas/")
          .contains(table.getFileName().toString());
      assertThat(verify.status()).isEqualTo(ExitStatus.DAMAGED.value());
    }
    try (NodeProcess node = NodeProcess.start(folder)) {
      assertThat(readyPage(node)).isEqualTo("ready\n");
      try (RedisClient client = RedisClient.create("127.0.0.1", node.respPort())) {
        assertThatThrownBy(() -> client.get("key0")).hasMessageContaining("CORRUPTION");
      }
      assertThat(readyPage(node))
          .startsWith("ready\ndamaged files: 1; ")
          .contains(table.getFileName() + " at byte ");
    }
  }

  private static String readyPage(NodeProcess node) throws IOException {
    try (InputStream page =
        URI.create("http://127.0.0.1:" + node.httpPort() + "/readyz").toURL().openStream()) {
      return new String(page.readAllBytes(), US_ASCII);
    }
  }

  @Test
  void moreOpenFilesThanTheSystemAllowsAreRefused() throws Exception {
    try (NodeProcess process =
        NodeProcess.runWithOpenFiles(2_000, folder, "start", "--set", "storage.openFiles=1900")) {
      assertThat(process.restOfOutput()).isEmpty();
      assertThat(process.status()).isEqualTo(ExitStatus.CONFIGURATION.value());
      assertThat(process.errors())
          .contains("storage.openFiles: 1900 does not fit into the 2000 files");
    }
  }

  @Test
  void aTakenPortIsOneSentenceWithTheFlagThatHelps() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      refused(
          ExitStatus.UNAVAILABLE.value(),
          "port "
              + port
              + " of 127.0.0.1 is taken by another process; choose another with"
              + " --resp-port N",
          "start",
          "--resp-port",
          port,
          "--http-port",
          "0",
          "--grpc-port",
          "0");
    }
    assertThat(folder.resolve("distkv-data")).doesNotExist();
  }

  @Test
  void otherAddressesThanLoopbackMustBeMeant() throws Exception {
    refused(
        ExitStatus.CONFIGURATION.value(),
        "set insecure: true if this is meant",
        "start",
        "--set",
        "resp.bind=0.0.0.0");
  }

  @Test
  void aBadSettingIsOneLine() throws Exception {
    Files.writeString(folder.resolve("distkv.yaml"), "resp:\n  prot: 1\n");
    refused(
        ExitStatus.CONFIGURATION.value(),
        "distkv.yaml:2: resp.prot: unknown setting; did you mean resp.port?",
        "start");
  }

  @Test
  void nothingAcknowledgedIsLostWhenKilledUnderLoad() throws Exception {
    KilledWriters writers = new KilledWriters(4);
    for (int round = 0; round < 2; round++) {
      try (NodeProcess node = NodeProcess.start(folder)) {
        writers.check(node.respPort());
        writers.writeUntilKilled(node, 500);
      }
    }
    try (NodeProcess node = NodeProcess.start(folder)) {
      writers.check(node.respPort());
    }
    assertThat(writers.acknowledged()).isGreaterThan(500);
    try (NodeProcess verify = NodeProcess.run(folder, "verify", "data")) {
      assertThat(verify.restOfOutput()).endsWith("no damage\n");
    }
  }

  @Test
  void helpAndVersion() throws Exception {
    try (NodeProcess version = NodeProcess.run(folder, "version")) {
      assertThat(version.restOfOutput()).startsWith("distkv ");
      assertThat(version.status()).isZero();
    }
    for (List<String> words : List.of(List.of("nonsense"), List.of("start", "--nonsense"))) {
      try (NodeProcess wrong = NodeProcess.run(folder, words.toArray(String[]::new))) {
        assertThat(wrong.status()).isEqualTo(ExitStatus.USAGE.value());
      }
    }
  }

  @Test
  void aSecondSignalEndsAStopThatTakesLong() throws Exception {
    try (NodeProcess node = NodeProcess.start(folder, "--set", "stopTimeout=1h")) {
      try (Socket greedy = new Socket(InetAddress.getLoopbackAddress(), node.respPort());
          RedisClient client = RedisClient.create("127.0.0.1", node.respPort())) {
        client.set("large", "x".repeat(8_000_000));
        // Its replies are never read, so that a stop has to wait for it.
        greedy.getOutputStream().write("GET large\r\n".repeat(50).getBytes(US_ASCII));
        await().until(() -> client.info("stats").contains("keyspace_hits:"));
        node.terminate();
        await().until(() -> node.errors().contains("stopping"));
        node.terminate();
        assertThat(node.status()).isEqualTo(130);
        assertThat(node.errors()).contains("asked to stop a second time: ending at once");
      }
    }
    try (NodeProcess node = NodeProcess.start(folder);
        RedisClient client = RedisClient.create("127.0.0.1", node.respPort())) {
      assertThat(client.strlen("large")).isEqualTo(8_000_000);
    }
  }

  @Test
  void listeningBeyondLoopbackIsSaidAloud() throws Exception {
    // An address that no machine has, so that nothing is ever reachable there.
    try (NodeProcess process =
        NodeProcess.run(
            folder, "start", "--set", "resp.bind=192.0.2.1", "--set", "insecure=true")) {
      assertThat(process.status()).isEqualTo(ExitStatus.UNAVAILABLE.value());
      assertThat(process.errors())
          .contains("INSECURE: listening beyond loopback without passwords and encryption")
          .contains("distkv: cannot listen on 192.0.2.1:6379");
    }
  }

  @Test
  void aDiskThatFailsEndsTheNodeWithClearLastWords() throws Exception {
    // Files larger than 3 MiB cannot be written; the second segment of a journal is larger.
    try (NodeProcess process =
        NodeProcess.runWithLargestFile(
            3000,
            folder,
            "start",
            "--data",
            "data",
            "--resp-port",
            "0",
            "--http-port",
            "0",
            "--grpc-port",
            "0",
            "--set",
            "journal.segment=16MiB")) {
      assertThat(process.status()).isEqualTo(ExitStatus.FAILED.value());
      String lastWords = process.errors().lines().toList().getLast();
      assertThat(lastWords)
          .contains("/data/journals/")
          .endsWith("then start the node again: what it acknowledged is there");
    }
    try (NodeProcess node = NodeProcess.start(folder)) {
      assertThat(node.respPort()).isPositive();
    }
  }

  @Test
  void settingsAreSeenAndChangedOverTheWire() throws Exception {
    try (NodeProcess node = NodeProcess.start(folder);
        Jedis client = new Jedis("127.0.0.1", node.respPort())) {
      assertThat(client.configGet("maxclients")).containsEntry("maxclients", "16000");
      assertThat(client.configSet("maxclients", "17")).isEqualTo("OK");
      assertThat(client.configGet("clients.*"))
          .containsEntry("clients.max", "17")
          .containsEntry("clients.inflight", "1024");
      assertThatThrownBy(() -> client.configSet("port", "1"))
          .hasMessage(
              "ERR CONFIG SET failed (possibly related to argument 'port') - can't set immutable"
                  + " config");
      assertThatThrownBy(() -> client.configSet("log.level", "loud"))
          .hasMessageStartingWith(
              "ERR CONFIG SET failed (possibly related to argument 'log.level')");
      assertThatThrownBy(() -> client.configSet("nonsense", "1"))
          .hasMessage("ERR Unknown option or number of arguments for CONFIG SET - 'nonsense'");
      client.set("k", "v");
      client.get("k");
      assertThat(client.info("stats")).contains("keyspace_hits:1\r\n");
      assertThat(client.configResetStat()).isEqualTo("OK");
      await().until(() -> client.info("stats").contains("keyspace_hits:0\r\n"));
      assertThat(client.info("server")).contains("tcp_port:" + node.respPort() + "\r\n");
    }
  }

  @Test
  void whatIsNoDataFolderIsToldAndLeftAsItIs() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(other.resolve("file"), "text");
    try (NodeProcess verify = NodeProcess.run(folder, "verify", "other")) {
      assertThat(verify.restOfOutput()).contains("DAMAGED catalog").contains("no data folder");
      assertThat(verify.status()).isEqualTo(ExitStatus.DAMAGED.value());
    }
    try (Stream<Path> files = Files.list(other)) {
      assertThat(files).containsExactly(other.resolve("file"));
    }
    refused(
        ExitStatus.CONFIGURATION.value(),
        "data: other/file is a file; it must be a folder",
        "start",
        "--data",
        "other/file",
        "--resp-port",
        "0",
        "--http-port",
        "0",
        "--grpc-port",
        "0");
    refused(
        ExitStatus.CONFIGURATION.value(),
        "nosuch.yaml: there is no such file",
        "start",
        "--config",
        "nosuch.yaml");
  }
}
