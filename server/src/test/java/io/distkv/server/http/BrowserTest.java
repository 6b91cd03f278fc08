package io.distkv.server.http;

import static io.distkv.server.http.KeysTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** What web pages may do (CORS), and answers that go compressed. */
class BrowserTest extends HttpTest {
  private static final String FRIEND = "https://friend.example";

  @Override
  HttpOptions options() {
    return options(
        64, 8 << 20, 1 << 20, 1 << 20, java.time.Duration.ofSeconds(30), List.of(FRIEND));
  }

  private HttpResponse<String> preflight(String origin) throws Exception {
    return send(
        request(KEYS + "/k")
            .method("OPTIONS", BodyPublishers.noBody())
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "PUT")
            .header("Access-Control-Request-Headers", "if-match"));
  }

  @Test
  void aBrowserIsToldWhatAPageMayDo() throws Exception {
    HttpResponse<String> friend = preflight(FRIEND);
    assertThat(friend.statusCode()).isEqualTo(204);
    assertThat(header(friend, "Access-Control-Allow-Origin")).isEqualTo(FRIEND);
    assertThat(header(friend, "Access-Control-Allow-Methods")).isEqualTo("GET, HEAD, PUT, DELETE");
    assertThat(header(friend, "Access-Control-Allow-Headers")).contains("If-Match");
    assertThat(header(friend, "Access-Control-Max-Age")).isEqualTo("600");
    assertThat(header(friend, "Vary")).isEqualTo("Origin");
    for (String foreign : List.of("https://foe.example", FRIEND + ".evil", "null")) {
      HttpResponse<String> refused = preflight(foreign);
      assertThat(refused.headers().map().keySet())
          .noneMatch(name -> name.startsWith("access-control"));
    }
  }

  @Test
  void onlyPagesOfAllowedOriginsReadAndWrite() throws Exception {
    HttpResponse<String> put = put(KEYS + "/k", "v", "Origin", FRIEND);
    assertThat(put.statusCode()).isEqualTo(204);
    assertThat(header(put, "Access-Control-Allow-Origin")).isEqualTo(FRIEND);
    assertThat(header(put, "Access-Control-Expose-Headers")).contains("ETag");
    HttpResponse<String> read = send(request(KEYS + "/k").header("Origin", "https://foe.example"));
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(header(read, "Access-Control-Allow-Origin")).isEmpty();
    assertThat(header(read, "Vary")).isEqualTo("Origin");
    HttpResponse<String> written = put(KEYS + "/k", "evil", "Origin", "https://foe.example");
    assertProblem(written, 403, "PERMISSION_DENIED");
    assertThat(put(KEYS + "/k", "own", "Origin", "http://127.0.0.1:" + port()).statusCode())
        .isEqualTo(204);
    assertThat(get(KEYS + "/k").body()).isEqualTo("own");
    HttpResponse<String> gone = send(request(KEYS + "/none").header("Origin", FRIEND));
    assertThat(header(gone, "Access-Control-Allow-Origin")).isEqualTo(FRIEND);
  }

  @Test
  void whoCallsTheNodeByAnotherNameIsRefused() throws Exception {
    for (String host :
        List.of(
            "localhost",
            "localhost:8379",
            "LOCALHOST",
            "localhost.",
            "127.0.0.1:1",
            "10.1.2.3",
            "[::1]:8379",
            "node.example")) {
      assertThat(RawExchange.status(raw("GET", host))).as(host).isEqualTo(200);
    }
    for (String host :
        List.of("foe.example:8379", "localhost.foe.example", "127.0.0.1.foe.example", "x")) {
      for (String method : List.of("GET", "HEAD", "PUT", "OPTIONS", "DELETE")) {
        assertThat(RawExchange.status(raw(method, host))).as(host).isEqualTo(403);
      }
      assertThat(raw("GET", host)).contains("http.hosts");
    }
  }

  private String raw(String method, String host) throws IOException {
    return RawExchange.send(
        port(), method + " /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  }

  @Test
  void longTextsGoCompressedIfWanted() throws Exception {
    for (int i = 0; i < 100; i++) {
      put(KEYS + "/key" + i, "value");
    }
    HttpResponse<byte[]> zipped =
        client.send(
            request(KEYS).header("Accept-Encoding", "gzip").build(), BodyHandlers.ofByteArray());
    assertThat(header(zipped, "Content-Encoding")).isEqualTo("gzip");
    assertThat(zipped.headers().allValues("Vary")).contains("Accept-Encoding");
    assertThat(unzip(zipped.body())).isEqualTo(get(KEYS).body());
    HttpResponse<String> plain = get(KEYS);
    assertThat(header(plain, "Content-Encoding")).isEmpty();
    assertThat(plain.headers().allValues("Vary")).contains("Accept-Encoding");
    // Values never: they are what they are.
    put(KEYS + "/long", "x".repeat(10_000));
    assertThat(
            header(
                send(request(KEYS + "/long").header("Accept-Encoding", "gzip")),
                "Content-Encoding"))
        .isEmpty();
  }

  private static String unzip(byte[] bytes) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
