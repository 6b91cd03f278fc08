package io.distkv.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerPoolTest {
  private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
  private final List<WorkerPool> toClose = new ArrayList<>();

  private WorkerPool start(int threads, int mostQueuedTasks) {
    WorkerPool pool =
        new WorkerPool("test", threads, mostQueuedTasks, (thread, e) -> uncaught.add(e));
    toClose.add(pool);
    return pool;
  }

  @AfterEach
  void close() {
    toClose.forEach(WorkerPool::close);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void hold(WorkerPool pool, CountDownLatch until) {
    CountDownLatch held = new CountDownLatch(1);
    pool.execute(() -> {
      held.countDown();
      await(until);
    });
    await(held);
  }

  /** What a task led to may be large, and the next task may come late. */
  @Test
  void aWorkerThatWaitsHoldsNothingOfItsLastTask() {
    WorkerPool pool = start(1, 2);
    WeakReference<byte[]> held = runTaskWithMemory(pool);
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (held.get() != null && System.nanoTime() < endNanos) {
      System.gc();
    }
    assertThat(held.get()).isNull();
  }

  private static WeakReference<byte[]> runTaskWithMemory(WorkerPool pool) {
    byte[] memory = new byte[1 << 20];
    CountDownLatch done = new CountDownLatch(1);
    pool.execute(() -> {
      memory[0] = 1;
      done.countDown();
    });
    await(done);
    return new WeakReference<>(memory);
  }

  @Test
  void aFullQueueRefusesOffersAndTakesTheNodesOwnWork() {
    WorkerPool pool = start(1, 2);
    CountDownLatch release = new CountDownLatch(1);
    hold(pool, release);
    AtomicInteger ran = new AtomicInteger();
    assertThat(pool.offer(ran::incrementAndGet)).isTrue();
    assertThat(pool.offer(ran::incrementAndGet)).isTrue();
    assertThat(pool.offer(ran::incrementAndGet)).isFalse();
    pool.execute(ran::incrementAndGet);
    assertThat(pool.queuedTasks()).isEqualTo(3);
    release.countDown();
    pool.close();
    assertThat(ran).hasValue(3);
    assertThat(pool.queuedTasks()).isZero();
  }

  @Test
  void oneThreadKeepsTheOrder() {
    WorkerPool pool = start(1, 10);
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 1_000; i++) {
      int number = i;
      pool.execute(() -> order.add(number));
    }
    pool.close();
    assertThat(order).hasSize(1_000).isSorted();
  }

  @Test
  void threadsWorkSideBySideUnderTheirNames() throws Exception {
    WorkerPool pool = start(2, 10);
    CountDownLatch bothRunning = new CountDownLatch(2);
    Queue<String> names = new ConcurrentLinkedQueue<>();
    CountDownLatch done = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      pool.execute(() -> {
        bothRunning.countDown();
        await(bothRunning);
        names.add(Thread.currentThread().getName());
        done.countDown();
      });
    }
    await(done);
    assertThat(names).containsExactlyInAnyOrder("test-0", "test-1");
  }

  @Test
  void scheduledWorkRunsInOrderOfTimeAndNotBefore() throws Exception {
    WorkerPool pool = start(1, 10);
    long startNanos = System.nanoTime();
    Queue<String> order = new ConcurrentLinkedQueue<>();
    CompletableFuture<Long> late = new CompletableFuture<>();
    pool.schedule(
        60_000_000,
        () -> {
          order.add("late");
          late.complete(System.nanoTime() - startNanos);
        });
    CountDownLatch earlier = new CountDownLatch(2);
    pool.schedule(
        20_000_000,
        () -> {
          order.add("earlier");
          earlier.countDown();
        });
    pool.schedule(
        -5,
        () -> {
          order.add("at once");
          earlier.countDown();
        });
    assertThat(late.get(30, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(60_000_000L);
    await(earlier);
    assertThat(order).containsExactly("at once", "earlier", "late");
  }

  @Test
  void aTaskThatThrowsIsReportedAndTheWorkerGoesOn() {
    WorkerPool pool = start(1, 10);
    pool.execute(() -> {
      throw new IllegalStateException("task");
    });
    CountDownLatch done = new CountDownLatch(1);
    pool.execute(done::countDown);
    await(done);
    assertThat(uncaught).extracting(Throwable::getMessage).containsExactly("task");
  }

  @Test
  void aClosedPoolHasRunItsQueueDroppedItsTimersAndTakesNoMore() {
    WorkerPool pool = start(2, 10);
    AtomicInteger ran = new AtomicInteger();
    for (int i = 0; i < 5; i++) {
      pool.execute(ran::incrementAndGet);
    }
    pool.schedule(TimeUnit.HOURS.toNanos(1), ran::incrementAndGet);
    pool.close();
    assertThat(ran).hasValue(5);
    assertThatThrownBy(() -> pool.execute(ran::incrementAndGet))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessage("workers test are shut down");
    assertThatThrownBy(() -> pool.offer(ran::incrementAndGet))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> pool.schedule(1, ran::incrementAndGet))
        .isInstanceOf(RejectedExecutionException.class);
  }
}
