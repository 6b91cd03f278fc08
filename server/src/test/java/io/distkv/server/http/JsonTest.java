package io.distkv.server.http;

import static io.distkv.server.http.KeysTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Batches, increments and listings. */
class JsonTest extends HttpTest {
  private static final String BATCH = "/v1/keyspaces/default/batch";
  private static final JsonMapper JSON = new JsonMapper();

  private static JsonNode json(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(header(response, "Content-Type")).isEqualTo("application/json");
    return JSON.readTree(response.body());
  }

  @Test
  void aBatchIsDoneAsOne() throws Exception {
    String version = etag(put(KEYS + "/c", "old")).replace("\"", "");
    JsonNode results =
        json(post(
                BATCH,
                """
                {"operations": [
                  {"op": "put", "key": "a", "value": "grüße", "ttl": "1h", "ifAbsent": true},
                  {"op": "get", "key": "a"},
                  {"op": "put", "keyBase64": "/w==", "valueBase64": "AP8"},
                  {"op": "get", "keyBase64": "_w"},
                  {"op": "delete", "key": "c", "ifVersion": "%s"},
                  {"op": "delete", "key": "c"},
                  {"op": "get", "key": "c"},
                  {"op": "increment", "key": "n", "by": 9007199254740993},
                  {"op": "increment", "key": "n", "by": "-1", "ttl": "5s"},
                  {"op": "put", "key": "a", "value": "", "keepTtl": true, "ifPresent": true},
                  {"op": "get", "key": "a"}
                ]}
                """
                    .formatted(version)))
            .get("results");
    assertThat(results.size()).isEqualTo(11);
    assertThat(results.get(0).get("version").asString()).matches("[0-9]+");
    assertThat(results.get(1).get("found").asBoolean()).isTrue();
    assertThat(results.get(1).get("value").asString()).isEqualTo("grüße");
    assertThat(results.get(1).get("version")).isEqualTo(results.get(0).get("version"));
    assertThat(results.get(3).get("valueBase64").asString()).isEqualTo("AP8=");
    assertThat(results.get(3).has("value")).isFalse();
    assertThat(results.get(4).get("found").asBoolean()).isTrue();
    assertThat(results.get(5).toString()).isEqualTo("{\"found\":false}");
    assertThat(results.get(6).toString()).isEqualTo("{\"found\":false}");
    assertThat(results.get(8).get("value").asString()).isEqualTo("9007199254740992");
    assertThat(results.get(10).get("value").asString()).isEmpty();
    assertThat(results.get(10).get("ttl").asString()).matches("3[0-9]{6}ms");
    assertThat(get(KEYS + "/a").body()).isEmpty();
  }

  @Test
  void aBatchThatFailsChangesNothing() throws Exception {
    put(KEYS + "/b", "here");
    HttpResponse<String> failed =
        post(
            BATCH,
            """
            {"operations":[{"op":"put","key":"a","value":"1"},
                           {"op":"put","key":"b","value":"2","ifAbsent":true}]}
            """);
    assertProblem(failed, 412, "VERSION_MISMATCH");
    assertThat(failed.body()).contains("operation 2 of the batch");
    assertThat(get(KEYS + "/a").statusCode()).isEqualTo(404);
  }

