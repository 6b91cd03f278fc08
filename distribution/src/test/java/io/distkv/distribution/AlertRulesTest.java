package io.distkv.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.distribution.AlertRules.Alert;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the alerts are sound, fire when they have to, and say what to do. */
class AlertRulesTest {
  @TempDir private static Path folder;
  private static Archive archive;
  private AlertRules rules;

  @BeforeAll
  static void unpack() throws Exception {
    archive = Archive.unpack(folder);
  }

  @BeforeEach
  void read() throws Exception {
    rules = AlertRules.of(archive);
  }

  private static Outside.Ended promtool(String... arguments) throws Exception {
    Outside.require("promtool", "prometheus");
    List<String> command = new java.util.ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    return Outside.run(archive.file("deploy/prometheus"), command);
  }

  @Test
  void prometheusTakesThem() throws Exception {
    promtool("check", "config", "prometheus.yml").well();
    promtool("check", "rules", "distkv.rules.yml").well();
  }

  @Test
  void eachFiresWhenItHasTo() throws Exception {
    promtool("test", "rules", "distkv.test.yml").well();
  }

  /** Once when it must not fire yet, once when it must. */
  @Test
  void eachIsTested() throws Exception {
    Map<?, ?> file = AlertRules.yaml(archive.text("deploy/prometheus/distkv.test.yml"));
    Map<String, List<Integer>> firing = new java.util.TreeMap<>();
    for (Object test : AlertRules.list(file, "tests")) {
      for (Object each : AlertRules.list((Map<?, ?>) test, "alert_rule_test")) {
        Map<?, ?> moment = (Map<?, ?>) each;
        firing
            .computeIfAbsent(
                AlertRules.string(moment, "alertname"), name -> new java.util.ArrayList<>())
            .add(AlertRules.list(moment, "exp_alerts").size());
      }
    }
    assertThat(firing.keySet())
        .containsExactlyInAnyOrderElementsOf(rules.alerts().stream().map(Alert::name).toList());
    assertThat(firing.values()).allSatisfy(counts -> assertThat(counts).containsExactly(0, 1));
  }

  @Test
  void eachSaysHowBadItIsAndWhatToDo() throws Exception {
    assertThat(rules.alerts()).hasSizeGreaterThan(15);
    for (Alert alert : rules.alerts()) {
      assertThat(alert.name()).startsWith("DistKV");
      assertThat(AlertRules.string(alert.labels(), "severity")).isIn("warning", "critical");
      assertThat(AlertRules.string(alert.annotations(), "summary"))
          .as(alert.name())
          .contains("$labels.instance");
      assertThat(AlertRules.string(alert.annotations(), "description")).endsWith(".");
      String[] runbook = AlertRules.string(alert.annotations(), "runbook").split("#", 2);
      String page = archive.text(runbook[0]);
      assertThat(page).as("the page names it").contains("`" + alert.name() + "`");
      assertThat(anchors(page)).as(alert.name()).contains(runbook[1]);
    }
  }

  /** As GitHub and most others make them from headings. */
  private static List<String> anchors(String page) {
    return Pattern.compile("^#{2,3} (.+)$", Pattern.MULTILINE)
        .matcher(page)
        .results()
        .map(heading ->
            heading
                .group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9 -]", "")
                .replace(' ', '-'))
        .toList();
  }

  @Test
  void everyMetricIsDocumented() throws Exception {
    String page = archive.text("docs/operations.md");
    for (Alert alert : rules.alerts()) {
      assertThat(Metrics.selectors(alert.expression())).as(alert.name()).isNotEmpty();
      for (String selector : Metrics.selectors(alert.expression())) {
        String name = Metrics.documentedName(selector);
        if (name.startsWith("distkv_")) {
          assertThat(page).as(alert.name()).containsPattern("`" + name + "[`{]");
        }
      }
    }
  }
}
