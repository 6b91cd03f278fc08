package io.distkv.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.NodeOptions;
import io.distkv.node.NodeStatistics;
import io.distkv.node.replica.ReplicaCounters.Counter;
import io.distkv.node.session.Passage.Stage;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is refused when more writes come than get done, and who is not. */
class AdmissionTest extends NodeTest {
  private static final String REFUSED = "-OVERLOADED more writes come than the node gets done";

  private final List<String> replies = new ArrayList<>();

  private static NodeOptions options(long allowedMillis) {
    return eightPartitions().toBuilder().admittedWaitNanos(allowedMillis * 1_000_000).build();
  }

  private UnaryCall begin(TestNode node, String command, Follower follower) {
    return node.node()
        .unaryCalls(0)
        .begin(
            "default",
            TestClient.words(command),
            reply -> replies.add(TestClient.text(reply)),
            follower);
  }

  /** A key whose writes need a lane that is not the clients'. */
  private String keyOfOtherLane(TestNode node) {
    List<Passage> passages = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String key = "k" + i;
      world.on(0, () -> begin(node, "SET " + key + " v", passages::add));
      pass(10);
      world.run();
      if (passages.getLast().parts().getFirst().stage() == Stage.ROUTE) {
        replies.clear();
        pass(1_000);
        return key;
      }
    }
    throw new AssertionError("every key is of lane 0");
  }

  private void pass(long millis) {
    world.clock().advanceNanos(millis * 1_000_000);
  }

  /** Writes come, each of a client of its own. */
  private List<UnaryCall> come(TestNode node, String key, int writes) {
    List<UnaryCall> calls = new ArrayList<>();
    world.on(
        0,
        () -> {
          for (int i = 0; i < writes; i++) {
            calls.add(begin(node, "SET " + key + " v", _ -> {}));
          }
        });
    return calls;
  }

  private long refused() {
    return replies.stream().filter(reply -> reply.startsWith(REFUSED)).count();
  }

  /** So many come again and again, and all of them wait so long for the other lane. */
  private void waves(TestNode node, String key, int waves, int writes, long waitMillis) {
    for (int i = 0; i < waves; i++) {
      come(node, key, writes);
      pass(waitMillis);
      world.run();
    }
  }

  @Test
  void whereAllWaitTooLongFurtherOnesAreRefusedAtOnce() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    waves(node, key, 2, 4_000, 100);
    assertThat(refused()).isZero();
    come(node, key, 2_000);
    // 4,000 in 200 ms are 200 in half of the 20 ms that they may wait.
    assertThat(refused()).isEqualTo(1_800);
    world.on(0, () -> assertThat(node.node().unaryCalls(0).refusesWrites()).isTrue());
    world.run();
    assertThat(replies).hasSize(10_000);
    List<NodeStatistics> seen = new ArrayList<>();
    node.node().statistics(seen::add);
    world.run();
    assertThat(seen.getFirst().count(Counter.OVERLOADED)).isEqualTo(1_801);
  }

  @Test
  void aBurstIsNoOverload() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    for (int i = 0; i < 10; i++) {
      come(node, key, 1);
      world.run();
      waves(node, key, 1, 5_000, 45);
    }
    assertThat(refused()).isZero();
  }

  /** A node that has just started takes long for all that a client sends at once. */
  @Test
  void theFirstBurstMayTakeLonger() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    waves(node, key, 4, 2_000, 60);
    assertThat(refused()).isZero();
    waves(node, key, 1, 2_000, 60);
    assertThat(refused()).isPositive();
    waves(node, key, 100, 100, 1);
    replies.clear();
    waves(node, key, 2, 2_000, 60);
    assertThat(refused()).isZero();
    waves(node, key, 2, 2_000, 60);
    assertThat(refused()).isPositive();
  }

  /** 6,000 come in one turn, 100 in each of 60 ms. */
  private void longTurn(TestNode node, String key) {
    world.on(
        0,
        () -> {
          for (int i = 0; i < 60; i++) {
            for (int j = 0; j < 100; j++) {
              begin(node, "SET " + key + " v", _ -> {});
            }
            pass(1);
          }
        });
  }

  /** Nothing is answered while it goes on, so only its length can tell. */
  @Test
  void aLongTurnSoonAfterOverloadIsOverload() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    waves(node, key, 3, 2_000, 100);
    assertThat(refused()).isPositive();
    waves(node, key, 100, 100, 1);
    replies.clear();
    waves(node, key, 5, 1_000, 1);
    assertThat(refused()).isZero();
    longTurn(node, key);
    // 41 times 100 are taken, and those that come until it looks again.
    assertThat(refused()).isBetween(1_880L, 1_900L);
    world.run();
    waves(node, key, 100, 100, 1);
    replies.clear();
    waves(node, key, 5, 1_000, 1);
    assertThat(refused()).isZero();
  }

  @Test
  void aLongTurnIsABurstWhereNoOverloadWas() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    longTurn(node, key);
    assertThat(refused()).isZero();
    world.run();
    waves(node, key, 3, 2_000, 100);
    waves(node, key, 100, 100, 1);
    pass(1_000);
    replies.clear();
    longTurn(node, key);
    assertThat(refused()).isZero();
  }

  @Test
  void aDiskThatIsSlowByItselfIsNoOverload() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    disk.pretendSyncTook(75_000_000);
    for (int i = 0; i < 20; i++) {
      world.sync(0).hold();
      world.sync(1).hold();
      come(node, key, 500);
      world.run();
      pass(75);
      world.sync(0).release();
      world.sync(1).release();
      world.run();
    }
    assertThat(refused()).isZero();
  }

  /** The turns of a lane that is behind are long; of what one took in, the next knows the fate. */
  @Test
  void aLaneThatIsSlowWhileTheDiskIsQuickIsOverloaded() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    disk.pretendSyncTook(200_000);
    for (int i = 0; i < 3; i++) {
      world.sync(0).hold();
      world.sync(1).hold();
      come(node, key, 1_000);
      world.run();
      pass(100);
      world.sync(0).release();
      world.sync(1).release();
      world.run();
    }
    assertThat(refused()).isPositive();
  }

  /** Also where the disk was slow before, and so much more than a window must pass. */
  @Test
  void whatStandsStillIsNotJoinedByMore() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    disk.pretendSyncTook(75_000_000);
    come(node, key, 500);
    for (int i = 0; i < 10; i++) {
      pass(50);
      come(node, key, 1);
    }
    assertThat(refused()).isZero();
    for (int i = 0; i < 10; i++) {
      pass(50);
      come(node, key, 1);
    }
    assertThat(refused()).isBetween(5L, 10L);
    world.run();
  }

  @Test
  void itEndsWithTheQueue() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    waves(node, key, 3, 1_000, 100);
    assertThat(refused()).isPositive();
    waves(node, key, 3, 10, 5);
    pass(50);
    waves(node, key, 1, 10, 5);
    pass(50);
    replies.clear();
    come(node, key, 2_000);
    world.run();
    assertThat(refused()).isZero();
  }

  /** What was refused comes again all at once, when the lane has had nothing to do for a while. */
  @Test
  void aLaneThatWasIdleIsNotOverloaded() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    waves(node, key, 3, 2_000, 100);
    assertThat(refused()).isPositive();
    replies.clear();
    pass(100);
    waves(node, key, 1, 2_000, 1);
    assertThat(refused()).isZero();
  }

  /** So few get done only because so few are taken: then more are. */
  @Test
  void aLaneThatIsQuickTakesMore() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    waves(node, key, 3, 2_000, 100);
    for (int i = 0; i < 8; i++) {
      replies.clear();
      waves(node, key, 1, 800, 1);
      waves(node, key, 30, 1, 1);
    }
    assertThat(refused()).isZero();
  }

  @Test
  void fewAreAlwaysTaken() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    waves(node, key, 4, 1_000, 10_000);
    replies.clear();
    come(node, key, Admission.ALWAYS_TAKEN + 1);
    assertThat(refused()).isEqualTo(1);
    world.run();
  }

  @Test
  void whoPipelinesWaits() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    waves(node, key, 2, 1_000, 100);
    come(node, key, 1_000);
    TestClient late = node.client(0);
    assertThat(late.call("GET " + key)).isEqualTo("v");
    waves(node, key, 1, 1_000, 100);
    come(node, key, 1_000);
    late.send("SET " + key + " w");
    assertThat(late.take()).startsWith(REFUSED);
    world.run();
    // Its first is one of few, and those behind it are its own.
    TestClient pipelining = node.client(0);
    pass(100);
    pipelining.send("SET " + key + " 0");
    come(node, key, 1_000);
    for (int i = 1; i <= 100; i++) {
      pipelining.send("SET " + key + " " + i);
    }
    world.run();
    assertThat(pipelining.takeAll()).hasSize(101).allMatch("OK"::equals);
    assertThat(late.call("GET " + key)).isNotEqualTo("w");
  }

  private static void transaction(TestClient client, String command) {
    client.send("MULTI").send(command).send("EXEC");
  }

  @Test
  void aTransactionThatWritesIsRefusedLikeAWrite() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    waves(node, key, 2, 4_000, 100);
    TestClient pipelining = node.client(0);
    pipelining.send("SET " + key + " first");
    come(node, key, 2_000);
    TestClient writer = node.client(0);
    transaction(writer, "SET " + key + " refused");
    assertThat(writer.takeAll()).hasSize(3).last().asString().startsWith(REFUSED);
    TestClient reader = node.client(0);
    transaction(reader, "GET " + key);
    transaction(pipelining, "SET " + key + " second");
    world.run();
    assertThat(writer.call("EXEC")).contains("EXEC without MULTI");
    assertThat(reader.takeAll()).hasSize(3).last().isNotEqualTo("[refused]");
    assertThat(pipelining.takeAll()).containsExactly("OK", "OK", "QUEUED", "[OK]");
    assertThat(writer.call("GET " + key)).isEqualTo("second");
  }

  /** A transaction that is under way counts as a write. */
  @Test
  void transactionsThatWaitTooLongAreOverload() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      clients.add(node.client(0));
    }
    for (int wave = 0; wave < 6; wave++) {
      clients.forEach(client -> transaction(client, "SET " + key + " v"));
      pass(100);
      world.run();
    }
    clients.forEach(client -> transaction(client, "SET " + key + " v"));
    world.run();
    long executed =
        clients.stream().filter(client -> client.takeAll().getLast().equals("[OK]")).count();
    assertThat(executed).isBetween(128L, 999L);
  }

  @Test
  void zeroNeverRefusesAny() throws IOException {
    TestNode node = start(options(0));
    String key = keyOfOtherLane(node);
    waves(node, key, 6, 1_000, 100);
    assertThat(refused()).isZero();
  }

  /** What is given up is not counted for ever. */
  @Test
  void whoGoesAwayMakesRoom() throws IOException {
    TestNode node = start(options(20));
    String key = keyOfOtherLane(node);
    List<UnaryCall> calls = come(node, key, 1_000);
    world.on(0, () -> calls.forEach(UnaryCall::cancel));
    world.run();
    waves(node, key, 2, 4_000, 100);
    come(node, key, 2_000);
    assertThat(refused()).isEqualTo(1_800);
    world.run();
  }
}
