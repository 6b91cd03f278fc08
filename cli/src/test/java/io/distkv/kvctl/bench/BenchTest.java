package io.distkv.kvctl.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.distkv.kvctl.FakeNode;
import io.distkv.kvctl.Ran;
import io.distkv.kvctl.wire.Address;
import io.distkv.kvctl.wire.Target;
import io.distkv.kvctl.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

final class BenchTest {
  private static BenchPlan plan(double rate, long count, int connections) {
    return new BenchPlan(
        new Target(Address.Protocol.RESP.byDefault(), "default", Duration.ofSeconds(1)),
        connections,
        1,
        rate,
        Duration.ZERO,
        Duration.ofSeconds(10),
        count,
        0.5,
        10,
        100,
        KeyChooser.of(KeyChooser.Distribution.uniform, 100, 1),
        "k/",
        1);
  }

  @Test
  void anOpenLoopIsDueAtTheRateWhateverTheNumberOfConnections() {
    Schedule schedule = new Schedule(plan(1_000, 2_500, 4), 0, 0);
    assertThat(schedule.dueNanos(0, 0)).isZero();
    assertThat(schedule.dueNanos(3, 0)).isEqualTo(3_000_000);
    assertThat(schedule.dueNanos(0, 1)).isEqualTo(4_000_000);
    assertThat(schedule.dueNanos(1, 250)).isEqualTo(1_001_000_000);
    assertThat(schedule.isOver(2_499_999_999L)).isFalse();
    assertThat(schedule.isOver(2_500_000_000L)).isTrue();
    assertThat(schedule.isGivenUp(3_499_999_999L)).isFalse();
    assertThat(schedule.isGivenUp(3_500_000_000L)).isTrue();
  }

  @Test
  void aClosedLoopTakesExactlyTheOperationsThereAre() {
    Schedule schedule = new Schedule(plan(0, 10, 4), 0, 0);
    assertThat(schedule.take(4) + schedule.take(4) + schedule.take(4) + schedule.take(4))
        .isEqualTo(10);
  }

  @Test
  void latencyCountsFromWhenTheOperationWasDueAndWarmUpIsLeftOut() {
    long now = System.nanoTime();
    Measurements measurements = new Measurements(now - 1_000_000_000L);
    measurements.record(0, true, now - 2_000_000_000L, "warm-up");
    measurements.record(0, true, now - 500_000_000L, "value");
    measurements.record(1, false, now, "OK");
    measurements.record(1, true, now, null);
    assertThat(measurements.completed()).isEqualTo(3);
    assertThat(measurements.misses()).isEqualTo(1);
    assertThat(measurements.reads().getTotalCount()).isEqualTo(2);
    assertThat(measurements.reads().getMaxValue()).isGreaterThanOrEqualTo(500_000_000L);
    assertThat(measurements.writes().getTotalCount()).isEqualTo(1);
  }

  @Test
  void zipfFollowsItsLaw() {
    int keys = 1_000;
    for (double exponent : new double[] {0.5, 0.99, 1.0, 1.5}) {
      KeyChooser.Zipf zipf = new KeyChooser.Zipf(keys, exponent);
      SplittableRandom random = new SplittableRandom(3);
      int draws = 200_000;
      int[] seen = new int[keys + 1];
      for (int i = 0; i < draws; i++) {
        seen[(int) zipf.rank(random)]++;
      }
      double total = 0;
      for (int rank = 1; rank <= keys; rank++) {
        total += Math.pow(rank, -exponent);
      }
      for (int rank : new int[] {1, 2, 3, 10, 50}) {
        double expected = draws * Math.pow(rank, -exponent) / total;
        assertThat((double) seen[rank])
            .as("rank %d, exponent %s", rank, exponent)
            .isCloseTo(expected, within(6 * Math.sqrt(expected)));
      }
    }
  }

