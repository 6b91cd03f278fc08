package io.distkv.server.http;

import static io.distkv.server.http.KeysTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Keyspaces that come, change and go over HTTP. */
class KeyspacesTest extends HttpTest {
  private static final String KEYSPACES = "/v1/keyspaces";
  private static final JsonMapper JSON = new JsonMapper();

  private HttpResponse<String> patch(String path, String json) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method("PATCH", BodyPublishers.ofString(json)));
  }

  @Test
  void aKeyspaceComesChangesAndGoes() throws Exception {
    HttpResponse<String> made =
        post(
            KEYSPACES,
            """
            {"name": "orders", "partitions": 4, "settings":
              {"durability": "interval", "intervalMillis": "200", "compression": ["none", "zstd"]}}
            """);
    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(header(made, "Location")).isEqualTo("/v1/keyspaces/orders");
    JsonNode orders = JSON.readTree(made.body());
    assertThat(orders.get("number").asInt()).isEqualTo(2);
    assertThat(orders.get("partitions").asInt()).isEqualTo(4);
    assertThat(orders.get("settings"))
        .isEqualTo(
            JSON.readTree(
                """
                {"durability": "interval", "intervalMillis": "200", "historyMillis": "0",
                 "compression": ["none", "zstd"], "maxBytes": "0"}
                """));
    put("/v1/keyspaces/orders/keys/k", "v");
    HttpResponse<String> altered =
        patch(KEYSPACES + "/orders", "{\"settings\": {\"historyMillis\": 5000}}");
    assertThat(altered.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(altered.body()).at("/settings/historyMillis").asString())
        .isEqualTo("5000");
    assertThat(JSON.readTree(altered.body()).at("/settings/intervalMillis").asString())
        .isEqualTo("200");
    JsonNode described = JSON.readTree(get(KEYSPACES + "/orders").body());
    assertThat(described.get("keys").asString()).isEqualTo("1");
    assertThat(described.get("bytes").asLong()).isPositive();
    assertThat(described.get("partitionSizes").size()).isEqualTo(4);
    assertThat(get(KEYSPACES).body())
        .isEqualTo(
            "{\"keyspaces\":[{\"name\":\"default\",\"number\":0},{\"name\":\"parts\",\"number\":1},"
                + "{\"name\":\"orders\",\"number\":2}]}");
    assertThat(delete(KEYSPACES + "/orders?nameAgain=orders").statusCode()).isEqualTo(204);
    assertProblem(get("/v1/keyspaces/orders/keys/k"), 404, "NOT_FOUND");
    assertProblem(delete(KEYSPACES + "/orders?nameAgain=orders"), 404, "NOT_FOUND");
    assertProblem(get(KEYSPACES + "/orders"), 404, "NOT_FOUND");
  }

  @Test
  void itsNumberMayBeChosen() throws Exception {
    HttpResponse<String> made = post(KEYSPACES, "{\"name\": \"n\", \"number\": 9}");
    assertThat(JSON.readTree(made.body()).get("number").asInt()).isEqualTo(9);
  }

  @Test
  void whatIsWrongIsNamed() throws Exception {
    for (String wrong :
        List.of(
            "",
            "[]",
            "{}",
            "{\"name\": 5}",
            "{\"name\": \"No Name\"}",
            "{\"name\": \"\"}",
            "{\"name\": \"../x\"}",
            "{\"name\": \"x\\r\\nSet-Cookie: a\"}",
            "{\"name\": \"default\"}",
            "{\"name\": \"a\", \"number\": 0}",
            "{\"name\": \"a\", \"number\": -1}",
            "{\"name\": \"a\", \"partitions\": 3}",
            "{\"name\": \"a\", \"partitions\": 1e3}",
            "{\"name\": \"a\", \"name\": \"b\"}",
            "{\"name\": \"a\", \"colour\": \"red\"}",
            "{\"name\": \"a\", \"settings\": {\"durability\": \"perhaps\"}}",
            "{\"name\": \"a\", \"settings\": {\"durability\": \"commit\", \"x\": 1}}",
            "{\"name\": \"a\", \"settings\": {\"compression\": []}}",
            "{\"name\": \"a\", \"settings\": {\"compression\": [\"rar\"]}}",
            "{\"name\": \"a\", \"settings\": {\"compression\": \"lz4\"}}",
            "{\"name\": \"a\", \"settings\": {\"historyMillis\": -1}}",
            "{\"name\": \"a\", \"settings\": {\"maxBytes\": \"9999999999999999999\"}}")) {
      assertProblem(post(KEYSPACES, wrong), 400, "INVALID_ARGUMENT");
    }
    String many = "\"lz4\",".repeat(100) + "\"lz4\"";
    assertProblem(
        post(KEYSPACES, "{\"name\": \"a\", \"settings\": {\"compression\": [" + many + "]}}"),
        413,
        "TOO_LARGE");
    assertThat(get(KEYSPACES).body()).doesNotContain("\"a\"");
    assertProblem(patch(KEYSPACES + "/default", "{}"), 400, "INVALID_ARGUMENT");
    assertProblem(patch(KEYSPACES + "/default", "{\"settings\": {}}"), 400, "INVALID_ARGUMENT");
    HttpResponse<String> fixed = patch(KEYSPACES + "/default", "{\"partitions\": 2}");
    assertProblem(fixed, 400, "INVALID_ARGUMENT");
    assertThat(fixed.body()).contains("partitions of a keyspace is fixed");
    String history = "{\"settings\": {\"historyMillis\": 1}}";
    assertProblem(patch(KEYSPACES + "/nosuch", history), 404, "NOT_FOUND");
    assertProblem(
        send(request(KEYSPACES).POST(BodyPublishers.ofString("{\"name\": \"a\"}"))),
        415,
        "INVALID_ARGUMENT");
  }

  @Test
  void droppingNeedsTheNameTwice() throws Exception {
    for (String query : List.of("", "?nameAgain", "?nameAgain=part", "?nameAgain=default")) {
      HttpResponse<String> refused = delete(KEYSPACES + "/parts" + query);
      assertProblem(refused, 400, "INVALID_ARGUMENT");
      assertThat(refused.body()).contains("all keys of the keyspace are deleted");
    }
    assertThat(get(KEYSPACES + "/parts").statusCode()).isEqualTo(200);
    // The first one stays, whoever asks.
    assertThat(delete(KEYSPACES + "/default?nameAgain=default").statusCode())
        .isGreaterThanOrEqualTo(400);
    assertThat(get(KEYSPACES + "/default").statusCode()).isEqualTo(200);
  }

  @Test
  void aNumberIsNoName() throws Exception {
    for (String path :
        List.of("/0", "/1", "/00", "/0/keys", "/0/keys/k", "/0/watch", "/%30/keys/k")) {
      assertProblem(get(KEYSPACES + path), 404, "NOT_FOUND");
    }
    assertProblem(put(KEYSPACES + "/0/keys/k", "v"), 404, "NOT_FOUND");
    assertProblem(post(KEYSPACES + "/0/keys/k/increment", "{}"), 404, "NOT_FOUND");
    assertProblem(delete(KEYSPACES + "/1?nameAgain=1"), 404, "NOT_FOUND");
    assertProblem(patch(KEYSPACES + "/1", "{\"settings\": {\"maxBytes\": 0}}"), 404, "NOT_FOUND");
    assertThat(get(KEYSPACES + "/parts").statusCode()).isEqualTo(200);
  }

  @Test
  void foreignPagesChangeNothing() throws Exception {
    assertProblem(
        send(
            request(KEYSPACES + "/parts?nameAgain=parts")
                .DELETE()
                .header("Origin", "https://foe.example")),
        403,
        "PERMISSION_DENIED");
    assertThat(get(KEYSPACES + "/parts").statusCode()).isEqualTo(200);
  }
}
