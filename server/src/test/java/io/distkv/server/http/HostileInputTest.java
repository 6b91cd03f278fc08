package io.distkv.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What no proper client sends. Each must be answered with a problem, or with nothing. */
class HostileInputTest extends HttpTest {
  private static final String HOST = "Host: localhost\r\n";
  private static final String END = "Connection: close\r\n\r\n";

  private String raw(String requestLine, String headers) throws Exception {
    return RawExchange.sendAndEnd(port(), requestLine + "\r\n" + headers + "\r\n");
  }

  private void assertRefused(String said, int status) {
    assertThat(RawExchange.status(said)).as(said).isEqualTo(status);
    assertThat(said).contains("application/problem+json").doesNotContainIgnoringCase("<html");
    assertThat(said).doesNotContain("helidon").doesNotContain("Exception").doesNotContain("\tat ");
  }

  @Test
  void pathsAreTakenAsTheyAre() throws Exception {
    put(KEYS + "/secret", "x");
    put("/v1/keyspaces/parts/keys/secret", "y");
    List<String> tricks =
        List.of(
            "/v1/keyspaces/default/keys/a/../secret",
            "/v1/keyspaces/default/../parts/keys/secret",
            "/v1/keyspaces/default/keys/..",
            "/v1/./keyspaces/default/keys/secret",
            "/..",
            "//v1/keyspaces/default/keys/secret",
            "/v1//keyspaces/default/keys/secret",
            "/v1/keyspaces/default/keys//secret",
            "/v1/keyspaces/default/keys/secret/",
            "/v1/keyspaces/default%2Fkeys/secret",
            "/v1/keyspaces/default/keys%2Fsecret",
            "/%76%31/keyspaces/default/keys/secret",
            "/v1/keyspaces/default/keys;x=1/secret",
            "/v1;x/keyspaces/default/keys/secret",
            "/v1/keyspaces/%2e%2e/keys/secret",
            "/metrics/",
            "/%6detrics",
            "/metrics;jsessionid=1",
            "/.%2fmetrics");
    for (String path : tricks) {
      String said = raw("GET " + path + " HTTP/1.1", HOST + END);
      assertThat(RawExchange.status(said)).as("%s: %s", path, said).isIn(400, 404);
      assertRefused(said, RawExchange.status(said));
    }
    // These are keys that are not there, and nothing else.
    for (String key :
        List.of("%2e%2e", ".%2e", "..%2f..%2fparts%2fkeys%2fsecret", "%00", "%c0%ae")) {
      String said = raw("GET " + KEYS + "/" + key + " HTTP/1.1", HOST + END);
      assertRefused(said, 404);
      assertThat(said).contains("there is no such key");
    }
  }

  @Test
  void whatIsNoPathIsRefused() throws Exception {
    List<String> wrong =
        List.of(
            "GET " + KEYS + "/a%zz HTTP/1.1",
            "GET " + KEYS + "/a% HTTP/1.1",
            "GET " + KEYS + "/a%4 HTTP/1.1",
            "GET " + KEYS + "/\u00e4 HTTP/1.1",
            "GET " + KEYS + "/\u00c0\u00af HTTP/1.1",
            "GET " + KEYS + "/a#b HTTP/1.1",
            "GET " + KEYS + "/a b HTTP/1.1",
            "GET " + KEYS + "/a\tb HTTP/1.1",
            "GET " + KEYS + "/k?asOf=%zz HTTP/1.1",
            "GET " + KEYS + "/k?asOf=%ff HTTP/1.1",
            "GET " + KEYS + "/k?asOf=\u00ff HTTP/1.1",
            "GET " + KEYS + "/k?%00=1 HTTP/1.1",
            "GET v1 HTTP/1.1",
            "GET  / HTTP/1.1",
            "GET /",
            "GET / HTTP/2.0",
            "GET / HTTP/1.1 ",
            "G\u0000T / HTTP/1.1",
            "",
            "\u0016\u0003\u0001\u0002");
    for (String line : wrong) {
      String said = raw(line, HOST + END);
      assertThat(RawExchange.status(said)).as("%s: %s", line, said).isIn(400, 404, 405);
      assertRefused(said, RawExchange.status(said));
    }
    assertRefused(raw("GET / HTTP/1.0", END), 505);
  }

