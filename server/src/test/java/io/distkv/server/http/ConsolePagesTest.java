package io.distkv.server.http;

import static io.distkv.server.http.KeysTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.Health;
import io.distkv.server.metrics.CommandMetrics;
import io.distkv.server.metrics.NodeMetrics;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of the console, and the figures that it shows. */
class ConsolePagesTest extends HttpTest {
  private static final Path FOLDER = Path.of("src/main/resources/io/distkv/server/http/console");

  private static List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(FOLDER)) {
      return all.filter(Files::isRegularFile)
          .map(file -> FOLDER.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void everyFileIsServedAndMayLoadNothingElse() throws Exception {
    for (String file : files()) {
      HttpResponse<String> got = get("/console/" + file);
      assertThat(got.statusCode()).as(file).isEqualTo(200);
      assertThat(got.body()).isEqualTo(Files.readString(FOLDER.resolve(file)));
      String type = header(got, "Content-Type");
      assertThat(type.endsWith("; charset=utf-8") || type.equals("image/svg+xml")).isTrue();
      assertThat(header(got, "Content-Security-Policy"))
          .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe")
          .doesNotContain("http");
      assertThat(header(got, "X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(send(request("/console/" + file).header("If-None-Match", etag(got))).statusCode())
          .isEqualTo(304);
    }
    assertThat(get("/").body()).isEqualTo(get("/console/index.html").body());
    assertThat(header(get("/console/lib/preact.mjs"), "Content-Type"))
        .startsWith("text/javascript");
  }

  @Test
  void nothingElseOfTheJarIsServed() throws Exception {
    for (String path :
        List.of(
            "/console/none.js",
            "/console/..%2Fopenapi.json",
            "/console/ConsolePages.class",
            "/console/lib%2Fpreact.mjs",
            "/console/lib/..%2Findex.html")) {
      assertProblem(get(path), 404, "NOT_FOUND");
    }
    assertThat(get("/console").statusCode()).isEqualTo(404);
    assertThat(get("/console/").statusCode()).isEqualTo(404);
  }

  /**
   * Every module is of this folder, and no file names another site but in what comes from others.
   */
  @Test
  void filesOfOurOwnLoadOnlyEachOther() throws Exception {
    Pattern imported = Pattern.compile("from \"(.*?)\"|import\\(");
    for (String file : files()) {
      if (file.startsWith("lib/")) {
        continue;
      }
      String text = Files.readString(FOLDER.resolve(file));
      if (file.endsWith(".js")) {
        assertThat(text).as(file).startsWith("// ");
        assertThat(text.lines().count()).as(file).isLessThan(400);
        Matcher module = imported.matcher(text);
        while (module.find()) {
          assertThat(Files.exists(FOLDER.resolve(module.group(1)))).as(module.group()).isTrue();
        }
        assertThat(text).as(file).doesNotContainPattern("innerHTML|eval\\(|window\\.\\w+ =");
      }
      assertThat(text.replace("http://www.w3.org/2000/svg", "")).as(file).doesNotContain("://");
    }
  }

  @Test
  void figuresAreThoseOfTheMetricsAndTheHottestKeys() throws Exception {
    http.add(new NodeMetrics(live.node()));
    http.add(new CommandMetrics(2, _ -> {}));
    for (int i = 0; i < 2_000; i++) {
      live.run("GET", i % 2 == 0 ? "hot" : "k" + i);
    }
    put(KEYS + "/%FF", "v");
    for (int i = 0; i < 1_000; i++) {
      get(KEYS + "/%FF");
    }
    HttpResponse<String> got = get("/v1/figures");
    assertThat(header(got, "Cache-Control")).isEqualTo("no-store");
    JsonNode told = new JsonMapper().readTree(got.body());
    assertThat(told.get("state").asString()).isEqualTo("ready");
    assertThat(told.get("node").asString()).isEqualTo(live.node().id());
    assertThat(told.get("atMillis").asLong()).isPositive();
    JsonNode figures = told.get("figures");
    assertThat(figures.at("/distkv_commands_total/0/value").asLong()).isGreaterThan(2_000);
    JsonNode strings =
        figures
            .get("distkv_command_seconds")
            .valueStream()
            .filter(each -> each.get("group").asString().equals("string"))
            .findFirst()
            .orElseThrow();
    assertThat(strings.at("/classes/0/to").asDouble()).isEqualTo(0.000_02);
    assertThat(strings.get("classes").get(strings.get("classes").size() - 1).has("to")).isFalse();
    JsonNode hot = told.get("hotKeys");
    assertThat(hot.get("samples").asLong()).isPositive();
    assertThat(hot.at("/keys/0/keyspace").asString()).isEqualTo("default");
    List<String> keys =
        hot.get("keys")
            .valueStream()
            .map(each -> each.path("key").asString(each.path("keyBase64").asString("")))
            .toList();
    assertThat(keys.subList(0, 2)).containsExactlyInAnyOrder("hot", "/w==");
  }

  @Test
  void figuresAreToldWhateverTheStateIs() throws Exception {
    health = Health.FAILED;
    assertThat(get("/v1/figures").body()).startsWith("{\"state\":\"failed\"");
    assertThat(get("/v1/figures?x").statusCode()).isEqualTo(400);
    assertThat(post("/v1/figures", "{}").statusCode()).isEqualTo(405);
  }
}
