package io.distkv.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeysTest extends HttpTest {

  @Test
  void aValueIsSetReadAndRemoved() throws Exception {
    HttpResponse<String> put = put(KEYS + "/greeting", "hello");
    assertThat(put.statusCode()).isEqualTo(204);
    assertThat(etag(put)).matches("\"[0-9]+\"");
    HttpResponse<String> got = get(KEYS + "/greeting");
    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(got.body()).isEqualTo("hello");
    assertThat(etag(got)).isEqualTo(etag(put));
    assertThat(header(got, "Content-Type")).isEqualTo("application/octet-stream");
    assertThat(header(got, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(got, "DistKV-TTL")).isEmpty();
    HttpResponse<String> removed = delete(KEYS + "/greeting");
    assertThat(removed.statusCode()).isEqualTo(204);
    assertThat(header(removed, "DistKV-Version")).matches("[0-9]+");
    HttpResponse<String> gone = get(KEYS + "/greeting");
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(gone.body()).contains("\"code\":\"NOT_FOUND\"");
    assertThat(header(gone, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(etag(gone)).isEmpty();
    assertThat(delete(KEYS + "/greeting").statusCode()).isEqualTo(404);
  }

  @Test
  void headTellsWhatGetWould() throws Exception {
    put(KEYS + "/k", "five!", "DistKV-TTL", "1h");
    HttpResponse<String> head = send(request(KEYS + "/k").HEAD());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(header(head, "Content-Length")).isEqualTo("5");
    assertThat(header(head, "DistKV-TTL")).matches("3[0-9]{6}ms");
    assertThat(etag(head)).isEqualTo(etag(get(KEYS + "/k")));
    assertThat(send(request(KEYS + "/other").HEAD()).statusCode()).isEqualTo(404);
    // On the same connection: nothing of a body was sent.
    assertThat(get(KEYS + "/k").body()).isEqualTo("five!");
  }

  @Test
  void aConditionalReadSendsWhatIsNew() throws Exception {
    String first = etag(put(KEYS + "/k", "1"));
    HttpResponse<String> same = send(request(KEYS + "/k").header("If-None-Match", first));
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(etag(same)).isEqualTo(first);
    for (String known : List.of("*", "W/" + first, "\"1\", " + first, "\"a,b\"," + first)) {
      assertThat(send(request(KEYS + "/k").header("If-None-Match", known)).statusCode())
          .as(known)
          .isEqualTo(304);
    }
    assertThat(send(request(KEYS + "/k").header("If-Match", first)).statusCode()).isEqualTo(200);
    assertThat(send(request(KEYS + "/k").header("If-Match", "*")).statusCode()).isEqualTo(200);
    String second = etag(put(KEYS + "/k", "2"));
    assertThat(second).isNotEqualTo(first);
    assertThat(send(request(KEYS + "/k").header("If-None-Match", first)).body()).isEqualTo("2");
    assertThat(send(request(KEYS + "/k").header("If-Match", first)).statusCode()).isEqualTo(412);
    assertThat(send(request(KEYS + "/k").header("If-Match", "W/" + second)).statusCode())
        .isEqualTo(412);
    assertThat(send(request(KEYS + "/none").header("If-Match", "*")).statusCode()).isEqualTo(412);
    for (String malformed : List.of("abc", "\"1", "\"1\" \"2\"", "\"1\",", ",", "W/", "*, \"1\"")) {
      HttpResponse<String> refused = send(request(KEYS + "/k").header("If-Match", malformed));
      assertThat(refused.statusCode()).as(malformed).isEqualTo(400);
    }
  }

  @Test
  void aConditionalWriteDependsOnWhatTheKeyHas() throws Exception {
    String key = KEYS + "/k";
    assertThat(put(key, "x", "If-Match", "*").statusCode()).isEqualTo(412);
    HttpResponse<String> created = put(key, "1", "If-None-Match", "*");
    assertThat(created.statusCode()).isEqualTo(201);
    HttpResponse<String> again = put(key, "x", "If-None-Match", "*");
    assertThat(again.statusCode()).isEqualTo(412);
    assertThat(again.body()).contains("\"code\":\"VERSION_MISMATCH\"");
    HttpResponse<String> second = put(key, "2", "If-Match", etag(created));
    assertThat(second.statusCode()).isEqualTo(204);
    assertThat(put(key, "x", "If-Match", etag(created)).statusCode()).isEqualTo(412);
    assertThat(put(key, "x", "If-Match", "W/" + etag(second)).statusCode()).isEqualTo(412);
    for (String none : List.of("abc", "0", "01", "9223372036854775807", "99999999999999999999")) {
      assertThat(put(key, "x", "If-Match", '"' + none + '"').statusCode()).as(none).isEqualTo(412);
      assertThat(delete(key, "If-Match", '"' + none + '"').statusCode()).as(none).isEqualTo(412);
    }
    assertThat(put(key, "x", "If-Match", "\"1\", \"2\"").statusCode()).isEqualTo(400);
    assertThat(put(key, "x", "If-None-Match", "\"1\"").statusCode()).isEqualTo(400);
    assertThat(put(key, "x", "If-None-Match", "*", "If-Match", "*").statusCode()).isEqualTo(400);
    assertThat(get(key).body()).isEqualTo("2");
    assertThat(delete(key, "If-None-Match", "*").statusCode()).isEqualTo(400);
    assertThat(delete(key, "If-Match", etag(created)).statusCode()).isEqualTo(412);
    assertThat(delete(key, "If-Match", etag(second)).statusCode()).isEqualTo(204);
    assertThat(delete(key, "If-Match", "*").statusCode()).isEqualTo(412);
  }

  @Test
  void whatWasThereBeforeIsAnsweredIfWanted() throws Exception {
    HttpResponse<String> first = put(KEYS + "/k?previous=true", "1");
    assertThat(first.statusCode()).isEqualTo(201);
    HttpResponse<String> second = put(KEYS + "/k?previous", "2");
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(second.body()).isEqualTo("1");
    assertThat('"' + header(second, "DistKV-Previous-Version") + '"').isEqualTo(etag(first));
    HttpResponse<String> removed = delete(KEYS + "/k?previous=true");
    assertThat(removed.statusCode()).isEqualTo(200);
    assertThat(removed.body()).isEqualTo("2");
    assertThat('"' + header(removed, "DistKV-Previous-Version") + '"').isEqualTo(etag(second));
  }

  @Test
  void valuesMayEnd() throws Exception {
    put(KEYS + "/k", "1", "DistKV-TTL", "90s");
    assertThat(header(get(KEYS + "/k"), "DistKV-TTL")).matches("[89][0-9]{4}ms");
    put(KEYS + "/k", "2", "DistKV-Keep-TTL", "true");
    assertThat(header(get(KEYS + "/k"), "DistKV-TTL")).matches("[89][0-9]{4}ms");
    put(KEYS + "/k", "3");
    assertThat(header(get(KEYS + "/k"), "DistKV-TTL")).isEmpty();
    for (String wrong : List.of("60", "1w", "-1s", "0s", "1.5s", "99999999999999999s", "")) {
      assertThat(put(KEYS + "/k", "x", "DistKV-TTL", wrong).statusCode()).as(wrong).isEqualTo(400);
    }
    assertThat(put(KEYS + "/k", "x", "DistKV-TTL", "999999999999999d").statusCode()).isEqualTo(400);
    assertThat(put(KEYS + "/k", "x", "DistKV-TTL", "1s", "DistKV-Keep-TTL", "true").statusCode())
        .isEqualTo(400);
    assertThat(put(KEYS + "/k", "x", "DistKV-Keep-TTL", "yes").statusCode()).isEqualTo(400);
    assertThat(get(KEYS + "/k").body()).isEqualTo("3");
  }

  @Test
  void thePastIsReadByVersionAndTime() throws Exception {
    Instant before = Instant.now();
    String first = etag(put(KEYS + "/k", "1")).replace("\"", "");
    String second = etag(put(KEYS + "/k", "2")).replace("\"", "");
    assertThat(get(KEYS + "/k?asOf=" + first).body()).isEqualTo("1");
    assertThat(get(KEYS + "/k?asOf=" + second).body()).isEqualTo("2");
    long millis = Long.parseLong(second) >>> 16;
    assertThat(get(KEYS + "/k?asOf=" + Instant.ofEpochMilli(millis)).body()).isEqualTo("2");
    assertThat(get(KEYS + "/k?asOf=" + Instant.ofEpochMilli(millis + 60_000)).body())
        .contains("ahead of the node's clock");
    String zoned = before.minusSeconds(30).atOffset(java.time.ZoneOffset.ofHours(2)).toString();
    assertThat(get(KEYS + "/k?asOf=" + zoned.replace("+", "%2B")).statusCode()).isEqualTo(404);
    assertThat(get(KEYS + "/k?asOf=-30s").statusCode()).isEqualTo(404);
    assertThat(get(KEYS + "/k?asOf=-0ms").body()).isEqualTo("2");
    for (String wrong :
        List.of(
            "0", "yesterday", "-60", "99999999999999999999", "9999999999999999999", "", "-1s-")) {
      assertThat(get(KEYS + "/k?asOf=" + wrong).statusCode()).as(wrong).isEqualTo(400);
    }
    assertThat(get(KEYS + "/k?asOf=9999-01-01T00:00:00Z").statusCode()).isEqualTo(400);
  }

  @Test
  void aKeyIsAnyBytes() throws Exception {
    List<byte[]> keys =
        List.of(
            bytes("a/b/../c"),
            bytes("."),
            bytes(".."),
            bytes("../../etc/passwd"),
            bytes("with space and + and % and ? and # and ;x=1"),
            bytes("k:increment"),
            bytes("grüße, 世界"),
            bytes("%2e%2e"),
            new byte[] {0},
            new byte[] {(byte) 0xC0, (byte) 0xAF},
            new byte[] {(byte) 0xFF, 0, '\r', '\n', '"'},
            random(65_535));
    for (int i = 0; i < keys.size(); i++) {
      String percent = KEYS + "/" + percent(keys.get(i));
      String base64 =
          KEYS
              + "/"
              + Base64.getUrlEncoder().withoutPadding().encodeToString(keys.get(i))
              + "?encoding=base64url";
      assertThat(put(percent, "percent " + i).statusCode()).isEqualTo(204);
      assertThat(get(base64).body()).isEqualTo("percent " + i);
      assertThat(put(base64, "base64 " + i).statusCode()).isEqualTo(204);
    }
    for (int i = 0; i < keys.size(); i++) {
      assertThat(get(KEYS + "/" + percent(keys.get(i))).body()).isEqualTo("base64 " + i);
      assertThat(delete(KEYS + "/" + percent(keys.get(i))).statusCode()).isEqualTo(204);
    }
  }

  @Test
  void aKeyThatIsNoneIsRefused() throws Exception {
    assertProblem(get(KEYS + "/"), 400, "INVALID_ARGUMENT");
    assertProblem(get(KEYS + "/" + percent(random(65_536))), 413, "TOO_LARGE");
    String tooLong = Base64.getUrlEncoder().encodeToString(random(65_536));
    assertProblem(get(KEYS + "/" + tooLong + "?encoding=base64url"), 413, "TOO_LARGE");
    assertProblem(get(KEYS + "/*?encoding=base64url"), 400, "INVALID_ARGUMENT");
    assertProblem(get(KEYS + "/aGk=?encoding=base64"), 400, "INVALID_ARGUMENT");
    assertProblem(get(KEYS + "/" + "x".repeat(300_000)), 414, "TOO_LARGE");
    assertThat(put(KEYS + "/a.b-c_d~e", "x").statusCode()).isEqualTo(204);
    assertThat(get(KEYS + "/YS5iLWNfZH5l?encoding=base64url").body()).isEqualTo("x");
  }

  @Test
  void valuesAreAnyBytesUpToTheirLimit() throws Exception {
    for (int size : new int[] {0, 1, 65_535, 65_537, 3 << 20, 16 << 20}) {
      byte[] value = random(size);
      assertThat(
              client
                  .send(
                      request(KEYS + "/big").PUT(BodyPublishers.ofByteArray(value)).build(),
                      BodyHandlers.discarding())
                  .statusCode())
          .isEqualTo(204);
      HttpResponse<byte[]> got =
          client.send(request(KEYS + "/big").build(), BodyHandlers.ofByteArray());
      assertThat(Arrays.equals(got.body(), value)).as("%d bytes", size).isTrue();
      HttpResponse<byte[]> previous =
          client.send(
              request(KEYS + "/big?previous").PUT(BodyPublishers.ofByteArray(value)).build(),
              BodyHandlers.ofByteArray());
      assertThat(Arrays.equals(previous.body(), value)).as("%d bytes", size).isTrue();
    }
  }

  @Test
  void whatDoesNotExistIsToldApart() throws Exception {
    assertProblem(get("/v1/keyspaces/none/keys/k"), 404, "NOT_FOUND");
    assertProblem(get("/v1/keyspaces/%00/keys/k"), 404, "NOT_FOUND");
    assertProblem(get("/v1/keyspaces//keys/k"), 404, "NOT_FOUND");
    assertProblem(get("/v1/keyspaces/%ff/keys/k"), 400, "INVALID_ARGUMENT");
    assertProblem(get("/v2"), 404, "INVALID_ARGUMENT");
    HttpResponse<String> patched =
        send(request(KEYS + "/k").method("PATCH", BodyPublishers.noBody()));
    assertProblem(patched, 405, "INVALID_ARGUMENT");
    assertThat(header(patched, "Allow")).isEqualTo("GET, HEAD, PUT, DELETE, OPTIONS");
    HttpResponse<String> options =
        send(request(KEYS + "/k").method("OPTIONS", BodyPublishers.noBody()));
    assertThat(options.statusCode()).isEqualTo(204);
    assertThat(header(options, "Allow")).isEqualTo("GET, HEAD, PUT, DELETE, OPTIONS");
    HttpResponse<String> unknown = get(KEYS + "/k?asof=1");
    assertProblem(unknown, 400, "INVALID_ARGUMENT");
    assertThat(unknown.body()).contains("asof").contains("asOf, encoding");
    assertProblem(get(KEYS + "/k?asOf=1&asOf=1"), 400, "INVALID_ARGUMENT");
    assertProblem(put(KEYS + "/k?previous=maybe", "x"), 400, "INVALID_ARGUMENT");
  }

  @Test
  void everyKeyspaceIsServedFromAnyLane() throws Exception {
    for (int i = 0; i < 50; i++) {
      assertThat(put("/v1/keyspaces/parts/keys/" + i, "v" + i).statusCode()).isEqualTo(204);
    }
    for (int i = 0; i < 50; i++) {
      assertThat(get("/v1/keyspaces/parts/keys/" + i).body()).isEqualTo("v" + i);
    }
  }

  static void assertProblem(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(response.body())
        .contains("\"code\":\"" + code + "\"")
        .contains("\"status\":" + status);
  }

  static String percent(byte[] bytes) {
    StringBuilder text = new StringBuilder(3 * bytes.length);
    for (byte each : bytes) {
      text.append(String.format("%%%02X", each));
    }
    return text.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