  @Test
  void anAbsoluteTargetIsAsGood() throws Exception {
    put(KEYS + "/k", "v");
    String said = raw("GET http://localhost" + KEYS + "/k HTTP/1.1", HOST + END);
    assertThat(RawExchange.status(said)).as(said).isEqualTo(200);
    assertThat(said).endsWith("\r\n\r\nv");
  }

  @Test
  void aBodyOfTwoLengthsIsNoBody() throws Exception {
    String smuggled = "DELETE " + KEYS + "/k HTTP/1.1\r\n" + HOST + "\r\n";
    put(KEYS + "/k", "v");
    String line = "PUT " + KEYS + "/other HTTP/1.1\r\n" + HOST;
    List<String> shapes =
        List.of(
            "Content-Length: 1\r\nContent-Length: 5\r\n\r\nx" + smuggled,
            "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx" + smuggled,
            "Content-Length: 1, 5\r\n\r\nx" + smuggled,
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled,
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + smuggled,
            "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + smuggled,
            "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + smuggled,
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled,
            "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + smuggled,
            "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + smuggled,
            "Content-Length: -1\r\n\r\n" + smuggled,
            "Content-Length: +1\r\n\r\nx" + smuggled,
            "Content-Length: 0x1\r\n\r\nx" + smuggled,
            "Content-Length: 1 1\r\n\r\nx" + smuggled,
            "Content-Length: 99999999999999999999\r\n\r\nx" + smuggled,
            "Content-Length:\r\n\r\n" + smuggled,
            "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + smuggled,
            "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n" + smuggled,
            "Transfer-Encoding: chunked\r\n\r\n1\r\nxyz0\r\n\r\n" + smuggled,
            "Transfer-Encoding: chunked\r\n\r\nffffffffff\r\nx" + smuggled,
            "Host: other\r\n\r\n" + smuggled);
    for (String shape : shapes) {
      String said = RawExchange.sendAndEnd(port(), line + shape);
      assertThat(said.split("HTTP/1\\.1 ", -1)).as("%s: %s", shape, said).hasSizeLessThan(3);
      assertThat(RawExchange.status(said)).as("%s: %s", shape, said).isIn(0, 400, 413, 501);
      assertThat(get(KEYS + "/k").statusCode()).as(shape).isEqualTo(200);
    }
  }

  @Test
  void headersThatAreNoneAreRefused() throws Exception {
    String line = "GET " + KEYS + "/k HTTP/1.1";
    assertRefused(raw(line, END), 400);
    assertRefused(raw(line, HOST + " folded: x\r\n" + END), 400);
    assertRefused(raw(line, HOST + "na me: x\r\n" + END), 400);
    assertRefused(raw(line, HOST + "x: a\u0000b\r\n" + END), 400);
    assertRefused(raw(line, HOST + "no colon\r\n" + END), 400);
    assertRefused(raw(line, HOST + "x: y\n" + END), 400);
    assertRefused(raw(line, "Host: a b\r\n" + END), 400);
    String huge = raw(line, HOST + "x: " + "y".repeat(20_000) + "\r\n" + END);
    assertThat(RawExchange.status(huge)).as(huge).isIn(400, 431);
  }

  @Test
  void nothingThatAClientSaysBecomesAHeader() throws Exception {
    String said = raw("GET " + KEYS + "/k?x%0d%0aSet-Cookie:%20a=b HTTP/1.1", HOST + END);
    assertRefused(said, 400);
    assertThat(said).doesNotContain("\r\nSet-Cookie");
    said = raw("GET /v1/keyspaces/a%0d%0aSet-Cookie:%20a=b/keys/k HTTP/1.1", HOST + END);
    assertRefused(said, 404);
    assertThat(said).doesNotContain("\r\nSet-Cookie").doesNotContain("<script");
    said = raw("GET " + KEYS + "/k HTTP/1.1", HOST + "Origin: http://x\ry\r\n" + END);
    assertThat(said).doesNotContain("http://x");
  }
}
