package io.distkv.server.http;

import static io.distkv.server.http.KeysTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is refused because it is too much, and that the rest is served all the same. */
class BoundsTest extends HttpTest {
  private static final int VALUE_BYTES = 1 << 20;
  private static final int JSON_BYTES = 256 << 10;

  @Override
  HttpOptions options() {
    return options(4, 2 << 20, VALUE_BYTES, JSON_BYTES, Duration.ofMillis(1_500), List.of());
  }

  private String head(String method, String path, String headers) {
    return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
  }

  @Test
  void aBodyThatIsTooLongIsRefusedBeforeItComes() throws Exception {
    for (long length : new long[] {VALUE_BYTES + 1L, 1L << 40}) {
      String said =
          RawExchange.send(
              port(), head("PUT", KEYS + "/k", "Content-Length: " + length + "\r\n") + "x");
      assertThat(RawExchange.status(said)).as(said).isEqualTo(413);
      assertThat(said).contains("TOO_LARGE");
    }
    assertProblem(put(KEYS + "/k", "x".repeat(VALUE_BYTES + 1)), 413, "TOO_LARGE");
    assertThat(put(KEYS + "/k", "x".repeat(VALUE_BYTES)).statusCode()).isEqualTo(204);
    String batch =
        "{\"operations\":[{\"op\":\"put\",\"key\":\"k\",\"value\":\""
            + "x".repeat(JSON_BYTES)
            + "\"}]}";
    assertProblem(post("/v1/keyspaces/default/batch", batch), 413, "TOO_LARGE");
  }

  @Test
  void aBodyInChunksIsCutOffAtItsLimit() throws Exception {
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
    String endless = head("PUT", KEYS + "/k", "Transfer-Encoding: chunked\r\n") + chunk.repeat(17);
    String said = RawExchange.send(port(), endless);
    assertThat(RawExchange.status(said)).as(said).isEqualTo(413);
    String huge = head("PUT", KEYS + "/k", "Transfer-Encoding: chunked\r\n") + "7fffffff\r\nx";
    said = RawExchange.send(port(), huge);
    assertThat(RawExchange.status(said)).as(said).isEqualTo(413);
    String fits =
        head("PUT", KEYS + "/k", "Transfer-Encoding: chunked\r\nConnection: close\r\n")
            + chunk.repeat(16)
            + "0\r\n\r\n";
    assertThat(RawExchange.status(RawExchange.sendAndEnd(port(), fits))).isEqualTo(204);
    assertThat(get(KEYS + "/k").body()).hasSize(VALUE_BYTES);
  }

  @Test
  void aSmallBodyThatInflatesToALargeOneIsRefused() throws Exception {
    assertProblem(zipped(new byte[VALUE_BYTES + 1]), 413, "TOO_LARGE");
    assertProblem(zipped(new byte[64 << 20]), 413, "TOO_LARGE");
    assertThat(zipped("hello".getBytes(StandardCharsets.UTF_8)).statusCode()).isEqualTo(204);
    assertThat(get(KEYS + "/zip").body()).isEqualTo("hello");
    assertThat(put(KEYS + "/zip", "no gzip", "Content-Encoding", "gzip").statusCode())
        .isEqualTo(400);
    HttpResponse<String> brotli = put(KEYS + "/zip", "x", "Content-Encoding", "br");
    assertProblem(brotli, 415, "INVALID_ARGUMENT");
    assertThat(header(brotli, "Accept-Encoding")).isEqualTo("gzip, identity");
    assertThat(put(KEYS + "/zip", "plain", "Content-Encoding", "identity").statusCode())
        .isEqualTo(204);
    assertThat(put(KEYS + "/zip", "x", "Content-Encoding", "gzip, gzip").statusCode())
        .isEqualTo(415);
  }

