package io.distkv.server.http;

import static io.distkv.server.http.KeysTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.server.LiveNode;
import io.distkv.server.http.EventReader.Event;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Watching keys by server-sent events. */
class WatchTest extends HttpTest {
  private static final String WATCH = "/v1/keyspaces/default/watch";
  private static final JsonMapper JSON = new JsonMapper();

  private EventReader watch(String path, String... headers) throws Exception {
    HttpRequest.Builder request = request(path).header("Accept", "text/event-stream");
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    EventReader reader = EventReader.open(client, request);
    assertThat(reader.response().statusCode()).isEqualTo(200);
    return reader;
  }

  private void awaitWatches(int count) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> get("/metrics").body().contains("distkv_http_watches " + count + ".0"));
  }

  private static JsonNode json(Event event) {
    return JSON.readTree(event.data());
  }

  private static String text(Event event) {
    JsonNode change = json(event);
    return change.get("key").asString()
        + (change.has("removed") ? " removed" : "=" + change.get("value").asString());
  }

  private static List<String> texts(List<Event> events) {
    return events.stream().map(WatchTest::text).toList();
  }

  @Test
  void changesComeInOrderAndAStreamGoesOnWhereAnotherEnded() throws Exception {
    for (String keyspace : List.of("default", "parts")) {
      String keys = "/v1/keyspaces/" + keyspace + "/keys";
      String path = "/v1/keyspaces/" + keyspace + "/watch?prefix=a";
      try (EventReader watch = watch(path)) {
        assertThat(header(watch.response(), "Content-Type")).isEqualTo("text/event-stream");
        assertThat(header(watch.response(), "Cache-Control")).isEqualTo("no-store");
        watch.next("progress");
        String first = header(put(keys + "/a1", "1"), "DistKV-Version");
        put(keys + "/b", "2");
        put(keys + "/a2", "3", "DistKV-TTL", "1h");
        delete(keys + "/a1");
        List<Event> events = watch.changes(3);
        assertThat(texts(events)).containsExactly("a1=1", "a2=3", "a1 removed");
        assertThat(json(events.getFirst()).get("version").asString()).isEqualTo(first);
        assertThat(json(events.get(0)).has("expiresAtMillis")).isFalse();
        assertThat(json(events.get(1)).get("expiresAtMillis").asString()).matches("[0-9]{13}");
        try (EventReader again = watch(path, "Last-Event-ID", events.getFirst().id());
            EventReader after = watch(path + "&after=" + first)) {
          assertThat(texts(again.changes(2))).containsExactly("a2=3", "a1 removed");
          assertThat(texts(after.changes(2))).containsExactly("a2=3", "a1 removed");
        }
      }
    }
  }

  @Test
  void oneKeyARangeAndTheWholeKeyspace() throws Exception {
    try (EventReader key = watch(WATCH + "?key=b");
        EventReader range = watch(WATCH + "?start=b&end=d");
        EventReader all = watch(WATCH)) {
      for (String each : List.of("a", "b", "b1", "c", "d")) {
        put(KEYS + "/" + each, "x");
      }
      put(KEYS + "/b", "y");
      assertThat(texts(key.changes(2))).containsExactly("b=x", "b=y");
      assertThat(texts(range.changes(4))).containsExactly("b=x", "b1=x", "c=x", "b=y");
      assertThat(texts(all.changes(6))).containsExactly("a=x", "b=x", "b1=x", "c=x", "d=x", "b=y");
    }
  }

  @Test
  void keysAndValuesOfAnyBytes() throws Exception {
    try (EventReader text = watch(WATCH + "?key=%00%FF");
        EventReader base64 = watch(WATCH + "?key=AP8&encoding=base64url")) {
      put(KEYS + "/%00%FF", "gr\u00fc\u00dfe\n\r\ndata: x\u2028\0");
      JsonNode change = json(text.next("change"));
      assertThat(change.get("keyBase64").asString()).isEqualTo("AP8=");
      assertThat(change.get("value").asString()).isEqualTo("gr\u00fc\u00dfe\n\r\ndata: x\u2028\0");
      JsonNode coded = json(base64.next("change"));
      assertThat(coded.get("keyBase64").asString()).isEqualTo("AP8=");
      assertThat(coded.has("valueBase64")).isTrue();
    }
  }

  @Test
  void marksTellHowFarEverythingWasTold() throws Exception {
    try (EventReader watch = watch(WATCH + "?key=never&progress=100ms")) {
      Event begun = watch.next("progress");
      Event mark = watch.next("progress");
      assertThat(Long.parseLong(mark.id())).isGreaterThan(Long.parseLong(begun.id()));
      assertThat(json(mark).get("version").asString()).isEqualTo(mark.id());
    }
  }

  /** One batch of 2,500 keys, which have one version and come in several deliveries. */
  @Test
  void withinABatchAStreamGoesOnKeyByKey() throws Exception {
    StringBuilder operations = new StringBuilder();
    for (int i = 0; i < 2_500; i++) {
      operations
          .append(i == 0 ? "" : ",")
          .append("{\"op\":\"put\",\"key\":\"k%04d\",\"value\":\"\"}".formatted(i));
    }
    try (EventReader begin = watch(WATCH)) {
      begin.next("progress");
      String batch = "{\"operations\":[" + operations + "]}";
      assertThat(post("/v1/keyspaces/default/batch", batch).statusCode()).isEqualTo(200);
      put(KEYS + "/last", "");
      String cut = begin.lastId();
      List<String> seen = new ArrayList<>();
      for (int length = 1; seen.size() < 2_501; length = length * 3 + 7) {
        // Comes again and again, and each time is cut off a little further on.
        try (EventReader watch = watch(WATCH, "Last-Event-ID", cut)) {
          int count = Math.min(length, 2_501 - seen.size());
          watch.changes(count).forEach(event -> seen.add(json(event).get("key").asString()));
          cut = watch.lastId();
        }
      }
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 2_500; i++) {
        expected.add("k%04d".formatted(i));
      }
      expected.add("last");
      assertThat(seen).isEqualTo(expected);
    }
  }

  /** A browser that loses its connection at any time misses nothing and sees nothing twice. */
  @Test
  void whoComesAgainMissesNothingWhileManyWrite() throws Exception {
    String keys = "/v1/keyspaces/parts/keys/";
    int count = 600;
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    String cut;
    try (EventReader begin = watch("/v1/keyspaces/parts/watch")) {
      cut = begin.next("progress").id();
    }
    for (int writer = 0; writer < 3; writer++) {
      int own = writer;
      writers.add(
          CompletableFuture.runAsync(() -> {
            for (int i = own; i < count; i += 3) {
              try {
                put(keys + "k" + i, "v");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            }
          }));
    }
    Set<String> seen = new HashSet<>();
    long version = 0;
    for (int i = 0; seen.size() < count; i++) {
      try (EventReader watch = watch("/v1/keyspaces/parts/watch", "Last-Event-ID", cut)) {
        for (Event event : watch.changes(Math.min(1 + i % 17, count - seen.size()))) {
          assertThat(seen.add(json(event).get("key").asString())).isTrue();
          long next = json(event).get("version").asLong();
          assertThat(next).isGreaterThanOrEqualTo(version);
          version = next;
        }
        cut = watch.lastId();
      }
    }
    CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)).get();
  }

  @Test
  void whatIsWrongIsAProblem() throws Exception {
    String key = "x".repeat(65_536);
    for (String wrong :
        List.of(
            "?key=",
            "?key=a&prefix=b",
            "?prefix=a&start=b",
            "?start=b&end=a",
            "?start=b&end=b",
            "?end=",
            "?after=0",
            "?after=x",
            "?after=-5",
            "?after=9999999999999999999",
            "?after=1.2.3",
            "?after=9223372036854775806",
            "?progress=99ms",
            "?progress=2h",
            "?progress=1",
            "?encoding=hex",
            "?key=%20&encoding=base64url",
            "?prefix=" + key,
            "?asOf=1")) {
      assertProblem(get(WATCH + wrong), 400, "INVALID_ARGUMENT");
    }
    for (String id : List.of("x", "1.", "-1", "0", "1.2.3", "1 2", "99999999999999999999")) {
      assertProblem(send(request(WATCH).header("Last-Event-ID", id)), 400, "INVALID_ARGUMENT");
    }
    assertProblem(get("/v1/keyspaces/nosuch/watch"), 404, "NOT_FOUND");
    assertThat(post(WATCH, "{}").statusCode()).isEqualTo(405);
    awaitWatches(0);
  }

  @Test
  void whatIsTooLongAgoIsGoneBeforeTheStreamOpens() throws Exception {
    // The keyspace keeps no history, and what was written goes into a table.
    String first = header(put("/v1/keyspaces/parts/keys/a", "1"), "DistKV-Version");
    put("/v1/keyspaces/parts/keys/a", "2");
    live.close();
    live = LiveNode.start(folder, DEFAULT, PARTS);
    serve();
    assertProblem(get("/v1/keyspaces/parts/watch?after=" + first), 410, "HISTORY_GONE");
    assertProblem(get("/v1/keyspaces/parts/watch?after=1"), 410, "HISTORY_GONE");
  }

  @Test
  void aDroppedKeyspaceEndsItsStreams() throws Exception {
    try (EventReader watch = watch("/v1/keyspaces/parts/watch")) {
      watch.next("progress");
      put("/v1/keyspaces/parts/keys/a", "1");
      Event change = watch.next("change");
      live.run("FLUSHALL");
      Event end = watch.next("end");
      assertThat(json(end).get("code").asString()).isEqualTo("HISTORY_GONE");
      assertThat(end.id()).isEqualTo(change.id());
      assertThat(watch.next()).isNull();
    }
    awaitWatches(0);
  }

  @Test
  void theEndOfTheNodeTellsWhereToGoOn() throws Exception {
    try (EventReader watch = watch(WATCH)) {
      watch.next("progress");
      put(KEYS + "/k", "v");
      Event change = watch.next("change");
      http.stopServing(TimeUnit.SECONDS.toNanos(60));
      Event end = watch.next("end");
      assertThat(json(end).get("code").asString()).isEqualTo("NO_QUORUM");
      assertThat(json(end).get("after").asString()).isEqualTo(change.id());
      assertThat(watch.next()).isNull();
      assertProblem(get(WATCH), 503, "OVERLOADED");
    }
  }

  @Test
  void tooManyAreRefusedAndOthersAreServedAllTheSame() throws Exception {
    List<EventReader> open = new ArrayList<>();
    for (int i = 0; i < WATCHES; i++) {
      open.add(watch(WATCH));
    }
    var refused = get(WATCH);
    assertProblem(refused, 503, "OVERLOADED");
    assertThat(refused.body()).contains("http.watches");
    assertThat(put(KEYS + "/k", "v").statusCode()).isEqualTo(204);
    open.removeFirst().close();
    // The server looks after its clients.
    awaitWatches(WATCHES - 1);
    open.add(watch(WATCH));
    for (EventReader each : open) {
      each.close();
    }
    awaitWatches(0);
  }

  @Test
  void aConnectionThatIsCutLeavesNothingBehind() throws Exception {
    for (String headers : List.of("", "Last-Event-ID: 1\r\n")) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
        socket
            .getOutputStream()
            .write(
                ("GET " + WATCH + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        if (headers.isEmpty()) {
          awaitWatches(1);
        }
      }
      awaitWatches(0);
    }
    assertThat(live.watches()).isZero();
  }

  @Test
  void whoTakesNothingIsLetGo() throws Exception {
    String value = "x".repeat(1 << 20);
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4_096);
      socket.connect(http.address());
      socket
          .getOutputStream()
          .write(
              ("GET " + WATCH + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      awaitWatches(1);
      for (int i = 0; i < 12; i++) {
        put(KEYS + "/large", value);
      }
      // More than the system holds for a connection; the rest is nobody's to hold.
      awaitWatches(0);
      assertThat(get("/metrics").body()).contains("distkv_http_late_closes_total 1.0");
      assertThat(live.watches()).isZero();
      // What was taken tells where to go on: the last id that came whole.
      String taken = readAll(socket);
      assertThat(taken).contains("\nid: ");
    }
  }

  private static String readAll(Socket socket) {
    StringBuilder text = new StringBuilder();
    try {
      InputStream in = socket.getInputStream();
      byte[] part = new byte[64 * 1024];
      for (int count = in.read(part); count >= 0; count = in.read(part)) {
        text.append(new String(part, 0, count, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // It was cut.
    }
    return text.toString();
  }

  @Override
  HttpOptions options() {
    return options(64, 64 << 20, 16 << 20, 32 << 20, Duration.ofSeconds(3), List.of());
  }
}
