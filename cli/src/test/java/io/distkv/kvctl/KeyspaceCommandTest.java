package io.distkv.kvctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class KeyspaceCommandTest extends LiveNode {

  @Test
  void aKeyspaceComesChangesAndGoes() {
    Ran created =
        run(
            "keyspace",
            "create",
            "events",
            "--partitions",
            "4",
            "--number",
            "77",
            "--history",
            "10m",
            "--durability",
            "interval",
            "--interval",
            "50ms",
            "--compression",
            "lz4,zstd",
            "--max-bytes",
            "64MiB");
    assertThat(created).isEqualTo(new Ran(0, "created keyspace events, number 77\n", ""));
    assertThat(run("keyspace", "list").out()).contains("NUMBER", "77", "events");
    assertThat(run("put", "k", "v", "-k", "events").code()).isZero();
    assertThat(run("get", "k", "-k", "77").out()).isEqualTo("v");

    Ran described = run("keyspace", "describe", "events", "--partitions");
    assertThat(described.code()).isZero();
    assertThat(described.out())
        .contains("partitions    4\n")
        .contains("durability    interval, every 0.05 s\n")
        .contains("history       10m 0s\n")
        .contains("compression   lz4,zstd\n")
        .contains("max bytes     64.0 MiB\n")
        .contains("keys          at most 1\n")
        .contains("PARTITION");

    Ran altered =
        run(
            "keyspace",
            "alter",
            "events",
            "--history",
            "none",
            "--max-bytes",
            "none",
            "-o",
            "json");
    assertThat(altered.json().get("historyMillis").asLong()).isZero();
    assertThat(altered.json().get("maxBytes").asLong()).isZero();
    assertThat(altered.json().get("durability").asString()).isEqualTo("interval");

    JsonNode json = run("keyspace", "describe", "events", "-o", "json").json();
    assertThat(json.get("number").asInt()).isEqualTo(77);
    assertThat(json.get("keys").asLong()).isEqualTo(1);
    assertThat(json.get("bytes").asLong()).isPositive();
    assertThat(json.get("partitionSizes")).hasSize(4);

    assertThat(run("keyspace", "drop", "events", "events").out())
        .isEqualTo("dropped keyspace events\n");
    Ran gone = run("keyspace", "describe", "events");
    assertThat(gone.code()).isEqualTo(4);
    assertThat(gone.err()).contains("keyspace describe 'events'", "NOT_FOUND").hasLineCount(1);
  }

  @Test
  void listsAndResultsAreJsonToo() {
    JsonNode created = run("keyspace", "create", "json", "-o", "json").json();
    assertThat(created.get("name").asString()).isEqualTo("json");
    assertThat(created.get("partitions").asInt()).isEqualTo(1);
    List<String> names =
        run("keyspace", "list", "-o", "json")
            .out()
            .lines()
            .map(line -> JsonMapper.shared().readTree(line).get("name").asString())
            .toList();
    assertThat(names).contains("default", "json");
    assertThat(
            run("keyspace", "drop", "json", "json", "-o", "json").json().get("dropped").asString())
        .isEqualTo("json");
  }

  @Test
  void dropAsksOnATerminalAndObeys() {
    run("keyspace", "create", "precious");
    Ran unasked = run("keyspace", "drop", "precious");
    assertThat(unasked.code()).isEqualTo(2);
    assertThat(unasked.err()).contains("give the name twice").hasLineCount(1);
    Ran other = run("keyspace", "drop", "precious", "previous");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("the names differ").hasLineCount(1);
    Ran no = run(Ran.Setting.PLAIN.onTerminals().typing("no\n"), "keyspace", "drop", "precious");
    assertThat(no.code()).isEqualTo(1);
    assertThat(no.err()).contains("Drop keyspace precious of").contains("nothing was dropped");
    Ran yes =
        run(Ran.Setting.PLAIN.onTerminals().typing("precious\n"), "keyspace", "drop", "precious");
    assertThat(yes.code()).isZero();
    assertThat(run("keyspace", "list").out()).doesNotContain("precious");
  }

  @Test
  void whatTheNodeRefusesIsFour() {
    Ran twice = run("keyspace", "create", "default");
    assertThat(twice.code()).isEqualTo(4);
    assertThat(twice.err()).contains("keyspace create 'default'").hasLineCount(1);
    Ran first = run("keyspace", "drop", "default", "default");
    assertThat(first.code()).isEqualTo(4);
    assertThat(first.err()).contains("keyspace drop 'default'").hasLineCount(1);
    assertThat(run("keyspace", "alter", "nosuch", "--history", "1m").code()).isEqualTo(4);
    Ran number = run("get", "k", "-k", "9998");
    assertThat(number.code()).isEqualTo(4);
    assertThat(number.err()).contains("no keyspace has the number 9998", "keyspace list");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          keyspace                                | create, list, describe, alter or drop
          keyspace creat a                        | did you mean
          keyspace create                         | 'NAME'
          keyspace create a --partitions 5000     | partitions must be from 1 to 4096
          keyspace create a --compression gzip    | none, lz4, snappy and zstd
          keyspace create a --max-bytes lots      | no amount of bytes
          keyspace create a --history soon        | no length of time
          keyspace create a --durability maybe    | maybe
          keyspace alter a                        | nothing to change
          keyspace list -a resp://127.0.0.1:1     | needs a node's gRPC address
          """)
  void wrongUsageIsTwo(String line, String sentence) {
    Ran ran = Ran.kvctl(line.strip().split(" ", -1));
    assertThat(ran.err()).contains(sentence.strip()).hasLineCount(1).startsWith("kvctl");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void everySubcommandHasHelp() {
    for (String command : List.of("create", "list", "describe", "alter", "drop")) {
      Ran help = Ran.kvctl("keyspace", command, "--help");
      assertThat(help.code()).isZero();
      assertThat(help.out()).contains("Usage: kvctl keyspace " + command, "Examples:", "--address");
    }
  }
}