  private HttpResponse<String> zipped(byte[] plain) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return send(
        request(KEYS + "/zip")
            .header("Content-Encoding", "gzip")
            .PUT(BodyPublishers.ofByteArray(bytes.toByteArray())));
  }

  @Test
  void aRequestThatHasNoBodyMustNotBringOne() throws Exception {
    for (String body :
        List.of(
            "Content-Length: 5\r\n\r\nGET /",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")) {
      String said =
          RawExchange.send(port(), "DELETE " + KEYS + "/k HTTP/1.1\r\nHost: localhost\r\n" + body);
      assertThat(RawExchange.status(said)).as(said).isEqualTo(400);
      assertThat(said.split("HTTP/1\\.1 ", -1)).hasSize(2);
    }
  }

  @Test
  void clientsThatTakeTheirTimeAreClosed() throws Exception {
    List<String> parts =
        List.of(
            "GET /metrics HTTP/1.1\r\nHost: local",
            "GET /metr",
            head("PUT", KEYS + "/k", "Content-Length: 10\r\n") + "half",
            head("PUT", KEYS + "/k", "Transfer-Encoding: chunked\r\n") + "a\r\nhalf",
            head("PUT", KEYS + "/k", "Transfer-Encoding: chunked\r\n"));
    List<CompletableFuture<String>> said = new ArrayList<>();
    for (String part : parts) {
      said.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return RawExchange.send(port(), part);
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              },
              task -> Thread.ofVirtual().start(task)));
    }
    for (int i = 0; i < parts.size(); i++) {
      String answer = said.get(i).get();
      if (RawExchange.status(answer) == 503) {
        // Two bodies in chunks have no room beside each other.
        assertThat(parts.get(i)).contains("chunked");
      } else {
        assertThat(answer).startsWith("HTTP/1.1 408 ").endsWith("\"code\":\"TIMEOUT\"}");
      }
    }
    assertThat(get("/metrics").body()).contains("distkv_http_late_closes_total");
  }

  @Test
  void headersThatAreTooLargeAreToldSo() throws Exception {
    for (String path : List.of("/metrics", KEYS + "/" + "x".repeat(30_000))) {
      for (String headers :
          List.of("X: " + "x".repeat(17_000) + "\r\n", "X: 123456789\r\n".repeat(1_300))) {
        String said = RawExchange.send(port(), head("GET", path, headers));
        assertThat(RawExchange.status(said)).as(said).isEqualTo(431);
        assertThat(said).contains("the headers are too large");
      }
      String wrong = RawExchange.send(port(), head("GET", path, "no header\r\n"));
      assertThat(RawExchange.status(wrong)).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void aClientThatDoesNotTakeItsAnswerIsClosed() throws Exception {
    put(KEYS + "/big", "x".repeat(VALUE_BYTES));
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4_096);
      socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
      OutputStream out = socket.getOutputStream();
      for (int i = 0; i < 40; i++) {
        out.write(head("GET", KEYS + "/big", "").getBytes(StandardCharsets.ISO_8859_1));
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !get("/metrics").body().contains("distkv_http_late_closes_total 0.0"));
    }
  }

  @Test
  void oneRequestTooManyIsToldSo() throws Exception {
    List<Socket> holders = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket
            .getOutputStream()
            .write(
                head("PUT", KEYS + "/k" + i, "Content-Length: 5\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
        holders.add(socket);
      }
      Awaitility.await()
          .until(() -> get("/metrics").body().contains("distkv_http_requests_under_way 4.0"));
      HttpResponse<String> refused = get(KEYS + "/k");
      assertProblem(refused, 503, "OVERLOADED");
      assertThat(header(refused, "Retry-After")).isEqualTo("1");
      assertThat(get("/healthz").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : holders) {
        socket.close();
      }
    }
    Awaitility.await().until(() -> get(KEYS + "/k").statusCode() == 404);
  }

  @Test
  void bodiesWaitForMemoryAndAreRefusedAtLast() throws Exception {
    List<Socket> holders = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket
            .getOutputStream()
            .write(
                head("PUT", KEYS + "/k" + i, "Content-Length: " + VALUE_BYTES + "\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
        holders.add(socket);
      }
      Awaitility.await()
          .until(() -> get("/metrics").body().contains("distkv_http_body_bytes 2097152.0"));
      // A small body needs none of it.
      assertThat(put(KEYS + "/small", "x".repeat(60_000)).statusCode()).isEqualTo(204);
      // A large one waits until those that hold it are done, or late.
      HttpResponse<String> late = put(KEYS + "/large", "x".repeat(VALUE_BYTES));
      assertThat(late.statusCode()).as(late.body()).isIn(204, 503);
    } finally {
      for (Socket socket : holders) {
        socket.close();
      }
    }
    Awaitility.await().until(() -> get("/metrics").body().contains("distkv_http_body_bytes 0.0"));
    assertThat(put(KEYS + "/large", "x".repeat(VALUE_BYTES)).statusCode()).isEqualTo(204);
  }

  @Test
  void manyLargeBodiesAtOnceAllPass() throws Exception {
    byte[] value = new byte[VALUE_BYTES];
    List<CompletableFuture<HttpResponse<Void>>> puts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      puts.add(
          client.sendAsync(
              request(KEYS + "/k" + i).PUT(BodyPublishers.ofByteArray(value)).build(),
              java.net.http.HttpResponse.BodyHandlers.discarding()));
    }
    for (CompletableFuture<HttpResponse<Void>> put : puts) {
      assertThat(put.get().statusCode()).isEqualTo(204);
    }
  }

  @Test
  void aClientThatExpectsToBeToldIsTold() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          head(
                  "PUT",
                  KEYS + "/k",
                  "Content-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      byte[] go = in.readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
      assertThat(new String(go, StandardCharsets.ISO_8859_1)).startsWith("HTTP/1.1 100 ");
      out.write("hello".getBytes(StandardCharsets.ISO_8859_1));
      assertThat(new String(in.readNBytes(12), StandardCharsets.ISO_8859_1))
          .isEqualTo("HTTP/1.1 204");
    }
    String refused =
        RawExchange.send(
            port(),
            head("PUT", KEYS + "/k", "Content-Length: 9999999\r\nExpect: 100-continue\r\n"));
    assertThat(RawExchange.status(refused)).as(refused).isEqualTo(413);
  }
}
