package io.distkv.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Lane;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LanesTest {
  private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
  private final List<Lanes> toClose = new ArrayList<>();

  static Stream<Boolean> transports() {
    return Stream.of(true, false).filter(epoll -> !epoll || Epoll.isAvailable());
  }

  private Lanes start(int count, int mostQueuedTasks, boolean epoll) {
    Lanes lanes = Lanes.start(count, mostQueuedTasks, (thread, e) -> uncaught.add(e), epoll);
    toClose.add(lanes);
    return lanes;
  }

  @AfterEach
  void close() {
    toClose.forEach(Lanes::close);
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
  }

  /** Holds the lane's thread until the latch opens; returns when the lane is held. */
  private static void hold(Lane lane, CountDownLatch until) throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    lane.complete(() -> {
      held.countDown();
      try {
        await(until);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
    await(held);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theRestOfATaskRunsBehindWhatWaitsInTheLoopAndBeforeTheTurnEnds(boolean epoll)
      throws Exception {
    Lanes lanes = start(1, 100, epoll);
    Lane lane = lanes.lanes().getFirst();
    List<String> order = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    lane.complete(() -> {
      lane.atTurnEnd(() -> order.add("turn end"));
      lane.complete(() -> {
        order.add("next turn");
        done.countDown();
      });
      lanes.eventLoop(0).execute(() -> order.add("flush"));
      lane.continueWith(() -> order.add("rest"));
      order.add("task");
    });
    await(done);
    assertThat(order).containsExactly("task", "flush", "rest", "turn end", "next turn");
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whatTheRestOfATaskThrowsIsTold(boolean epoll) throws Exception {
    Lanes lanes = start(1, 100, epoll);
    Lane lane = lanes.lanes().getFirst();
    CountDownLatch done = new CountDownLatch(1);
    lane.complete(() -> {
      lane.continueWith(() -> {
        throw new IllegalStateException("the rest");
      });
      lane.continueWith(done::countDown);
    });
    await(done);
    assertThat(uncaught).extracting(Throwable::getMessage).containsExactly("the rest");
  }

  @ParameterizedTest
  @MethodSource("transports")
  void eachLaneIsAThreadOfItsOwn(boolean epoll) throws Exception {
    Lanes lanes = start(3, 100, epoll);
    assertThat(lanes.lanes()).hasSize(3);
    for (Lane lane : lanes.lanes()) {
      CompletableFuture<String> name = new CompletableFuture<>();
      assertThat(lane.inLane()).isFalse();
      assertThat(
              lane.offer(
                  () -> name.complete(Thread.currentThread().getName() + " " + lane.inLane())))
          .isTrue();
      assertThat(name.get(30, TimeUnit.SECONDS)).isEqualTo("lane-" + lane.index() + " true");
      CompletableFuture<Boolean> sameThread = new CompletableFuture<>();
      lanes.eventLoop(lane.index()).execute(() -> sameThread.complete(lane.inLane()));
      assertThat(sameThread.get(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(lanes.serverSocketType())
        .isEqualTo(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
    assertThat(lanes.socketType())
        .isEqualTo(epoll ? EpollSocketChannel.class : NioSocketChannel.class);
    assertThat(lanes.eventLoops()).hasSize(3);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aFullQueueRefusesOffersAndTakesCompletions(boolean epoll) throws Exception {
    Lane lane = start(1, 4, epoll).lanes().getFirst();
    CountDownLatch release = new CountDownLatch(1);
    hold(lane, release);
    AtomicInteger ran = new AtomicInteger();
    for (int i = 0; i < 4; i++) {
      assertThat(lane.offer(ran::incrementAndGet)).isTrue();
    }
    assertThat(lane.offer(ran::incrementAndGet)).isFalse();
    CountDownLatch last = new CountDownLatch(1);
    lane.complete(ran::incrementAndGet);
    lane.complete(last::countDown);
    release.countDown();
    await(last);
    assertThat(ran).hasValue(5);
    assertThat(lane.offer(ran::incrementAndGet)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theTurnEndsAfterAllThatWasQueuedAndTakesWhatItsTasksAdd(boolean epoll) throws Exception {
    Lane lane = start(1, 100, epoll).lanes().getFirst();
    List<String> order = new ArrayList<>();
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    hold(lane, release);
    lane.complete(() -> {
      order.add("first");
      lane.atTurnEnd(() -> {
        order.add("end");
        lane.complete(() -> {
          order.add("next turn");
          done.countDown();
        });
        lane.atTurnEnd(() -> order.add("end, added by the end"));
      });
    });
    lane.complete(() -> order.add("second"));
    lane.complete(() -> order.add("third"));
    release.countDown();
    await(done);
    assertThat(order)
        .containsExactly("first", "second", "third", "end", "end, added by the end", "next turn");
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aTurnIsNotStretchedByTasksThatKeepComing(boolean epoll) throws Exception {
    Lane lane = start(1, 100, epoll).lanes().getFirst();
    CountDownLatch ended = new CountDownLatch(1);
    AtomicInteger inTurn = new AtomicInteger();
    Runnable again =
        new Runnable() {
          @Override
          public void run() {
            inTurn.incrementAndGet();
            if (ended.getCount() > 0) {
              lane.complete(this);
            }
          }
        };
    lane.complete(() -> {
      lane.atTurnEnd(ended::countDown);
      lane.complete(again);
    });
    await(ended);
    assertThat(inTurn.get()).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theTurnOfASocketOrTimerEndsToo(boolean epoll) throws Exception {
    Lanes lanes = start(1, 100, epoll);
    Lane lane = lanes.lanes().getFirst();
    CountDownLatch ended = new CountDownLatch(2);
    lane.schedule(1_000, () -> lane.atTurnEnd(ended::countDown));
    lanes.eventLoop(0).execute(() -> lane.atTurnEnd(ended::countDown));
    await(ended);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void manyThreadsLoseNoTaskAndKeepTheirOrder(boolean epoll) throws Exception {
    Lane lane = start(1, 1_000_000, epoll).lanes().getFirst();
    int threads = 4;
    int tasks = 50_000;
    int[] next = new int[threads];
    AtomicInteger outOfOrder = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(threads * tasks);
    List<Thread> producers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int producer = t;
      producers.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < tasks; i++) {
                  int number = i;
                  lane.complete(() -> {
                    if (next[producer]++ != number) {
                      outOfOrder.incrementAndGet();
                    }
                    done.countDown();
                  });
                }
              }));
    }
    for (Thread producer : producers) {
      producer.join();
    }
    await(done);
    assertThat(outOfOrder).hasValue(0);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void scheduledTasksRunInOrderOfTimeAndCanBeTakenBack(boolean epoll) throws Exception {
    Lane lane = start(1, 100, epoll).lanes().getFirst();
    List<String> order = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    lane.complete(() -> {
      lane.schedule(
          30_000_000,
          () -> {
            order.add("late");
            done.countDown();
          });
      Lane.Cancellable cancelled = lane.schedule(0, () -> order.add("cancelled"));
      lane.schedule(-1, () -> order.add("early"));
      cancelled.cancel();
    });
    await(done);
    assertThat(order).containsExactly("early", "late");
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aTaskThatThrowsIsReportedAndTheLaneGoesOn(boolean epoll) throws Exception {
    Lane lane = start(1, 100, epoll).lanes().getFirst();
    CountDownLatch done = new CountDownLatch(1);
    lane.complete(() -> {
      lane.atTurnEnd(() -> {
        throw new IllegalStateException("turn end");
      });
      lane.atTurnEnd(() -> lane.schedule(0, done::countDown));
      lane.schedule(
          0,
          () -> {
            throw new IllegalStateException("timer");
          });
      throw new IllegalStateException("task");
    });
    await(done);
    assertThat(uncaught)
        .extracting(Throwable::getMessage)
        .containsExactly("task", "turn end", "timer");
  }

  @ParameterizedTest
  @MethodSource("transports")
  void closingRunsWhatIsQueued(boolean epoll) throws Exception {
    Lanes lanes = start(2, 100, epoll);
    AtomicInteger ran = new AtomicInteger();
    CountDownLatch release = new CountDownLatch(1);
    hold(lanes.lanes().getFirst(), release);
    for (int i = 0; i < 10; i++) {
      lanes.lanes().getFirst().complete(ran::incrementAndGet);
    }
    release.countDown();
    lanes.close();
    assertThat(ran).hasValue(10);
  }
}
