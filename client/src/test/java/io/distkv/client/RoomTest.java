package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Room for operations under way. */
@Timeout(60)
class RoomTest {
  private static final long LONG = TimeUnit.SECONDS.toNanos(50);

  @Test
  void operationsAndBytesAreBounded() {
    Room room = new Room(2, 100);
    assertThat(room.tryTake(60)).isTrue();
    assertThat(room.tryTake(41)).isFalse();
    assertThat(room.tryTake(40)).isTrue();
    assertThat(room.tryTake(0)).isFalse();
    room.give(60);
    assertThat(room.tryTake(0)).isTrue();
    assertThat(room.operations()).isEqualTo(2);
  }

  @Test
  void whatIsLargerThanAllTheRoomGoesAlone() {
    Room room = new Room(5, 100);
    assertThat(room.tryTake(1_000)).isTrue();
    assertThat(room.tryTake(1)).isFalse();
    room.give(1_000);
    assertThat(room.tryTake(1)).isTrue();
    assertThat(room.tryTake(1_000)).isFalse();
  }

  @Test
  void whoWaitsGetsWhatIsGivenBackOrIsToldThatTimeIsUp() throws Exception {
    Room room = new Room(1, 100);
    assertThat(room.take(1, LONG)).isTrue();
    assertThat(room.take(1, 1)).isFalse();
    CompletableFuture<Boolean> waiter = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            waiter.complete(room.take(1, LONG));
          } catch (InterruptedException e) {
            waiter.completeExceptionally(e);
          }
        });
    room.give(1);
    assertThat(waiter.join()).isTrue();
  }

  /** More threads than room, all of which get it, and never more at once than there is. */
  @Test
  void nobodyIsForgottenAndTheBoundHolds() throws Exception {
    Room room = new Room(3, 1_000);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    AtomicInteger refused = new AtomicInteger();
    for (int i = 0; i < 16; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int turn = 0; turn < 2_000; turn++) {
                  try {
                    if (!room.take(10, LONG)) {
                      refused.incrementAndGet();
                      continue;
                    }
                  } catch (InterruptedException e) {
                    refused.incrementAndGet();
                    return;
                  }
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  inside.decrementAndGet();
                  room.give(10);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(refused).hasValue(0);
    assertThat(most.get()).isBetween(1, 3);
    assertThat(room.operations()).isZero();
    assertThat(room.awaitEmpty(LONG)).isTrue();
  }
}
