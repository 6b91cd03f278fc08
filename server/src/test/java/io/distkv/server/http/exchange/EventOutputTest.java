package io.distkv.server.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventOutputTest {
  private static final long SECOND = 1_000_000_000;

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final List<Integer> pieces = new ArrayList<>();
  private long now;
  private long nanosPerPiece;

  private final EventOutput out =
      new EventOutput(
          (bytes, count) -> {
            sent.write(bytes, 0, count);
            pieces.add(count);
            now += nanosPerPiece;
          },
          () -> now,
          2 * SECOND);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void eventsAreAsBrowsersReadThem() {
    out.retry(1_000);
    out.event("7.1", "change", bytes("{}"));
    out.nothing();
    out.event("end", bytes("{\"a\":1}"));
    assertThat(pieces).isEmpty();
    out.flush();
    out.flush();
    assertThat(sent.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "retry: 1000\n\nid: 7.1\nevent: change\ndata: {}\n\n:\n\nevent: end\ndata: {\"a\":1}\n\n");
    assertThat(pieces).hasSize(1);
  }

  @Test
  void whatIsLargeGoesInPieces() {
    out.event("1", "change", new byte[200_000]);
    out.flush();
    assertThat(pieces).hasSize(4).allMatch(count -> count <= 65_536);
    assertThat(sent.size()).isEqualTo(200_000 + "id: 1\nevent: change\ndata: \n\n".length());
  }

  @Test
  void whoTakesTooLongForWhatWasSentIsLate() {
    // 64 KiB in each piece: a quarter of a second for each, and two for all.
    nanosPerPiece = SECOND;
    out.event("1", "change", new byte[65_536]);
    out.flush();
    assertThat(out.isLate()).isFalse();
    out.event("2", "change", new byte[3 * 65_536]);
    out.flush();
    assertThat(out.isLate()).isTrue();
    assertThat(out.isLate()).isFalse();
  }
}
