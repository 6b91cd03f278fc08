package io.distkv.server.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whatever stands in a request line, its parts are read, or refused as a problem. */
class RequestLineFuzzTest {
  private static final List<String> NAMES = List.of("asOf", "encoding", "key");

  @FuzzTest(maxDuration = "10s")
  void partsAreReadOrRefused(FuzzedDataProvider data) {
    byte[] key = data.consumeBytes(40);
    StringBuilder escaped = new StringBuilder();
    for (byte each : key) {
      escaped.append(String.format("%%%02x", each));
    }
    assertThat(PercentCoding.bytes(escaped.toString(), "it")).isEqualTo(key);
    String text = new String(data.consumeRemainingAsBytes(), StandardCharsets.ISO_8859_1);
    try {
      List<String> segments = RequestPath.segments("/v1/" + text);
      assertThat(segments).doesNotContain(".", "..");
      assertThat("/" + String.join("/", segments)).isEqualTo("/v1/" + text);
      for (String segment : segments) {
        byte[] bytes = PercentCoding.bytes(segment, "a segment");
        assertThat(bytes.length).isLessThanOrEqualTo(segment.length());
        assertThat(segment).doesNotContain("/");
      }
    } catch (ProblemException e) {
      assertThat(e.problem().status().code()).isEqualTo(400);
    }
    try {
      Query query = Query.parse(text, NAMES);
      query.text("asOf");
      query.flag("asOf");
      query.bytes("key", query.encoding());
    } catch (ProblemException e) {
      assertThat(e.problem().status().code()).isEqualTo(400);
    }
    Gzip.isAccepted(List.of(text));
  }
}
