package io.distkv.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.distkv.base.Lane;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SimulatedWorldTest {
  private static final int SEEDS = 100;

  private final Trace trace = new Trace();
  private final EventQueue queue = new EventQueue(trace);

  @Test
  void eventsRunInOrderOfTimeThenOfQueueing() {
    List<String> ran = new ArrayList<>();
    queue.after(20, "c", () -> ran.add("c"));
    queue.after(10, "a", () -> ran.add("a"));
    queue.after(10, "b", () -> queue.after(0, "b2", () -> ran.add("b2")));
    queue.runFor(15);
    assertThat(ran).containsExactly("a", "b2");
    assertThat(queue.nowNanos()).isEqualTo(15);
    queue.runFor(5);
    assertThat(ran).containsExactly("a", "b2", "c");
    assertThat(queue.step()).isFalse();
  }

  @Test
  void waitingForWhatNeverComesIsAnError() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> queue.runUntil(() -> false, 10, "the end"))
        .withMessageContaining("the end");
    forever();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> queue.runUntil(() -> false, 1_000, "the end"))
        .withMessageContaining("not within");
  }

  private void forever() {
    queue.after(100, "tick", this::forever);
  }

  @Test
  void aLaneRunsItsTasksInOrderAndThenTheTurnsEnd() {
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedLane lane = process(seed, 1, 100).lanes().getFirst();
      List<String> ran = new ArrayList<>();
      lane.offer(() -> {
        assertThat(lane.inLane()).isTrue();
        lane.atTurnEnd(() -> {
          ran.add("end");
          lane.atTurnEnd(() -> ran.add("end of end"));
        });
        ran.add("first");
      });
      lane.complete(() -> ran.add("second"));
      queue.runFor(1_000_000_000);
      assertThat(lane.inLane()).isFalse();
      List<String> tasks = new ArrayList<>(ran);
      tasks.removeIf(name -> name.startsWith("end"));
      assertThat(tasks).as("seed %d", seed).containsExactly("first", "second");
      assertThat(ran.indexOf("end of end")).isEqualTo(ran.indexOf("end") + 1);
    }
  }

  @Test
  void aFullLaneRefusesOffersButNoCompletion() {
    SimulatedLane lane = process(1, 1, 2).lanes().getFirst();
    AtomicInteger ran = new AtomicInteger();
    assertThat(lane.offer(ran::incrementAndGet)).isTrue();
    assertThat(lane.offer(ran::incrementAndGet)).isTrue();
    assertThat(lane.offer(ran::incrementAndGet)).isFalse();
    lane.complete(ran::incrementAndGet);
    queue.runFor(1_000_000_000);
    assertThat(ran).hasValue(3);
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> lane.atTurnEnd(ran::incrementAndGet));
  }

  @Test
  void aTimerThatWasTakenBackNeverRuns() {
    SimulatedLane lane = process(1, 1, 2).lanes().getFirst();
    AtomicInteger ran = new AtomicInteger();
    Lane.Cancellable taken = lane.schedule(100, ran::incrementAndGet);
    lane.schedule(100, ran::incrementAndGet);
    taken.cancel();
    queue.runFor(1_000_000_000);
    assertThat(ran).hasValue(1);
  }

  @Test
  void workersOvertakeEachOtherUnlessThereIsOne() {
    Set<List<Integer>> orders = new HashSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedProcess process = process(seed, 1, 1);
      assertThat(orderOf(process.workers("one", 1, 10))).containsExactly(0, 1, 2, 3);
      orders.add(orderOf(process.workers("many", 3, 10)));
    }
    assertThat(orders).hasSizeGreaterThan(4);
  }

  private List<Integer> orderOf(SimulatedWorkers workers) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      assertThat(workers.offer(() -> order.add(number))).isTrue();
    }
    workers.schedule(10_000_000_000L, () -> order.add(3));
    queue.runFor(20_000_000_000L);
    assertThat(order).hasSize(4);
    return order;
  }

  @Test
  void fullWorkersRefuseOffers() {
    SimulatedWorkers workers = process(1, 1, 1).workers("reads", 1, 1);
    assertThat(workers.offer(() -> {})).as("takes the thread").isTrue();
    assertThat(workers.offer(() -> {})).as("waits").isTrue();
    assertThat(workers.offer(() -> {})).isFalse();
  }

  @Test
  void aDeadProcessRunsNothing() {
    SimulatedProcess process = process(1, 2, 10);
    AtomicInteger ran = new AtomicInteger();
    process.lanes().getFirst().offer(ran::incrementAndGet);
    process.workers("any", 1, 10).execute(ran::incrementAndGet);
    process.kill();
    queue.runFor(1_000_000_000);
    assertThat(ran).hasValue(0);
    assertThat(process.alive()).isFalse();
  }

  @Test
  void theWallClockJumpsAndTheOtherDoesNot() {
    SimulatedClock clock = new SimulatedClock(queue, new SimulatedRandomness(1));
    long wall = clock.wallMillis();
    long nanos = clock.monotonicNanos();
    clock.jumpMillis(-5000);
    assertThat(clock.wallMillis()).isEqualTo(wall - 5000);
    assertThat(clock.monotonicNanos()).isBetween(nanos, nanos + 1000);
    queue.runFor(3_000_000);
    assertThat(clock.wallMillis()).isEqualTo(wall - 5000 + 3);
  }

  @Test
  void oneSeedGivesOneTraceAndAnotherAnother() {
    assertThat(traceOf(5)).isEqualTo(traceOf(5)).isNotEqualTo(traceOf(6));
  }

  @Test
  void theTraceCanBeRead() {
    List<String> lines = new ArrayList<>();
    Trace readable = new Trace(lines::add);
    readable.event("write", "a/file", 4096, 17);
    readable.say("so it goes");
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).contains("write", "a/file", "4096", "17");
    assertThat(readable.events()).isEqualTo(2);
  }

  @Test
  void drawsStayInTheirRange() {
    SimulatedRandomness random = new SimulatedRandomness(3);
    Set<Long> drawn = new TreeSet<>();
    for (int i = 0; i < 10_000; i++) {
      assertThat(random.between(-3, 4)).isBetween(-3L, 4L);
      drawn.add(random.between(-3, 4));
      assertThat(random.magnitude(10, 1_000_000)).isBetween(10L, 1_000_000L);
      assertThat(random.magnitude(5, 5)).isEqualTo(5);
    }
    assertThat(drawn).hasSize(8);
    assertThat(random.fork().nextLong()).isNotEqualTo(random.fork().nextLong());
    assertThat(random.bytes(10)).hasSize(10);
  }

  private static String traceOf(long seed) {
    Trace itsTrace = new Trace();
    EventQueue itsQueue = new EventQueue(itsTrace);
    SimulatedRandomness random = new SimulatedRandomness(seed);
    SimulatedProcess process =
        new SimulatedProcess("p", itsQueue, random, Delays.draw(random), 2, 10);
    SimulatedWorkers workers = process.workers("w", 2, 10);
    for (SimulatedLane lane : process.lanes()) {
      lane.offer(() -> workers.execute(() -> lane.complete(() -> itsTrace.say("back"))));
    }
    itsQueue.runFor(1_000_000_000);
    return itsTrace.hex();
  }

  private SimulatedProcess process(long seed, int lanes, int laneQueueTasks) {
    SimulatedRandomness random = new SimulatedRandomness(seed);
    return new SimulatedProcess("p", queue, random, Delays.draw(random), lanes, laneQueueTasks);
  }
}
