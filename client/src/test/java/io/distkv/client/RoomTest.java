package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
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
    give(room, 60);
    assertThat(room.tryTake(0)).isTrue();
    assertThat(room.operations()).isEqualTo(2);
  }

  @Test
  void whatIsLargerThanAllTheRoomGoesAlone() {
    Room room = new Room(5, 100);
    assertThat(room.tryTake(1_000)).isTrue();
    assertThat(room.tryTake(1)).isFalse();
    give(room, 1_000);
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
    give(room, 1);
    assertThat(waiter.join()).isTrue();
  }

  @Test
  void whoCameFirstIsLetInFirstAndWhoComesLaterGoesBehind() throws Exception {
    Room room = new Room(1, 1_000);
    assertThat(room.take(1, LONG)).isTrue();
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    List<Thread> waiters = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      waiters.add(
          waiting(() -> {
            if (room.take(1, LONG)) {
              order.add(number);
              give(room, 1);
            }
          }));
    }
    give(room, 1);
    for (Thread waiter : waiters) {
      waiter.join();
    }
    assertThat(order).isEqualTo(IntStream.range(0, 20).boxed().toList());
    assertThat(room.operations()).isZero();
  }

  /** Small operations that come all the time do not keep a large one waiting for ever. */
  @Test
  void noSmallOneOvertakesALargeOne() throws Exception {
    Room room = new Room(10, 100);
    assertThat(room.take(60, LONG)).isTrue();
    CompletableFuture<Boolean> large = new CompletableFuture<>();
    Thread largeOne = waiting(() -> large.complete(room.take(90, LONG)));
    CompletableFuture<Boolean> small = new CompletableFuture<>();
    Thread smallOne = waiting(() -> small.complete(room.take(20, LONG)));
    assertThat(small).isNotDone();
    give(room, 60);
    assertThat(large.join()).isTrue();
    assertThat(room.operations()).isEqualTo(1);
    assertThat(small).isNotDone();
    give(room, 90);
    assertThat(small.join()).isTrue();
    largeOne.join();
    smallOne.join();
  }

  @Test
  void whereOneGivesUpThoseBehindItGoOn() throws Exception {
    Room room = new Room(10, 100);
    assertThat(room.take(60, LONG)).isTrue();
    CompletableFuture<Boolean> large = new CompletableFuture<>();
    Thread impatient =
        waiting(() -> {
          try {
            large.complete(room.take(90, LONG));
          } catch (InterruptedException e) {
            large.complete(false);
          }
        });
    CompletableFuture<Boolean> small = new CompletableFuture<>();
    Thread patient = waiting(() -> small.complete(room.take(20, LONG)));
    impatient.interrupt();
    assertThat(large.join()).isFalse();
    assertThat(small.join()).isTrue();
    assertThat(room.operations()).isEqualTo(2);
    impatient.join();
    patient.join();
  }

  /** Of one whose time is up, nothing is left: what is given back next goes to the next. */
  @Test
  void whoseTimeIsUpLeavesTheLine() throws Exception {
    Room room = new Room(1, 100);
    assertThat(room.take(1, LONG)).isTrue();
    assertThat(room.take(1, TimeUnit.MILLISECONDS.toNanos(5))).isFalse();
    CompletableFuture<Boolean> next = new CompletableFuture<>();
    Thread waiter = waiting(() -> next.complete(room.take(1, LONG)));
    give(room, 1);
    assertThat(next.join()).isTrue();
    waiter.join();
    give(room, 1);
    assertThat(room.take(1, 0)).isTrue();
  }

  /** Else the thread that ends operations could wait for one to end. */
  @Test
  void whatAnEndBeginsGoesBeforeThoseWhoWait() throws Exception {
    Room room = new Room(1, 100);
    assertThat(room.take(1, LONG)).isTrue();
    CompletableFuture<Boolean> waiter = new CompletableFuture<>();
    Thread thread = waiting(() -> waiter.complete(room.take(1, LONG)));
    List<Boolean> begun = new ArrayList<>();
    room.give(
        1,
        () -> {
          begun.add(takenAtOnce(room));
          room.give(1, () -> begun.add(takenAtOnce(room)));
        });
    assertThat(begun).containsExactly(true, true);
    assertThat(waiter).isNotDone();
    give(room, 1);
    assertThat(waiter.join()).isTrue();
    thread.join();
    assertThat(takenAtOnce(room)).isFalse();
  }

  private static boolean takenAtOnce(Room room) {
    try {
      return room.take(1, 0);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void give(Room room, long sizeBytes) {
    room.give(sizeBytes, () -> {});
  }

  private interface Interruptible {
    void run() throws InterruptedException;
  }

  /** A thread that runs this, once it waits. */
  private static Thread waiting(Interruptible task) {
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                task.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      assertThat(thread.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    return thread;
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
                  give(room, 10);
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
