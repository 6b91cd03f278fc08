package io.distkv.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.Health;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds the description of the routes to what they do: each operation, parameter and status of it
 * is used once at least, and each answer that is seen is as the description says.
 */
class OpenApiTest extends HttpTest {
  private static final String KEY = "/v1/keyspaces/{keyspace}/keys/{key}";
  private static final String KEYS_OF = "/v1/keyspaces/{keyspace}/keys";
  private static final String WATCH = "/v1/keyspaces/{keyspace}/watch";
  private static final String KEYSPACES = "/v1/keyspaces";
  private static final String KEYSPACE = "/v1/keyspaces/{keyspace}";
  private static final String BATCH = "/v1/keyspaces/{keyspace}/batch";
  private static final JsonMapper JSON = new JsonMapper();

  /** What a test cannot bring about in passing; ProblemTest and WatchTest have its status. */
  private static final Set<String> NOT_PROVOKED =
      Set.of(
          "GET " + KEY + " 410",
          "HEAD " + KEY + " 410",
          "GET " + KEYS_OF + " 410",
          "HEAD " + KEYS_OF + " 410",
          "GET " + WATCH + " 410");

  /** The schemas of the events of streams. */
  private static final Map<String, String> EVENTS =
      Map.of("change", "Change", "progress", "Progress", "end", "End");

  private final Set<String> statusesSeen = new TreeSet<>();
  private final Set<String> parametersSeen = new TreeSet<>();
  private ApiDescription api;

  @BeforeEach
  void read() throws Exception {
    api = new ApiDescription();
  }

  @Override
  HttpOptions options() {
    return options(64, 8 << 20, 1_000, 10_000, java.time.Duration.ofSeconds(30), List.of());
  }

  @Test
  void everyRouteIsDescribedAndServesTheDescription() throws Exception {
    Set<String> routes =
        http.routes().all().stream()
            .map(route -> route.method() + " " + route.template())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(api.operations()).isEqualTo(routes);
    assertThat(JSON.readTree(get("/openapi.json").body())).isEqualTo(api.root());
    assertThat(api.root().get("openapi").asString()).isEqualTo("3.1.0");
    Set<String> ids = new TreeSet<>();
    for (String operation : api.operations()) {
      assertThat(ids.add(api.operation(operation).get("operationId").asString())).isTrue();
    }
  }

  @Test
  void everythingDescribedIsSoAndIsSeen() throws Exception {
    keys();
    increments();
    batches();
    listings();
    watches();
    keyspaces();
    console();
    for (String page : List.of("/metrics", "/healthz", "/readyz", "/openapi.json")) {
      call("GET " + page, page, null, 200);
      call("HEAD " + page, page, null, 200);
    }
    health = Health.FAILED;
    for (String page : List.of("/healthz", "/readyz")) {
      call("GET " + page, page, null, 503);
      call("HEAD " + page, page, null, 503);
    }
    http.stopServing(TimeUnit.SECONDS.toNanos(10));
    call("GET " + WATCH, "/v1/keyspaces/default/watch", null, 503);
    for (String read : List.of("GET ", "HEAD ")) {
      call(read + KEYSPACES, KEYSPACES, null, 503);
      call(read + KEYSPACE, "/v1/keyspaces/default", null, 503);
    }
    call("POST " + KEYSPACES, KEYSPACES, "{}", 503);
    call("PATCH " + KEYSPACE, "/v1/keyspaces/default", "{}", 503);
    call("DELETE " + KEYSPACE, "/v1/keyspaces/default", null, 503);
    call("GET " + KEY, KEYS + "/k", null, 503);
    call("HEAD " + KEY, KEYS + "/k", null, 503);
    call("PUT " + KEY, KEYS + "/k", "x", 503);
    call("DELETE " + KEY, KEYS + "/k", null, 503);
    call("POST " + KEY + "/increment", KEYS + "/k/increment", "{}", 503);
    call("POST " + BATCH, "/v1/keyspaces/default/batch", "{}", 503);
    call("GET " + KEYS_OF, KEYS, null, 503);
    call("HEAD " + KEYS_OF, KEYS, null, 503);
    for (String operation : api.operations()) {
      for (String status : api.statuses(operation)) {
        String one = operation + " " + status;
        assertThat(statusesSeen.contains(one) || NOT_PROVOKED.contains(one)).as(one).isTrue();
      }
      for (JsonNode parameter : api.parameters(operation)) {
        if (!parameter.get("in").asString().equals("path")) {
          assertThat(parametersSeen).contains(operation + " " + parameter.get("name").asString());
        }
      }
    }
  }

