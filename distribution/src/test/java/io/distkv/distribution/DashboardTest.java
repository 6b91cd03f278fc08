package io.distkv.distribution;

import static io.distkv.distribution.Dashboard.list;
import static io.distkv.distribution.Dashboard.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** That Grafana can load the dashboard, and that its reader is told what is seen. */
class DashboardTest {
  private static final int COLUMNS = 24;

  /** That of Grafana 12. */
  private static final int SCHEMA_VERSION = 41;

  @TempDir private static Path folder;
  private static Archive archive;
  private static Dashboard dashboard;

  @BeforeAll
  static void read() throws Exception {
    archive = Archive.unpack(folder);
    dashboard = Dashboard.of(archive);
  }

  @Test
  void itsHeadIsWhatGrafanaExpects() {
    JsonNode root = dashboard.root();
    assertThat(root.path("schemaVersion").asInt()).isEqualTo(SCHEMA_VERSION);
    assertThat(text(root, "uid")).matches("[a-z0-9-]{1,40}");
    assertThat(text(root, "title")).isNotBlank();
    assertThat(root.has("id")).as("an id is of one Grafana alone").isFalse();
    assertThat(text(root.path("time"), "from")).startsWith("now-");
    assertThat(root.path("annotations").path("list").isArray()).isTrue();
  }

  @Test
  void everyPanelHasAPlaceOfItsOwn() {
    Set<Integer> ids = new HashSet<>();
    Set<String> titles = new HashSet<>();
    Set<String> taken = new HashSet<>();
    for (JsonNode panel : dashboard.panels()) {
      String title = text(panel, "title");
      assertThat(ids.add(panel.path("id").asInt())).as("id of %s", title).isTrue();
      assertThat(titles.add(title)).as("title %s", title).isTrue();
      JsonNode place = panel.path("gridPos");
      int left = place.path("x").asInt();
      int top = place.path("y").asInt();
      assertThat(left + place.path("w").asInt()).as(title).isBetween(1, COLUMNS);
      for (int x = left; x < left + place.path("w").asInt(); x++) {
        for (int y = top; y < top + place.path("h").asInt(); y++) {
          assertThat(taken.add(x + "," + y)).as("%s lies over another panel", title).isTrue();
        }
      }
    }
  }

  @Test
  void everyFigureSaysWhatItMeansAndWhereItComesFrom() {
    assertThat(dashboard.figures()).hasSizeGreaterThan(40);
    for (JsonNode panel : dashboard.figures()) {
      String title = text(panel, "title");
      assertThat(text(panel, "type")).as(title).isIn("timeseries", "stat");
      assertThat(text(panel, "description")).as(title).hasSizeGreaterThan(60).endsWith(".");
      assertThat(text(panel.path("fieldConfig").path("defaults"), "unit")).as(title).isNotBlank();
      assertThat(text(panel.path("datasource"), "uid")).as(title).isEqualTo("${datasource}");
      Set<String> references = new HashSet<>();
      assertThat(list(panel.path("targets"))).as(title).isNotEmpty();
      for (JsonNode target : panel.path("targets")) {
        assertThat(references.add(text(target, "refId"))).as(title).isTrue();
        assertThat(text(target, "legendFormat")).as(title).isNotBlank();
        assertThat(text(target.path("datasource"), "uid")).as(title).isEqualTo("${datasource}");
        assertThat(text(target, "expr")).as(title).contains("instance=~\"$node\"");
      }
    }
  }

  @Test
  void everyVariableThatIsUsedCanBeChosen() {
    List<String> names = dashboard.variables().stream().map(each -> text(each, "name")).toList();
    assertThat(names).containsExactly("datasource", "node", "keyspace");
    assertThat(text(dashboard.variables().getFirst(), "type")).isEqualTo("datasource");
    assertThat(text(dashboard.variables().getFirst(), "query")).isEqualTo("prometheus");
    dashboard
        .expressions()
        .forEach((where, expression) ->
            assertThat(Dashboard.variablesIn(expression))
                .as(where)
                .isSubsetOf("node", "keyspace", "__rate_interval"));
  }

  @Test
  void everyMetricIsDocumented() throws Exception {
    String page = archive.text("docs/operations.md");
    dashboard
        .expressions()
        .forEach((where, expression) -> {
          assertThat(Metrics.selectors(expression)).as(where).isNotEmpty();
          for (String selector : Metrics.selectors(expression)) {
            String name = Metrics.documentedName(selector);
            if (name.startsWith("distkv_")) {
              assertThat(page).as(where).containsPattern("`" + name + "[`{]");
            }
          }
        });
  }
}
