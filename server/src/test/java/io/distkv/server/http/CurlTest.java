package io.distkv.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What docs/protocols.md shows, with the curl of this machine; skipped where there is none. */
class CurlTest extends HttpTest {

  @BeforeEach
  void requireCurl() {
    String reason = "curl is not installed (Debian: curl)";
    try {
      new ProcessBuilder("curl", "--version")
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      assertThat(System.getenv("CI")).as(reason).isNotEqualTo("true");
      System.out.println("skipped: " + reason);
      assumeTrue(false, reason);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String curl(String path, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("curl", "-s", "-i", "--max-time", "60"));
    command.addAll(Arrays.asList(options));
    command.add("http://127.0.0.1:" + port() + path);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
    return said;
  }

  private static String header(String said, String name) {
    return said.lines()
        .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .findFirst()
        .orElse("");
  }

  @Test
  void oneKey() throws Exception {
    String key = KEYS + "/greeting";
    String put = curl(key, "-X", "PUT", "--data-binary", "hello");
    assertThat(put).startsWith("HTTP/1.1 204 ");
    String tag = header(put, "etag");
    String got = curl(key);
    assertThat(got).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nhello");
    assertThat(header(got, "etag")).isEqualTo(tag);
    assertThat(curl(key, "-I")).startsWith("HTTP/1.1 200 ").contains("Content-Length: 5");
    assertThat(curl(key, "-H", "If-None-Match: " + tag)).startsWith("HTTP/1.1 304 ");
    assertThat(curl(key, "-X", "PUT", "-H", "If-Match: " + tag, "-d", "hi"))
        .startsWith("HTTP/1.1 204 ");
    assertThat(curl(key, "-X", "PUT", "-H", "If-Match: " + tag, "-d", "hi"))
        .startsWith("HTTP/1.1 412 ");
    assertThat(curl(key, "-X", "PUT", "-H", "If-None-Match: *", "-d", "hi"))
        .startsWith("HTTP/1.1 412 ");
    assertThat(curl(KEYS + "/session%2F1", "-X", "PUT", "-H", "DistKV-TTL: 60s", "-d", "x"))
        .startsWith("HTTP/1.1 204 ");
    assertThat(curl(key + "?asOf=-60s")).startsWith("HTTP/1.1 404 ");
    assertThat(curl(key, "-X", "DELETE")).startsWith("HTTP/1.1 204 ").contains("DistKV-Version");
    assertThat(curl(key, "-X", "DELETE")).startsWith("HTTP/1.1 404 ");
    assertThat(curl(KEYS + "/a/../b", "--path-as-is")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void numbersBatchesListings() throws Exception {
    String json = "Content-Type: application/json";
    assertThat(curl(KEYS + "/visits/increment", "-H", json, "-d", "{\"by\": 5}"))
        .contains("{\"value\":\"5\",\"version\":\"");
    assertThat(
            curl(
                "/v1/keyspaces/default/batch",
                "-H",
                json,
                "-d",
                "{\"operations\": [{\"op\": \"put\", \"key\": \"user/1\", \"value\": \"grüße\"},"
                    + "{\"op\": \"get\", \"key\": \"user/1\"}]}"))
        .startsWith("HTTP/1.1 200 ")
        .contains("\"value\":\"grüße\"");
    assertThat(curl(KEYS + "?prefix=user%2F&limit=100", "--compressed"))
        .contains("{\"entries\":[{\"key\":\"user/1\",\"value\":\"grüße\"");
  }

  @Test
  void keyspaces() throws Exception {
    String json = "Content-Type: application/json";
    String keyspaces = "/v1/keyspaces";
    String create =
        "{\"name\": \"orders\", \"partitions\": 16, \"settings\": {\"historyMillis\": 60000}}";
    assertThat(curl(keyspaces, "-H", json, "-d", create)).startsWith("HTTP/1.1 201 ");
    assertThat(curl(keyspaces)).contains("{\"name\":\"orders\",\"number\":2}");
    assertThat(curl(keyspaces + "/orders")).contains("\"partitions\":16");
    String alter = "{\"settings\": {\"durability\": \"interval\", \"maxBytes\": \"10737418240\"}}";
    assertThat(curl(keyspaces + "/orders", "-X", "PATCH", "-H", json, "-d", alter))
        .startsWith("HTTP/1.1 200 ")
        .contains("\"maxBytes\":\"10737418240\"");
    assertThat(curl(keyspaces + "/orders", "-X", "DELETE")).startsWith("HTTP/1.1 400 ");
    assertThat(curl(keyspaces + "/orders?nameAgain=orders", "-X", "DELETE"))
        .startsWith("HTTP/1.1 204 ");
  }

  @Test
  void watches() throws Exception {
    String watch = "/v1/keyspaces/default/watch?prefix=user%2F&after=-60s";
    curl(KEYS + "/user%2F1", "-X", "PUT", "-d", "Ada");
    curl(KEYS + "/user%2F1", "-X", "DELETE");
    // curl ends such a stream by itself when its time is over, and then says so.
    List<String> command =
        List.of("curl", "-sN", "--max-time", "3", "http://127.0.0.1:" + port() + watch);
    Process process = new ProcessBuilder(command).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(28);
    assertThat(said)
        .startsWith("retry: 1000\n\nid: ")
        .containsSubsequence(
            "event: change\ndata: {\"key\":\"user/1\",\"value\":\"Ada\",\"version\":\"",
            "event: change\ndata: {\"key\":\"user/1\",\"removed\":true,\"version\":\"");
    String last = said.substring(said.lastIndexOf("\nid: ") + 5).lines().findFirst().orElse("");
    assertThat(curl(watch + "&progress=x", "-H", "Last-Event-ID: " + last))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void largeValues() throws Exception {
    java.nio.file.Path file = folder.resolveSibling("large-" + port());
    java.nio.file.Files.write(file, new byte[3 << 20]);
    assertThat(curl(KEYS + "/large", "-T", file.toString())).contains("HTTP/1.1 204 ");
    assertThat(curl(KEYS + "/large", "-T", file.toString(), "-H", "Transfer-Encoding: chunked"))
        .contains("HTTP/1.1 204 ");
    assertThat(curl(KEYS + "/large", "-I")).contains("Content-Length: 3145728");
    java.nio.file.Files.write(file, new byte[17 << 20]);
    assertThat(curl(KEYS + "/large", "-T", file.toString())).contains("HTTP/1.1 413 ");
    java.nio.file.Files.delete(file);
  }
}
