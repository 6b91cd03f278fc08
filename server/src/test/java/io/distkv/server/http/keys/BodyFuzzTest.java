package io.distkv.server.http.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.distkv.base.Clock;
import io.distkv.server.call.Words;
import io.distkv.server.http.exchange.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Whatever a body or header says, it becomes words of a command, or a problem. */
class BodyFuzzTest {
  private static final Clock CLOCK =
      new Clock() {
        @Override
        public long wallMillis() {
          return 1_800_000_000_000L;
        }

        @Override
        public long monotonicNanos() {
          return 0;
        }
      };

  @FuzzTest(maxDuration = "10s")
  void bodiesAndHeadersAreReadOrRefused(FuzzedDataProvider data) {
    String header = data.consumeAsciiString(60);
    refusedOrRead(() -> {
      EntityTags tags = EntityTags.parse(List.of(header), "If-Match");
      if (tags != null) {
        assertThat(tags.versions()).allMatch(version -> version.matches("[0-9]{1,19}"));
        tags.matchesWeakly("1");
      }
    });
    refusedOrRead(() -> assertThat(Life.millis(header, "it")).isNotNegative());
    refusedOrRead(() -> assertThat(Moment.version(header, CLOCK, "it")).isNotNegative());
    byte[] body = data.consumeRemainingAsBytes();
    refusedOrRead(() -> readBatch(body));
    byte[] operation =
        ("{\"operations\":[{\"op\":\"put\",\"key\":\"k\"," + text(body) + "}]}")
            .getBytes(StandardCharsets.ISO_8859_1);
    refusedOrRead(() -> readBatch(operation));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static void readBatch(byte[] body) {
    List<BatchOperation> operations = new ArrayList<>();
    JsonReader.readObject(
        body,
        (in, name) -> {
          if (!name.equals("operations")) {
            throw in.unknown("operations");
          }
          in.list(() -> operations.add(BatchOperation.read(in)));
        });
    Words words = Words.of("KV.BATCH");
    operations.forEach(operation -> operation.addTo(words));
    assertThat(words.end().length).isEqualTo(1 + 5 * operations.size());
  }

  private static void refusedOrRead(Runnable reading) {
    try {
      reading.run();
    } catch (ProblemException e) {
      assertThat(e.problem().status().code()).isIn(400, 413);
    }
  }
}
