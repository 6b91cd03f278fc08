package io.distkv.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.DiskFile;
import io.distkv.base.Lane;
import io.distkv.base.Randomness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformTest {
  private static final Platform.Options SMALL = new Platform.Options(2, 1_000, 1, 10, 1);

  @TempDir private Path folder;
  private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();

  private Platform start() throws IOException {
    return Platform.start(folder.resolve("data"), SMALL, (thread, e) -> uncaught.add(e));
  }

  @Test
  void workGoesFromALaneToAWorkerAndBack() throws Exception {
    try (Platform platform = start()) {
      Lane lane = platform.lane(1);
      CompletableFuture<String> thread = new CompletableFuture<>();
      lane.complete(() ->
          platform
              .sync(1)
              .execute(() -> {
                String worker = Thread.currentThread().getName();
                writeFile(platform);
                lane.complete(
                    () -> thread.complete(worker + " " + Thread.currentThread().getName()));
              }));
      assertThat(thread.get(30, TimeUnit.SECONDS)).isEqualTo("sync-0-0 lane-1");
      assertThat(platform.disk().list("")).containsExactly("LOCK", "f");
    }
    assertThat(uncaught).isEmpty();
  }

  @Test
  void everyTwoLanesShareASyncWorker() throws Exception {
    Platform.Options threeLanes = new Platform.Options(3, 1_000, 1, 10, 1);
    try (Platform platform =
        Platform.start(folder.resolve("data"), threeLanes, (thread, e) -> uncaught.add(e))) {
      assertThat(platform.sync(0)).isSameAs(platform.sync(1)).isNotSameAs(platform.sync(2));
    }
    assertThat(uncaught).isEmpty();
  }

  private static void writeFile(Platform platform) {
    try (DiskFile file = platform.disk().create("f")) {
      file.write(ByteBuffer.allocate(100), 0);
      file.sync();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void closingLetsWorkUnderWayComeBackToItsLane() throws Exception {
    CompletableFuture<Boolean> cameBack = new CompletableFuture<>();
    try (Platform platform = start()) {
      Lane lane = platform.lane(0);
      platform
          .background()
          .execute(() ->
              platform
                  .reads()
                  .execute(() ->
                      platform
                          .sync(0)
                          .execute(() -> lane.complete(() -> cameBack.complete(lane.inLane())))));
    }
    assertThat(cameBack).isCompletedWithValue(true);
  }

  @Test
  void theDataFolderIsHeldUntilTheEnd() throws Exception {
    Platform first = start();
    assertThatThrownBy(this::start).isInstanceOf(DataFolderInUseException.class);
    first.close();
    start().close();
  }

  @Test
  void clocksRunAndRandomNumbersDiffer() throws Exception {
    try (Platform platform = start()) {
      long before = platform.clock().monotonicNanos();
      assertThat(platform.clock().monotonicNanos()).isGreaterThanOrEqualTo(before);
      assertThat(Math.abs(platform.clock().wallMillis() - System.currentTimeMillis()))
          .isLessThan(60_000);
      Randomness one = platform.newRandomness();
      assertThat(one.nextLong()).isNotEqualTo(platform.newRandomness().nextLong());
      assertThat(one.below(10)).isBetween(0, 9);
    }
  }

  @Test
  void optionsAreCheckedAndHaveDefaults() {
    assertThat(Platform.Options.forThisMachine().laneCount())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThatThrownBy(() -> new Platform.Options(0, 1, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
