package io.distkv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
}
