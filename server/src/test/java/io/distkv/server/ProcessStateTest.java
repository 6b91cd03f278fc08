package io.distkv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.server.metrics.UpkeepMetrics;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProcessStateTest {
  private final ProcessState state = new ProcessState(new UpkeepMetrics());

  @Test
  void aDefectEndsTheNodeAndIsRemembered() {
    Error defect = new NoSuchMethodError("gone");
    state.uncaughtException(Thread.currentThread(), defect);
    state.awaitEnd();
    assertThat(state.failure()).isSameAs(defect);
  }

  @Test
  void aStopThatADefectCutsShortIsNotAwaitedForEver() throws InterruptedException {
    CompletableFuture<Boolean> never = new CompletableFuture<>();
    state.signalled();
    state.awaitEnd();
    Error defect = new NoSuchMethodError("gone");
    Thread.ofVirtual().start(() -> state.uncaughtException(Thread.currentThread(), defect));
    assertThat(state.awaitStopped(never, 1)).isFalse();
    assertThat(state.failure()).isSameAs(defect);
  }

  @Test
  void aStopAfterAFailureMayComeToItsEnd() throws InterruptedException {
    CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    state.failed(new IllegalStateException("broken"));
    Thread.ofVirtual().start(() -> stopped.complete(true));
    assertThat(state.awaitStopped(stopped, 60_000)).isTrue();
  }

  @Test
  void aSoundStopTakesItsTime() throws InterruptedException {
    CompletableFuture<Boolean> stopped = CompletableFuture.completedFuture(true);
    state.signalled();
    assertThat(state.awaitStopped(stopped, 0)).isTrue();
    assertThat(state.failure()).isNull();
  }
}
