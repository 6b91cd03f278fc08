package io.distkv.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whatever the bytes are, the parser finds the same requests and the same error however they are
 * cut, and throws nothing but its own exception.
 */
class RequestParserFuzzTest {
  private static final RequestLimits LIMITS = new RequestLimits(64, 512, 2048, 128);

  /** What was found: the requests, then the error if there was one. */
  private static List<String> outcome(byte[] stream, int pieceBytes) {
    List<String> found = new ArrayList<>();
    RequestParser parser = new RequestParser(LIMITS);
    try {
      int at = 0;
      while (at < stream.length) {
        int end = Math.min(stream.length, at + pieceBytes);
        while (at < end) {
          at = parser.parse(stream, at, end);
          byte @Nullable [][] request = parser.take();
          if (request != null) {
            assertThat(request.length).isPositive();
            found.add(Arrays.deepToString(request));
          }
        }
        assertThat(parser.heldBytes()).isLessThanOrEqualTo(2048 + 128);
      }
    } catch (ProtocolException e) {
      found.add("error: " + e.getMessage());
    }
    return found;
  }

  @FuzzTest(maxDuration = "10s")
  void cutsDoNotMatter(FuzzedDataProvider data) {
    int pieceBytes = data.consumeInt(1, 100);
    byte[] stream = data.consumeRemainingAsBytes();
    assertThat(outcome(stream, pieceBytes)).isEqualTo(outcome(stream, Integer.MAX_VALUE / 2));
  }
}
