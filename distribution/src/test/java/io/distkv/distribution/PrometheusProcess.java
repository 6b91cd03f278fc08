package io.distkv.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Prometheus of this machine, on a free port of loopback. */
final class PrometheusProcess implements AutoCloseable {
  private static final Pattern LISTENS =
      Pattern.compile("msg=\"Listening on\" .*address=127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();

  private PrometheusProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it and waits until it listens. */
  static PrometheusProcess start(Path folder, Path configuration) throws IOException {
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:0")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    StringBuilder said = new StringBuilder();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      Matcher listens = LISTENS.matcher(line);
      if (listens.find()) {
        Thread.ofVirtual().start(() -> out.lines().forEach(rest -> {}));
        return new PrometheusProcess(process, Integer.parseInt(listens.group(1)));
      }
    }
    throw new AssertionError("prometheus ended: " + said);
  }

  /** The field {@code data} of what a path of its HTTP interface answers. */
  JsonNode data(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/" + path);
    JsonNode answer =
        JsonMapper.shared()
            .readTree(
                http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
    assertThat(answer.path("status").asString("")).as("%s: %s", path, answer).isEqualTo("success");
    return answer.path("data");
  }

  /** The series that an expression has now. */
  List<JsonNode> query(String expression) throws IOException, InterruptedException {
    String encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
    return Dashboard.list(data("query?query=" + encoded).path("result"));
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    http.close();
  }
}