  @Test
  void keysStayInRangeAndSequentialTakesTurns() {
    SplittableRandom random = new SplittableRandom(1);
    for (KeyChooser.Distribution distribution : KeyChooser.Distribution.values()) {
      KeyChooser chooser = KeyChooser.of(distribution, 7, 0.99);
      boolean[] seen = new boolean[7];
      for (int i = 0; i < 1_000; i++) {
        seen[(int) chooser.next(random)] = true;
      }
      assertThat(seen).as("%s", distribution).containsOnly(true);
    }
    KeyChooser sequential = KeyChooser.of(KeyChooser.Distribution.sequential, 3, 1);
    assertThat(sequential.next(random)).isEqualTo(0);
    assertThat(sequential.next(random)).isEqualTo(1);
    assertThat(sequential.next(random)).isEqualTo(2);
    assertThat(sequential.next(random)).isEqualTo(0);
  }

  /** A node that answers at once, but for one stall. */
  private static FakeNode stalling(int atRequest, Duration stall) throws IOException {
    AtomicInteger requests = new AtomicInteger();
    return new FakeNode(_ -> {
      if (requests.incrementAndGet() == atRequest) {
        Thread.sleep(stall);
      }
      return "+OK\r\n";
    });
  }

  private static JsonNode bench(FakeNode node, String... options) {
    Ran ran = run(node, options);
    assertThat(ran.code()).as(ran.err()).isZero();
    return ran.json();
  }

  /** One connection that only writes, unless the options say more. */
  private static Ran run(FakeNode node, String... options) {
    String[] common = {
      "bench",
      "-a",
      node.address(),
      "-c",
      "1",
      "-o",
      "json",
      "--warm-up",
      "none",
      "--read-ratio",
      "0",
      "--quiet"
    };
    String[] all = Arrays.copyOf(common, common.length + options.length);
    System.arraycopy(options, 0, all, common.length, options.length);
    return Ran.kvctl(all);
  }

  /**
   * One stall of 800 ms in a run of 2 s at 500 operations a second: 400 operations, a fifth of the
   * thousand, are due during the stall, and waited up to all of it. A client that stops sending
   * while it waits sees one slow operation in a thousand, and its p99 knows nothing.
   */
  @Test
  void aStallShowsInTheOpenLoopInFullAndHardlyInTheClosedOne() throws IOException {
    try (FakeNode node = stalling(300, Duration.ofMillis(800))) {
      JsonNode all = bench(node, "--rate", "500", "--duration", "2s").at("/operations/all");
      assertThat(all.get("count").asInt()).isEqualTo(1_000);
      assertThat(all.get("p99Micros").asDouble()).isGreaterThan(700_000);
      assertThat(all.get("p90Micros").asDouble()).isGreaterThan(400_000);
      assertThat(all.get("maxMicros").asDouble()).isGreaterThan(790_000);
    }
    try (FakeNode node = stalling(300, Duration.ofMillis(800))) {
      JsonNode all = bench(node, "--count", "1000").at("/operations/all");
      assertThat(all.get("count").asInt()).isEqualTo(1_000);
      assertThat(all.get("maxMicros").asDouble()).isGreaterThan(790_000);
      assertThat(all.get("p99Micros").asDouble()).isLessThan(400_000);
    }
  }

  @Test
  void whatCouldNotBeSentInTimeIsCounted() throws IOException {
    // Of the hundred that are due, a node as slow as this one takes a few.
    try (FakeNode node =
        new FakeNode(_ -> {
          Thread.sleep(100);
          return "+OK\r\n";
        })) {
      Ran ran =
          Ran.kvctl(
              "bench",
              "-a",
              node.address(),
              "-c",
              "1",
              "-P",
              "1",
              "--rate",
              "100",
              "--duration",
              "1s",
              "--warm-up",
              "none",
              "--read-ratio",
              "0",
              "--timeout",
              "500ms");
      assertThat(ran.code()).isEqualTo(1);
      int answered = number(ran, "all +([0-9]+)");
      int lost = number(ran, "([0-9]+) operations lost their connection");
      assertThat(answered).isPositive().isLessThan(20);
      assertThat(number(ran, "([0-9]+) operations were due but never sent"))
          .isEqualTo(100 - answered - lost);
    }
  }

