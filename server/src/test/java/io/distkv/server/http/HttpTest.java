package io.distkv.server.http;

import io.distkv.base.Lane;
import io.distkv.node.Health;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.platform.SystemClock;
import io.distkv.server.LiveNode;
import io.distkv.server.http.keys.NodeAccess;
import io.distkv.server.trace.Tracing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node with its HTTP front end, and a client. */
@Timeout(120)
abstract class HttpTest {
  static final KeyspaceOptions DEFAULT =
      KeyspaceOptions.of(0, "default").withHistoryMillis(600_000);
  static final KeyspaceOptions PARTS = KeyspaceOptions.of(1, "parts").withPartitions(8);
  static final String KEYS = "/v1/keyspaces/default/keys";

  final HttpClient client = HttpClient.newHttpClient();
  @TempDir Path folder;
  LiveNode live;
  HttpEndpoint http;
  volatile Health health = Health.READY;

  /** How the server under test is set up. */
  HttpOptions options() {
    return options(1_024, 64 << 20, 16 << 20, 32 << 20, Duration.ofSeconds(30), List.of());
  }

  /** How many watches it takes. */
  static final int WATCHES = 64;

  static HttpOptions options(
      int requests, long memory, int value, int body, Duration timeout, List<String> origins) {
    return new HttpOptions(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        128,
        4_096,
        requests,
        WATCHES,
        memory,
        value,
        body,
        timeout,
        timeout,
        Duration.ofMinutes(5),
        List.of("localhost", "node.example"),
        origins);
  }

  /** Who follows requests. */
  Tracing tracing() {
    return Tracing.off(new SystemClock());
  }

  @BeforeEach
  void start() throws IOException {
    live = LiveNode.start(folder, DEFAULT, PARTS);
    http =
        HttpEndpoint.start(
            options(), () -> health, live.node()::damaged, tracing(), live.wrong()::add);
    serve();
  }

  final void serve() {
    http.serve(access(live.platform().lanes().lanes(), live.node().inPlaceReads()::tryRead));
  }

  NodeAccess access(List<Lane> lanes, NodeAccess.InPlace inPlace) {
    return new NodeAccess(
        live.node().id(),
        live.platform().clock(),
        lanes,
        live.node().homeLane(),
        live.node()::unaryCalls,
        live.node()::watches,
        inPlace,
        live.node()::hotKeys);
  }

  @AfterEach
  void stop() throws Exception {
    http.stopServing(TimeUnit.SECONDS.toNanos(10));
    client.close();
    http.close();
    live.close();
  }

  int port() {
    return http.address().getPort();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  HttpResponse<String> put(String path, String value, String... headers) throws Exception {
    HttpRequest.Builder request = request(path).PUT(BodyPublishers.ofString(value));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  HttpResponse<String> delete(String path, String... headers) throws Exception {
    HttpRequest.Builder request = request(path).DELETE();
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  HttpResponse<String> post(String path, String json) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  static String etag(HttpResponse<?> response) {
    return response.headers().firstValue("ETag").orElse("");
  }

  static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