  private void keys() throws Exception {
    String none = "/v1/keyspaces/none/keys/k";
    String put = "PUT " + KEY;
    call(put, KEYS + "/k?previous=true", "1", 201, "DistKV-TTL", "1h");
    call(put, KEYS + "/k?previous=true", "2", 200, "DistKV-Keep-TTL", "true");
    String tag = etag(call(put, KEYS + "/aw?encoding=base64url", "3", 204, "DistKV-TTL", "1h"));
    call(put, KEYS + "/k", "x", 412, "If-None-Match", "*");
    call(put, KEYS + "/k", "x", 412, "If-Match", "\"1\"");
    call(put, KEYS + "/", "x", 400);
    call(put, none, "x", 404);
    call(put, KEYS + "/k", "x".repeat(1_001), 413);
    call(put, KEYS + "/k", "x", 415, "Content-Encoding", "br");
    for (String read : List.of("GET ", "HEAD ")) {
      String operation = read + KEY;
      call(operation, KEYS + "/k", null, 200);
      call(operation, KEYS + "/aw?encoding=base64url&asOf=-0ms", null, 200);
      call(operation, KEYS + "/k", null, 304, "If-None-Match", tag);
      call(operation, KEYS + "/k", null, 412, "If-Match", "\"1\"");
      call(operation, KEYS + "/k?asOf=x", null, 400);
      call(operation, none, null, 404);
      call(operation, KEYS + "/none", null, 404);
    }
    String delete = "DELETE " + KEY;
    call(delete, KEYS + "/k", null, 412, "If-Match", "\"1\"");
    call(delete, KEYS + "/aw?previous&encoding=base64url", null, 200);
    call(put, KEYS + "/k", "4", 204);
    call(delete, KEYS + "/k", null, 204);
    call(delete, KEYS + "/k", null, 404);
    call(delete, KEYS + "/k?x", null, 400);
  }

  private void increments() throws Exception {
    String increment = "POST " + KEY + "/increment";
    call(increment, KEYS + "/n/increment", "{\"by\":2,\"initial\":\"5\",\"ttl\":\"1h\"}", 200);
    call(increment, KEYS + "/bg/increment?encoding=base64url", "{}", 200);
    call(increment, KEYS + "/n/increment", "{\"by\":\"x\"}", 400);
    call(increment, "/v1/keyspaces/none/keys/n/increment", "{}", 404);
    call(increment, KEYS + "/n/increment", " ".repeat(10_001), 413);
    call(increment, KEYS + "/n/increment", "{}", 415, "Content-Type", "text/plain");
  }

  private void batches() throws Exception {
    String batch = "POST " + BATCH;
    String path = "/v1/keyspaces/default/batch";
    String all =
        """
        {"operations":[{"op":"put","key":"a","value":"1","ttl":"1h"},{"op":"get","key":"a"},
          {"op":"put","keyBase64":"/w","valueBase64":"/w"},{"op":"get","keyBase64":"/w"},
          {"op":"delete","key":"a"},{"op":"delete","key":"a"},{"op":"get","key":"a"},
          {"op":"increment","key":"i"}]}
        """;
    call(batch, path, all, 200);
    call(batch, path + "?encoding=base64url", all, 200);
    call(batch, path, "{}", 400);
    call(batch, "/v1/keyspaces/none/batch", all, 404);
    call(
        batch,
        path,
        all.replace("\"op\":\"delete\"", "\"op\":\"delete\",\"ifVersion\":\"1\""),
        412);
    call(batch, path, " ".repeat(10_001), 413);
    call(batch, path, "{}", 415, "Content-Type", "text/plain");
  }