  @Test
  void aBatchOfReadsMaySpanPartitions() throws Exception {
    StringBuilder operations = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      put("/v1/keyspaces/parts/keys/k" + i, "v" + i);
      operations.append(i == 0 ? "" : ",").append("{\"op\":\"get\",\"key\":\"k" + i + "\"}");
    }
    String body = "{\"operations\":[" + operations + "]}";
    JsonNode results = json(post("/v1/keyspaces/parts/batch", body)).get("results");
    for (int i = 0; i < 20; i++) {
      assertThat(results.get(i).get("value").asString()).isEqualTo("v" + i);
    }
    String write = body.replace("]}", ",{\"op\":\"put\",\"key\":\"k0\",\"value\":\"\"}]}");
    assertProblem(post("/v1/keyspaces/parts/batch", write), 400, "INVALID_ARGUMENT");
    JsonNode encoded =
        json(
            post(
                BATCH + "?encoding=base64url",
                "{\"operations\":[{\"op\":\"put\",\"key\":\"t\",\"value\":\"hi\"},"
                    + "{\"op\":\"get\",\"key\":\"t\"}]}"));
    assertThat(encoded.get("results").get(1).get("valueBase64").asString()).isEqualTo("aGk=");
  }

  @Test
  void aNumberIsAddedTo() throws Exception {
    String path = KEYS + "/a%2Fb:c/increment";
    assertThat(json(post(path, "{}")).get("value").asString()).isEqualTo("1");
    assertThat(json(post(path, "{\"by\":41}")).get("value").asString()).isEqualTo("42");
    assertThat(get(KEYS + "/a%2Fb:c").body()).isEqualTo("42");
    JsonNode fresh =
        json(post(KEYS + "/n/increment", "{\"by\":-2,\"initial\":\"10\",\"ttl\":\"1h\"}"));
    assertThat(fresh.get("value").asString()).isEqualTo("8");
    assertThat('"' + fresh.get("version").asString() + '"').isEqualTo(etag(get(KEYS + "/n")));
    assertThat(header(get(KEYS + "/n"), "DistKV-TTL")).isNotEmpty();
    put(KEYS + "/text", "abc");
    assertProblem(post(KEYS + "/text/increment", "{}"), 400, "INVALID_ARGUMENT");
    // A key of that name is no increment, and has no such method.
    assertProblem(post(KEYS + "/a%2Fincrement", "{}"), 405, "INVALID_ARGUMENT");
  }

  @Test
  void whatABodyMustNotSayIsNamed() throws Exception {
    Map<String, String> wrong =
        Map.ofEntries(
            Map.entry("", "must be an object"),
            Map.entry("[]", "must be an object"),
            Map.entry("{\"ops\":[]}", "no field ops; there are operations"),
            Map.entry("{\"operations\":{}}", "operations must be a list"),
            Map.entry("{\"operations\":[]}", "at least one"),
            Map.entry("{\"operations\":[{}]}", "operations[0] has no op"),
            Map.entry("{\"operations\":[1]}", "operations[0] must be an object"),
            Map.entry(op("\"op\":\"get\""), "operations[0] has no key"),
            Map.entry(op("\"op\":\"GET\",\"key\":\"k\""), "operations[0].op is get, put"),
            Map.entry(op("\"op\":\"put\",\"key\":\"k\""), "operations[0] has no value"),
            Map.entry(op("\"op\":\"get\",\"key\":\"k\",\"value\":\"\""), "has a value"),
            Map.entry(op("\"op\":\"get\",\"key\":\"k\",\"ttl\":\"1s\""), "has a ttl"),
            Map.entry(op("\"op\":\"put\",\"key\":\"k\",\"value\":\"\",\"by\":1"), "has a by"),
            Map.entry(op("\"op\":\"get\",\"key\":\"k\",\"keyBase64\":\"aw\""), "contradicts"),
            Map.entry(
                op("\"op\":\"get\",\"key\":\"k\",\"Key\":\"k\""), "no field operations[0].Key"),
            Map.entry(op("\"op\":\"get\",\"key\":\"k\",\"key\":\"k\""), "Duplicate"),
            Map.entry(op("\"op\":\"get\",\"key\":null"), "operations[0].key must be a text"),
            Map.entry(op("\"op\":\"get\",\"key\":5"), "operations[0].key must be a text"),
            Map.entry(op("\"op\":\"get\",\"key\":\"\\ud800\""), "surrogate"),
            Map.entry(
                op("\"op\":\"get\",\"keyBase64\":\"*\""), "operations[0].keyBase64 is no base64"),
            Map.entry(
                op("\"op\":\"get\",\"key\":\"k\",\"ifVersion\":5"), "ifVersion must be a text"),
            Map.entry(op("\"op\":\"get\",\"key\":\"k\",\"ifAbsent\":false"), "must be true"),
            Map.entry(
                op("\"op\":\"get\",\"key\":\"k\",\"ifAbsent\":true,\"ifPresent\":true"),
                "contradicts"),
            Map.entry(op("\"op\":\"increment\",\"key\":\"k\",\"by\":1.5"), "by must be a whole"),
            Map.entry(op("\"op\":\"increment\",\"key\":\"k\",\"by\":1e3"), "by must be a whole"),
            Map.entry(
                op("\"op\":\"increment\",\"key\":\"k\",\"by\":9223372036854775808"), "64 bits"),
            Map.entry("{\"operations\":[]} {}", "something follows"),
            Map.entry("{\"operations\":[]", "no proper JSON"),
            Map.entry("{'operations':[]}", "no proper JSON"),
            Map.entry("{\"operations\":[],}", "no proper JSON"),
            Map.entry("{\"operations\":/**/[]}", "no proper JSON"),
            Map.entry("{\"operations\":[NaN]}", "no proper JSON"),
            Map.entry("{\"operations\":" + "[".repeat(100_000), "must be an object"));
    for (Map.Entry<String, String> each : wrong.entrySet()) {
      HttpResponse<String> refused = post(BATCH, each.getKey());
      assertProblem(refused, 400, "INVALID_ARGUMENT");
      assertThat(json400(refused)).as(each.getKey()).contains(each.getValue());
    }
    assertProblem(post(BATCH, op("\"op\":\"get\",\"key\":\"\"")), 400, "INVALID_ARGUMENT");
    String many =
        "{\"op\":\"get\",\"key\":\"k\"},".repeat(10_000) + "{\"op\":\"get\",\"key\":\"k\"}";
    assertProblem(post(BATCH, "{\"operations\":[" + many + "]}"), 413, "TOO_LARGE");
    assertProblem(post(KEYS + "/n/increment", "{\"x\":1}"), 400, "INVALID_ARGUMENT");
  }

  private static String op(String fields) {
    return "{\"operations\":[{" + fields + "}]}";
  }

  private static String json400(HttpResponse<String> response) {
    return JSON.readTree(response.body()).get("detail").asString();
  }

  @Test
  void aBodyOfAnotherTypeIsNotRead() throws Exception {
    for (String type :
        List.of("text/plain", "application/json; charset=utf-16", "application/jsonx")) {
      HttpResponse<String> refused =
          send(
              request(BATCH)
                  .header("Content-Type", type)
                  .POST(BodyPublishers.ofString("{\"operations\":[]}")));
      assertProblem(refused, 415, "INVALID_ARGUMENT");
    }
    assertProblem(send(request(BATCH).POST(BodyPublishers.noBody())), 415, "INVALID_ARGUMENT");
    HttpResponse<String> invalid =
        client.send(
            request(BATCH)
                .header("Content-Type", "application/json; charset=UTF-8")
                .POST(BodyPublishers.ofByteArray(new byte[] {'{', '"', (byte) 0xC0, (byte) 0xAF}))
                .build(),
            BodyHandlers.ofString());
    assertProblem(invalid, 400, "INVALID_ARGUMENT");
  }

  @Test
  void keysAreListedByPages() throws Exception {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      String key = "user/%02d".formatted(i);
      all.add(key);
      put("/v1/keyspaces/parts/keys/" + key.replace("/", "%2F"), "v" + i);
    }
    put("/v1/keyspaces/parts/keys/other", "x");
    assertThat(listed("/v1/keyspaces/parts/keys?prefix=user%2F&limit=10")).isEqualTo(all);
    assertThat(listed("/v1/keyspaces/parts/keys?prefix=user/&limit=10&reverse=true"))
        .isEqualTo(all.reversed());
    assertThat(listed("/v1/keyspaces/parts/keys?start=user/05&end=user/08&limit=2"))
        .isEqualTo(all.subList(5, 8));
    assertThat(listed("/v1/keyspaces/parts/keys?limit=7&encoding=base64url&prefix=dXNlci8"))
        .hasSize(25)
        .startsWith("base64:dXNlci8wMA==");
    JsonNode keysOnly = json(get("/v1/keyspaces/parts/keys?keysOnly&limit=1"));
    assertThat(keysOnly.get("entries").get(0).has("value")).isFalse();
    assertThat(keysOnly.get("entries").get(0).get("version").asString()).matches("[0-9]+");
    JsonNode none = json(get("/v1/keyspaces/parts/keys?prefix=zzz"));
    assertThat(none.toString()).isEqualTo("{\"entries\":[]}");
  }

  private List<String> listed(String path) throws Exception {
    List<String> keys = new ArrayList<>();
    JsonNode page = json(get(path));
    while (true) {
      for (JsonNode entry : page.get("entries")) {
        keys.add(
            entry.has("key")
                ? entry.get("key").asString()
                : "base64:" + entry.get("keyBase64").asString());
      }
      if (!page.has("nextPageToken")) {
        return keys;
      }
      page = json(get(path + "&pageToken=" + page.get("nextPageToken").asString()));
    }
  }

  @Test
  void allPagesShowOneMomentIfAskedSo() throws Exception {
    for (int i = 0; i < 6; i++) {
      put(KEYS + "/k" + i, "old");
    }
    String path = KEYS + "?limit=2&asOf=-0ms";
    JsonNode first = json(get(path));
    for (int i = 0; i < 6; i++) {
      put(KEYS + "/k" + i, "new");
    }
    String token = first.get("nextPageToken").asString();
    for (int page = 1; page < 3; page++) {
      JsonNode next = json(get(path + "&pageToken=" + token));
      assertThat(next.get("entries").get(0).get("value").asString()).isEqualTo("old");
      token = page == 1 ? next.get("nextPageToken").asString() : token;
    }
    for (String other :
        List.of("?limit=2&asOf=-1ms", "?limit=2", "?asOf=-0ms&prefix=k", "?asOf=-0ms&reverse")) {
      HttpResponse<String> refused = get(KEYS + other + "&pageToken=" + token);
      assertProblem(refused, 400, "INVALID_ARGUMENT");
      assertThat(refused.body()).contains("pageToken is of another scan");
    }
    for (String bad : List.of("", "x", "AAAA", "AAAAAAAAAAAAAAAA", token.substring(1))) {
      assertProblem(get(path + "&pageToken=" + bad), 400, "INVALID_ARGUMENT");
    }
    for (String bad : List.of("limit=0", "limit=10001", "limit=-1", "limit=x", "x=1")) {
      assertProblem(get(KEYS + "?" + bad), 400, "INVALID_ARGUMENT");
    }
    HttpResponse<String> plus = get(KEYS + "?prefix=a+b");
    assertProblem(plus, 400, "INVALID_ARGUMENT");
    assertThat(plus.body()).contains("%2B");
  }

  @Test
  void whatIsNoTextIsListedInBase64() throws Exception {
    put(KEYS + "/%ff%00", "text");
    put(KEYS + "/text", "x");
    JsonNode entries = json(get(KEYS)).get("entries");
    assertThat(entries.get(0).get("key").asString()).isEqualTo("text");
    assertThat(entries.get(1).get("keyBase64").asString()).isEqualTo("/wA=");
    assertThat(entries.get(1).get("value").asString()).isEqualTo("text");
    String key = entries.get(1).get("keyBase64").asString().replace("/", "%2F");
    assertThat(get(KEYS + "/" + key + "?encoding=base64url").body()).isEqualTo("text");
  }
}
