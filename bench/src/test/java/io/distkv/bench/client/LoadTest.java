package io.distkv.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** That the sides run and are measured; figures are none of its business. */
@Timeout(120)
class LoadTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  /** Those that share messages need a node. */
  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_NONE, names = "SHARED.*")
  void everySideRuns(Side side) throws Exception {
    Server server = EchoServer.start(256, side.before() != Side.Before.POOLED_ECHO);
    try (Contender contender = side.connect(EchoServer.address(server), new Work(10, 256))) {
      Result result = new Load(contender, 16).run(LONG, 500, ProcessHandle.current());
      assertThat(result.rate()).isPositive();
      assertThat(result.tailMillis()).isGreaterThanOrEqualTo(result.medianMillis());
    } finally {
      server.shutdownNow().awaitTermination();
    }
  }

  @Test
  void whatFailsStopsTheLoad() {
    Contender broken =
        new Contender() {
          @Override
          public void begin(Consumer<@Nullable Throwable> done) {
            done.accept(new IllegalStateException("broken"));
          }

          @Override
          public void close() {}
        };
    assertThatThrownBy(() -> new Load(broken, 1).run(LONG, 10, ProcessHandle.current()))
        .hasMessageContaining("an operation failed: broken");
  }

  @Test
  void theMedianIsOfEachFigure() {
    assertThat(
            Result.median(
                List.of(new Result(1, 9, 1, 1), new Result(3, 7, 1, 1), new Result(2, 8, 1, 1))))
        .isEqualTo(new Result(2, 8, 1, 1));
  }
}
