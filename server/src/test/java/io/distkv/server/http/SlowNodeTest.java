package io.distkv.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Lane;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens while the node takes its time. */
class SlowNodeTest extends HttpTest {
  private static final byte[] GET =
      ("GET " + KEYS + "/k HTTP/1.1\r\nHost: localhost\r\n\r\n")
          .getBytes(StandardCharsets.US_ASCII);

  private List<HeldLane> lanes = List.of();

  @BeforeEach
  void hold() {
    lanes = live.platform().lanes().lanes().stream().map(HeldLane::new).toList();
    http.serve(access(lanes.stream().map(Lane.class::cast).toList(), (_, _) -> null));
  }

  private int held() {
    return lanes.stream().mapToInt(HeldLane::held).sum();
  }

  private void awaitUnderWay(int count) {
    String line = "distkv_http_requests_under_way " + count + ".0";
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> get("/metrics").body().contains(line));
  }

  @Test
  void aClientThatGoesAwayLeavesNothingBehind() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.getOutputStream().write(GET);
      Awaitility.await().until(() -> held() == 1);
      awaitUnderWay(1);
    }
    awaitUnderWay(0);
    // Its command was given up, and is not begun when the lane comes to it.
    lanes.forEach(HeldLane::goOn);
  }

  @Test
  void whatAClientSendsMeanwhileIsNotLost() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      OutputStream out = socket.getOutputStream();
      out.write(GET);
      Awaitility.await().until(() -> held() == 1);
      // Long enough for the server to look whether the client is still there.
      Awaitility.await()
          .until(() -> get("/metrics").body().contains("distkv_http_slow_waits_total 1.0"));
      out.write(GET, 0, 10);
      lanes.forEach(HeldLane::goOn);
      assertThat(status(socket)).isEqualTo("HTTP/1.1 404");
      out.write(GET, 10, GET.length - 10);
      Awaitility.await().until(() -> held() == 1);
      lanes.forEach(HeldLane::goOn);
      assertThat(status(socket)).isEqualTo("HTTP/1.1 404");
    }
  }

  /** The status of the next answer, which ends with a problem's last member. */
  private static String status(Socket socket) throws IOException {
    StringBuilder said = new StringBuilder();
    while (!said.toString().endsWith("\"code\":\"NOT_FOUND\"}")) {
      said.append((char) socket.getInputStream().read());
    }
    return said.substring(0, 12);
  }

  @Test
  void theEndWaitsForWhatIsUnderWay() throws Exception {
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request(KEYS + "/k").build(), BodyHandlers.ofString());
    Awaitility.await().until(() -> held() == 1);
    CompletableFuture<Void> stopped =
        CompletableFuture.runAsync(() -> {
          try {
            http.stopServing(Duration.ofSeconds(60).toNanos());
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    Awaitility.await().until(() -> get(KEYS + "/other").statusCode() == 503);
    assertThat(stopped).isNotDone();
    lanes.forEach(HeldLane::goOn);
    assertThat(answer.get().statusCode()).isEqualTo(404);
    stopped.get();
  }
}