  private void listings() throws Exception {
    call("PUT " + KEY, KEYS + "/l1", "1", 204);
    call("PUT " + KEY, KEYS + "/l2%ff", "2", 204, "DistKV-TTL", "1h");
    for (String read : List.of("GET ", "HEAD ")) {
      String list = read + KEYS_OF;
      call(list, KEYS, null, 200);
      call(list, KEYS + "?start=YQ&end=eg&reverse&keysOnly=true&encoding=base64url", null, 200);
      String first = get(KEYS + "?prefix=l&limit=1&asOf=-0ms").body();
      String token = JSON.readTree(first).get("nextPageToken").asString();
      call(list, KEYS + "?prefix=l&limit=1&asOf=-0ms&pageToken=" + token, null, 200);
      call(list, KEYS + "?limit=0", null, 400);
      call(list, "/v1/keyspaces/none/keys", null, 404);
    }
  }

  private void keyspaces() throws Exception {
    String create = "POST " + KEYSPACES;
    String alter = "PATCH " + KEYSPACE;
    String drop = "DELETE " + KEYSPACE;
    String path = "/v1/keyspaces/made";
    call(create, KEYSPACES, "{\"name\":\"made\",\"settings\":{\"maxBytes\":\"5\"}}", 201);
    call(create, KEYSPACES, "{}", 400);
    call(create, KEYSPACES, " ".repeat(10_001), 413);
    call(create, KEYSPACES, "{}", 415, "Content-Type", "text/plain");
    for (String read : List.of("GET ", "HEAD ")) {
      call(read + KEYSPACES, KEYSPACES, null, 200);
      call(read + KEYSPACES, KEYSPACES + "?x", null, 400);
      call(read + KEYSPACE, path, null, 200);
      call(read + KEYSPACE, path + "?x", null, 400);
      call(read + KEYSPACE, "/v1/keyspaces/none", null, 404);
    }
    String change = "{\"settings\":{\"historyMillis\":1000}}";
    call(alter, path, change, 200);
    call(alter, path, "{}", 400);
    call(alter, "/v1/keyspaces/none", change, 404);
    call(alter, path, " ".repeat(10_001), 413);
    call(alter, path, change, 415, "Content-Type", "text/plain");
    call(drop, path, null, 400);
    call(drop, path + "?nameAgain=made", null, 204);
    call(drop, path + "?nameAgain=made", null, 404);
  }

  private void console() throws Exception {
    String file = "/console/{file}";
    String library = "/console/lib/{file}";
    for (String read : List.of("GET ", "HEAD ")) {
      call(read + "/v1/figures", "/v1/figures", null, 200);
      call(read + "/v1/figures", "/v1/figures?x", null, 400);
      for (String name : List.of("console.css", "app.js", "icon.svg", "index.html")) {
        call(read + file, "/console/" + name, null, 200);
      }
      for (String name : List.of("preact.mjs", "uPlot.min.css", "uPlot-LICENSE.txt")) {
        call(read + library, "/console/lib/" + name, null, 200);
      }
      String tag = etag(call(read + "/", "/", null, 200));
      call(read + "/", "/", null, 304, "If-None-Match", tag);
      call(read + "/", "/?x", null, 400);
      call(read + file, "/console/index.html", null, 304, "If-None-Match", tag);
      call(read + file, "/console/none", null, 404);
      call(read + file, "/console/app.js?x", null, 400);
      tag = etag(call(read + library, "/console/lib/preact.mjs", null, 200));
      call(read + library, "/console/lib/preact.mjs", null, 304, "If-None-Match", tag);
      call(read + library, "/console/lib/none", null, 404);
      call(read + library, "/console/lib/preact.mjs?x", null, 400);
    }
  }

  private void watches() throws Exception {
    String watch = "GET " + WATCH;
    String path = "/v1/keyspaces/default/watch";
    call(watch, path + "?key=a&key=b", null, 400);
    call(watch, "/v1/keyspaces/none/watch", null, 404);
    put(KEYS + "/w1", "1", "DistKV-TTL", "1h");
    put(KEYS + "/w%ff", "\u00ff");
    delete(KEYS + "/w1");
    String tag = etag(put(KEYS + "/w2", "2")).replace("\"", "");
    put(KEYS + "/w2", "3");
    for (String query :
        List.of(
            "key=w1&progress=100ms&after=-60s",
            "prefix=dw&encoding=base64url&progress=100ms&after=-60s",
            "start=w&end=x&progress=100ms")) {
      stream(watch, path + "?" + query, Set.of("progress"));
    }
    stream(watch, path + "?prefix=w&after=-60s&progress=100ms", Set.of("change", "progress"));
    stream(watch, path + "?key=w2&progress=100ms", Set.of("change"), "Last-Event-ID", tag);
  }

