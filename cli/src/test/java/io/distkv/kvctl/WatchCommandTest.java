package io.distkv.kvctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
final class WatchCommandTest extends LiveNode {
  @BeforeAll
  void createKeyspace() {
    assertThat(run("keyspace", "create", "watched", "--history", "1h").code()).isZero();
  }

  private String put(String... arguments) {
    List<String> all = new ArrayList<>(List.of("put"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("-k", "watched", "-o", "json"));
    return run(all.toArray(new String[0])).json().get("version").asString();
  }

  @Test
  void changesBehindAVersionAreLines() {
    String before = put("a", "0");
    String first = put("a", "tab\there");
    String second = put("b/1", "x");
    run("delete", "a", "-k", "watched");
    Ran all = run("watch", "-k", "watched", "--from-version", before, "--limit", "3");
    assertThat(all.code()).isZero();
    assertThat(all.err()).isEmpty();
    List<String> lines = all.out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).isEqualTo(first + "\tput\ta\ttab\\there");
    assertThat(lines.get(1)).isEqualTo(second + "\tput\tb/1\tx");
    assertThat(lines.get(2)).endsWith("\tdelete\ta");
    String[] one = {"watch", "a", "-k", "watched", "--from-version", before, "--limit", "2"};
    assertThat(run(one).out()).contains("put\ta", "delete\ta").doesNotContain("b/1");
    String[] prefix = {
      "watch", "--prefix", "b/", "-k", "watched", "--from-version", before, "--limit", "1"
    };
    assertThat(run(prefix).out()).isEqualTo(second + "\tput\tb/1\tx\n");
  }

  @Test
  void changesAndProgressAreJsonToo() {
    String before = put("j", "0");
    put("j", "1", "--ttl", "1h");
    run("delete", "j", "-k", "watched");
    String[] command = {
      "watch",
      "j",
      "-k",
      "watched",
      "--from-version",
      before,
      "--limit",
      "2",
      "--progress",
      "-o",
      "json"
    };
    List<JsonNode> lines =
        run(command).out().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
    List<JsonNode> changes =
        lines.stream().filter(line -> !line.get("type").asString().equals("progress")).toList();
    assertThat(changes).hasSize(2);
    assertThat(changes.getFirst().get("type").asString()).isEqualTo("put");
    assertThat(changes.getFirst().get("value").asString()).isEqualTo("1");
    assertThat(changes.getFirst().get("expiresAt").asString()).contains("T").endsWith("Z");
    assertThat(changes.getLast().get("type").asString()).isEqualTo("delete");
    assertThat(changes.getLast().has("value")).isFalse();
  }

  /** A process, since it is stopped by a signal; over a restart, since it must go on. */
  @Test
  void itGoesOnOverARestartAndSaysWhereItWasStopped(@TempDir Path folder) throws Exception {
    try (TestNode own = DistkvNode.start(Files.createDirectory(folder.resolve("data")))) {
      String[] command = {"watch", "--progress", "--progress-every", "100ms", "-a", own.address()};
      Process process = KvctlProcess.start(folder, command);
      await(process, folder, "\tprogress");
      assertThat(Ran.kvctl("put", "k", "before", "-a", own.address()).code()).isZero();
      await(process, folder, "\tput\tk\tbefore");
      own.crashAndRestart();
      assertThat(Ran.kvctl("put", "k", "after", "-a", own.address()).code()).isZero();
      await(process, folder, "\tput\tk\tafter");
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      String output = KvctlProcess.output(folder);
      assertThat(process.exitValue()).as(output).isEqualTo(5);
      assertThat(output.lines().filter(line -> line.contains("\tput\t"))).hasSize(2);
      assertThat(output).contains("kvctl watch: all is told through version");
    }
  }

  private static void await(Process process, Path folder, String text)
      throws IOException, InterruptedException {
    while (!KvctlProcess.output(folder).contains(text)) {
      assertThat(process.isAlive()).as(KvctlProcess.output(folder)).isTrue();
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
  }

  @Test
  void theOtherPortsOfANodeAreNotTakenForItsGrpc(@TempDir Path folder) throws IOException {
    try (TestNode own = DistkvNode.startForResp(folder)) {
      Ran ran = Ran.kvctl("get", "k", "-a", "127.0.0.1:" + own.port());
      assertThat(ran.code()).isEqualTo(3);
      assertThat(ran.err()).contains("grpc=").hasLineCount(1);
      assertThat(Ran.kvctl("get", "k", "-a", own.address()).code()).isEqualTo(1);
    }
  }

  @Test
  void aKeyspaceThatIsNotThereIsFour() {
    Ran ran = run("watch", "-k", "nosuch");
    assertThat(ran.code()).isEqualTo(4);
    assertThat(ran.err()).contains("no keyspace 'nosuch' at " + node.address()).hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          watch a --prefix b             | not both
          watch --from-version soon      | --from-version
          watch --from-version=-1        | version must be from 0
          watch --limit 0                | goes from 1 on
          watch --progress-every 1ms     | progress in ms must be from 100
          watch -a resp://127.0.0.1:1    | needs a node's gRPC address
          """)
  void wrongUsageIsTwo(String line, String sentence) {
    Ran ran = Ran.kvctl(line.strip().split(" ", -1));
    assertThat(ran.err()).contains(sentence.strip()).hasLineCount(1).startsWith("kvctl");
    assertThat(ran.code()).isEqualTo(2);
  }
}
