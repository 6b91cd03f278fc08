package io.distkv.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distkv.distribution.AlertRules.Alert;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The node of the archive, scraped by a real Prometheus with the configuration of the archive:
 * every expression of the dashboard and of the alerts has series. Skipped where there is no
 * Prometheus.
 */
@Timeout(300)
class ScrapeTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int NO_ROOM = 507;

  @TempDir private static Path folder;
  private static Archive archive;
  private static ArchiveNode node;
  private static PrometheusProcess prometheus;

  @BeforeAll
  static void scrape() throws Exception {
    Outside.require("prometheus", "prometheus");
    archive = Archive.unpack(folder);
    node =
        ArchiveNode.start(
            folder,
            List.of(
                archive.file("distkv").toString(),
                "start",
                "--data",
                folder.resolve("data").toString(),
                "--set",
                "keyspaces.tight.number=20",
                "--set",
                "keyspaces.tight.maxBytes=1MiB"),
            Map.of("DISTKV_JAVA_OPTS", "-Xmx512m"));
    useIt();
    Path files = Files.createDirectory(folder.resolve("prometheus"));
    try (Stream<Path> all = Files.list(archive.file("deploy/prometheus"))) {
      for (Path file : all.toList()) {
        // Only what has to be another on this machine, and the pace.
        Files.writeString(
            files.resolve(file.getFileName()),
            Files.readString(file)
                .replace("127.0.0.1:8379", "127.0.0.1:" + node.httpPort())
                .replaceAll("(scrape_interval|evaluation_interval): 15s", "$1: 1s")
                .replace("scrape_timeout: 10s", "scrape_timeout: 1s"));
      }
    }
    prometheus = PrometheusProcess.start(folder, files.resolve("prometheus.yml"));
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() ->
            !prometheus
                .query("sum_over_time(up{job=\"distkv\"}[1m]) >= 4 and on () distkv_commands_total")
                .isEmpty());
  }

  /** So that there is something to see: work of each protocol, and writes beyond a limit. */
  private static void useIt() throws Exception {
    assertThat(node.command("SET greeting hello")).isEqualTo("+OK");
    assertThat(node.put("default", "greeting", new byte[10])).isEqualTo(204);
    Random random = new Random(42);
    byte[] value = new byte[100_000];
    int status;
    int key = 0;
    do {
      random.nextBytes(value);
      status = node.put("tight", "k" + key++, value);
      assertThat(status).isIn(204, NO_ROOM);
    } while (status != NO_ROOM);
  }

  @AfterAll
  static void stop() throws Exception {
    if (prometheus != null) {
      prometheus.close();
    }
    if (node != null) {
      assertThat(node.terminate()).as(node.log()).isZero();
      node.close();
    }
  }

  @Test
  void everyPanelFindsSeries() throws Exception {
    Map<String, String> empty = new TreeMap<>();
    for (Map.Entry<String, String> each : Dashboard.of(archive).expressions().entrySet()) {
      String expression = Dashboard.chosen(each.getValue());
      if (prometheus.query(expression).isEmpty()) {
        empty.put(each.getKey(), expression);
      }
    }
    assertThat(empty).isEmpty();
  }

  @Test
  void everyVariableFindsValues() throws Exception {
    for (JsonNode variable : Dashboard.of(archive).variables()) {
      String query = Dashboard.text(variable.path("query"), "query");
      if (!query.isEmpty()) {
        String selector =
            Dashboard.chosen(query.replaceFirst("^label_values\\((.*), *\\w+\\)$", "$1"));
        String label = query.replaceFirst("^.*, *(\\w+)\\)$", "$1");
        assertThat(prometheus.query(selector))
            .as(query)
            .isNotEmpty()
            .allSatisfy(series -> assertThat(series.path("metric").has(label)).isTrue());
      }
    }
  }

  @Test
  void everyAlertAsksForSeriesThatThereAre() throws Exception {
    for (Alert alert : AlertRules.of(archive).alerts()) {
      for (String selector : Metrics.selectors(alert.expression())) {
        assertThat(prometheus.query(selector)).as("%s: %s", alert.name(), selector).isNotEmpty();
      }
    }
  }

  @Test
  void everyAlertIsEvaluatedAndAHealthyNodeFiresNone() throws Exception {
    int alerts = AlertRules.of(archive).alerts().size();
    await()
        .atMost(PATIENCE)
        .until(() ->
            rules().stream().filter(rule -> state(rule, "health").equals("ok")).count() == alerts);
    assertThat(rules())
        .hasSize(alerts)
        .allSatisfy(rule -> {
          assertThat(state(rule, "lastError")).isEmpty();
          assertThat(state(rule, "state")).as("%s", rule).isNotEqualTo("firing");
        });
  }

  private static List<JsonNode> rules() throws Exception {
    return Dashboard.list(prometheus.data("rules").path("groups")).stream()
        .flatMap(group -> Dashboard.list(group.path("rules")).stream())
        .toList();
  }

  private static String state(JsonNode rule, String field) {
    return Dashboard.text(rule, field);
  }
}
