package io.distkv.server.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProblemTest {

  @Test
  void everyCodeHasItsStatus() {
    Map<ErrorCode, Integer> statuses = new EnumMap<>(ErrorCode.class);
    for (ErrorCode code : ErrorCode.values()) {
      statuses.put(code, Problem.of(code, "x").status().code());
    }
    assertThat(statuses)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry(ErrorCode.INVALID_ARGUMENT, 400),
                Map.entry(ErrorCode.UNAUTHENTICATED, 401),
                Map.entry(ErrorCode.PERMISSION_DENIED, 403),
                Map.entry(ErrorCode.READ_ONLY, 403),
                Map.entry(ErrorCode.NOT_FOUND, 404),
                Map.entry(ErrorCode.HISTORY_GONE, 410),
                Map.entry(ErrorCode.VERSION_MISMATCH, 412),
                Map.entry(ErrorCode.TOO_LARGE, 413),
                Map.entry(ErrorCode.CORRUPTION, 500),
                Map.entry(ErrorCode.INTERNAL, 500),
                Map.entry(ErrorCode.OVERLOADED, 503),
                Map.entry(ErrorCode.NO_QUORUM, 503),
                Map.entry(ErrorCode.NOT_LEADER, 503),
                Map.entry(ErrorCode.STALE_TOPOLOGY, 503),
                Map.entry(ErrorCode.TIMEOUT, 504),
                Map.entry(ErrorCode.DISK_FULL, 507)));
  }

  @Test
  void itIsToldAsJson() {
    Answer answer = Problem.of(ErrorCode.OVERLOADED, "too \"much\"").answer();
    assertThat(new String(answer.array(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"type\":\"urn:distkv:problem:overloaded\",\"title\":\"The node is overloaded\","
                + "\"status\":503,\"detail\":\"too \\\"much\\\"\",\"code\":\"OVERLOADED\"}");
    assertThat(answer.headers().toString()).contains("RETRY_AFTER");
  }
}