  private static int number(Ran ran, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(ran.out());
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }

  @Test
  void errorsAndMissesAreCountedByKind() throws IOException {
    try (FakeNode node =
        new FakeNode(request -> request.getFirst().equals("GET") ? "$-1\r\n" : "-OOM full\r\n")) {
      Ran ran =
          Ran.kvctl(
              "bench",
              "-a",
              node.address(),
              "-c",
              "2",
              "-P",
              "4",
              "-n",
              "400",
              "--warm-up",
              "none",
              "--no-fill");
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.out())
          .contains("closed loop", "OPERATION", "P99.9 MS", "errors OOM", "reads found no value");
    }
  }

  /** Whoever sends all of it before reading any waits for a node that waits in its turn. */
  @Test
  @Timeout(60)
  void aPipelineMayHoldMoreRepliesThanSocketsDo() throws IOException {
    String value = "$1000000\r\n" + "v".repeat(1_000_000) + "\r\n";
    try (FakeNode node =
        new FakeNode(request -> request.getFirst().equals("GET") ? value : "+OK\r\n")) {
      Ran ran =
          Ran.kvctl(
              "bench",
              "-a",
              node.address(),
              "-c",
              "1",
              "-P",
              "100",
              "-n",
              "100",
              "-d",
              "1000000",
              "--no-fill",
              "--warm-up",
              "none",
              "-o",
              "json",
              "--quiet");
      JsonNode json = ran.json();
      assertThat(json.at("/operations/all/count").asInt()).isEqualTo(100);
    }
  }

  @Test
  void everyOperationThatWasDueIsCountedAlthoughConnectionsBreak() throws IOException {
    AtomicInteger requests = new AtomicInteger();
    try (FakeNode node =
        new FakeNode(_ -> {
          if (requests.incrementAndGet() % 50 == 0) {
            throw new InterruptedException("closes the connection");
          }
          return "+OK\r\n";
        })) {
      Ran ran = run(node, "--rate", "200", "--duration", "1s");
      JsonNode json = ran.json();
      assertThat(json.get("lost").asInt()).isPositive();
      assertThat(json.get("lost").asInt() + json.at("/operations/all/count").asInt())
          .isEqualTo(200);
    }
  }

  @Test
  @Timeout(60)
  void anInterruptEndsAnOpenLoopThatWaitsForRoomWithoutAWord() throws Exception {
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    try (FakeNode node =
        new FakeNode(_ -> {
          asked.countDown();
          over.await();
          return "+OK\r\n";
        })) {
      Target target =
          new Target(
              Address.parse(node.address(), Address.Protocol.RESP, "test"),
              "default",
              Duration.ofSeconds(30));
      BenchPlan plan =
          new BenchPlan(
              target,
              1,
              1,
              1_000,
              Duration.ZERO,
              Duration.ofSeconds(30),
              Long.MAX_VALUE,
              0,
              10,
              10,
              new KeyChooser.Uniform(10),
              "k",
              1);
      long start = System.nanoTime();
      Measurements measurements = new Measurements(start);
      OpenLoop loop =
          new OpenLoop(
              plan,
              new Schedule(plan, start, start),
              measurements,
              new Workload(plan, Workload.pool(plan), 0),
              0,
              Wire.open(target));
      Thread thread =
          Thread.ofVirtual().uncaughtExceptionHandler((_, e) -> thrown.set(e)).start(loop);
      asked.await();
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      thread.interrupt();
      thread.join();
      over.countDown();
      assertThat(thrown.get()).isNull();
      assertThat(measurements.lost()).isZero();
    }
  }
}
