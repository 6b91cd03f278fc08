package io.distkv.server.http.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.replica.Change;
import io.distkv.server.http.exchange.BodyMemory;
import io.distkv.server.http.exchange.EventOutput;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a stream goes on and ends, with a clock and a client that do as they are told. */
class WatchStreamTest {
  private static final long SECOND = 1_000_000_000;

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final Script script = new Script();
  private long now;
  private long nanosPerPiece;

  private final EventOutput out =
      new EventOutput(
          (bytes, count) -> {
            sent.write(bytes, 0, count);
            now += nanosPerPiece;
          },
          () -> now,
          2 * SECOND);

  /** Deliveries that are known before; silence behind them until the end. */
  private static final class Script implements Deliveries {
    private final Queue<Hand.Delivery> left = new ArrayDeque<>();
    private int silences;
    private int asked;

    @Override
    public Hand.@Nullable Delivery next() {
      return silences-- > 0 ? null : left.remove();
    }

    @Override
    public void sent() {
      asked++;
    }
  }

  private static Hand.Delivery changes(long through, Change... changes) {
    return new Hand.Delivery.Changes(List.of(changes), through);
  }

  private static Change put(long version, int bytes) {
    return new Change(new byte[] {'k'}, new byte[bytes], 0, bytes, 0, version);
  }

  private static Hand.Delivery end(ErrorCode code) {
    return new Hand.Delivery.End(Errors.of(code, "why"));
  }

  private String stream(BodyMemory memory, Hand.Delivery first, Hand.Delivery... more) {
    script.left.addAll(List.of(more));
    new WatchStream(script, memory, new Progress(new EventId(1, 0)), true).send(first, out);
    return sent.toString(StandardCharsets.UTF_8);
  }

  @Test
  void silenceIsFilledAndTheEndTellsWhereToGoOn() {
    script.silences = 2;
    String said =
        stream(
            new BodyMemory(1 << 20),
            changes(3),
            changes(5, put(4, 0)),
            end(ErrorCode.HISTORY_GONE));
    assertThat(said)
        .isEqualTo(
            """
            retry: 1000

            id: 3
            event: progress
            data: {"version":"3"}

            :

            :

            id: 5
            event: change
            data: {"keyBase64":"aw==","valueBase64":"","version":"4"}

            event: end
            data: {"code":"HISTORY_GONE","detail":"why","after":"5"}

            """);
    assertThat(script.asked).isEqualTo(2);
  }

  @Test
  void whoReadsTooSlowlyIsToldWhereToGoOn() {
    nanosPerPiece = SECOND;
    // Four pieces in four seconds; two, and a quarter for each piece, are allowed.
    String said =
        stream(new BodyMemory(64 << 20), changes(7, put(6, 180_000)), changes(8, put(8, 0)));
    assertThat(said).contains("\nid: 7\nevent: change\n");
    assertThat(said)
        .endsWith(
            "event: end\ndata: {\"code\":\"OVERLOADED\",\"detail\":\"the client reads too"
                + " slowly (http.timeout)\",\"after\":\"7\"}\n\n");
    // Nothing more was asked for.
    assertThat(script.asked).isZero();
    assertThat(script.left).hasSize(1);
  }

  @Test
  void whereThereIsNoMemoryTheStreamEndsBeforeTheChange() {
    BodyMemory memory = new BodyMemory(1 << 20);
    assertThat(memory.addAnswer(3 << 20)).isTrue();
    String said = stream(memory, changes(9, put(6, 10), put(7, 100_000), put(8, 10)));
    assertThat(said).contains("\nid: 6\nevent: change\n").doesNotContain("id: 7");
    assertThat(said).contains("(http.memory)").endsWith("\"after\":\"6\"}\n\n");
    memory.removeAnswer(3 << 20);
    assertThat(memory.addAnswer(1 << 20)).isTrue();
  }
}