  /** Reads events until one of each of these kinds has come. */
  private void stream(String operation, String path, Set<String> kinds, String... headers)
      throws Exception {
    HttpRequest.Builder request = request(path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (EventReader events = EventReader.open(client, request)) {
      assertThat(events.response().statusCode()).isEqualTo(200);
      assertThat(api.response(operation, 200).at("/content/text~1event-stream").isMissingNode())
          .isFalse();
      Set<String> left = new TreeSet<>(kinds);
      while (!left.isEmpty()) {
        EventReader.Event event = Objects.requireNonNull(events.next());
        left.remove(event.name());
        JsonNode schema = api.root().at("/components/schemas/" + EVENTS.get(event.name()));
        assertThat(schema.isMissingNode()).as(event.name()).isFalse();
        assertThat(api.mistakes(schema, JSON.readTree(event.data()))).as(event.data()).isEmpty();
      }
    }
    noteParameters(operation, path, headers);
    statusesSeen.add(operation + " 200");
  }

  private HttpResponse<String> call(
      String operation, String path, @Nullable String body, int status, String... headers)
      throws Exception {
    HttpRequest.Builder request = request(path);
    String method = operation.split(" ", 2)[0];
    request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (Set.of("POST", "PATCH").contains(method) && !List.of(headers).contains("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpResponse<String> response = send(request);
    String what = operation + " " + path + ": " + response.body();
    assertThat(response.statusCode()).as(what).isEqualTo(status);
    noteParameters(operation, path, headers);
    statusesSeen.add(operation + " " + status);
    assertThat(api.statuses(operation)).as(what).contains(String.valueOf(status));
    check(response, api.response(operation, status), what);
    return response;
  }

  private void noteParameters(String operation, String path, String... headers) {
    Set<String> known =
        api.parameters(operation).stream()
            .map(each -> each.get("name").asString())
            .collect(Collectors.toSet());
    int mark = path.indexOf('?');
    if (mark >= 0) {
      for (String part : path.substring(mark + 1).split("&", -1)) {
        parametersSeen.add(operation + " " + part.split("=", 2)[0]);
      }
    }
    for (int i = 0; i < headers.length; i += 2) {
      if (!headers[i].startsWith("Content-")) {
        assertThat(known).contains(headers[i]);
        parametersSeen.add(operation + " " + headers[i]);
      }
    }
  }

  private void check(HttpResponse<String> response, JsonNode described, String what) {
    JsonNode headers = described.path("headers");
    for (String name : response.headers().map().keySet()) {
      String lower = name.toLowerCase(java.util.Locale.ROOT);
      if (lower.startsWith("distkv-")
          || Set.of("etag", "retry-after", "location").contains(lower)) {
        String known =
            headers.propertyNames().stream()
                .filter(each -> each.equalsIgnoreCase(name))
                .findFirst()
                .orElse("");
        assertThat(known).as("%s: header %s", what, name).isNotEmpty();
        JsonNode schema = api.resolve(headers.get(known)).get("schema");
        JsonNode value = JSON.getNodeFactory().stringNode(header(response, name));
        assertThat(api.mistakes(schema, value)).as(what).isEmpty();
      }
    }
    if (response.body().isEmpty()) {
      return;
    }
    String type = header(response, "Content-Type").split(";", 2)[0];
    JsonNode content = described.path("content").path(type);
    assertThat(content.isMissingNode()).as("%s: content %s", what, type).isFalse();
    if (type.endsWith("json")) {
      JsonNode value = JSON.readTree(response.body());
      assertThat(api.mistakes(content.get("schema"), value)).as(what).isEmpty();
    }
  }
}
