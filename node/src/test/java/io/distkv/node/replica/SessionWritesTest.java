package io.distkv.node.replica;

import static io.distkv.node.replica.InnerClient.single;
import static io.distkv.node.replica.InnerClient.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.Version;
import io.distkv.node.NodeOptions;
import io.distkv.node.command.Store;
import io.distkv.node.world.FaultyDisk;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import io.distkv.node.world.TestWorld;
import io.distkv.raft.RaftOptions;
import io.distkv.raft.session.ClientSessions;
import io.distkv.raft.session.SessionLimits;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Writes that their clients send again. */
class SessionWritesTest extends NodeTest {
  private static final String NOT_OPEN = TestClient.text(Mutation.InSession.NOT_OPEN);
  private static final String NOT_KEPT = TestClient.text(Mutation.InSession.ANSWER_NOT_KEPT);
  private static final String TOO_FAR = TestClient.text(Mutation.InSession.TOO_FAR_AHEAD);
  private static final long MINUTE_MILLIS = 60_000;

  /** What is in tables is cold, so that a repeat that reads its key must warm it, too. */
  private static final NodeOptions OPTIONS = uncached(onePartition());

  /** A node that goes on where another was killed, in a world of its own. */
  private TestNode afterAKill(TestWorld later) throws IOException {
    TestNode again = TestNode.start(later, disk, OPTIONS);
    assertThat(again.failures()).isEmpty();
    assertThat(again.hasStarted()).isTrue();
    return again;
  }

  /** At the bound of what may be in the log and not be decided, to the byte. */
  @Test
  void writesWithoutWordsAreRefusedAtTheBoundToo() throws IOException {
    long step = EntryFormat.encode(1, new Mutation.OpenSession()).length - 1L;
    for (long bytes = 1_000; bytes < 1_100; bytes += step) {
      TestWorld now = new TestWorld(2);
      NodeOptions bounded =
          OPTIONS.toBuilder()
              .pendingBytesPerReplica(1)
              .raft(RaftOptions.DEFAULT.withUncommittedBytes(bytes))
              .build();
      TestNode node =
          TestNode.start(
              now, new FaultyDisk(Files.createDirectory(folder.resolve("node-" + bytes))), bounded);
      InnerClient client = new InnerClient(now, node);
      now.sync(client.replica().port().lane().index()).hold();
      for (int i = 0; i < 100; i++) {
        client.send(new Mutation.OpenSession());
      }
      now.sync(client.replica().port().lane().index()).release();
      now.run();
      assertThat(now.uncaught()).as("with a bound of %d bytes", bytes).isEmpty();
      List<String> answers = client.takeAll();
      assertThat(answers)
          .hasSize(100)
          .anyMatch(answer -> answer.startsWith(":"))
          .anyMatch(answer -> answer.startsWith("-OVERLOADED"));
    }
  }

  @Test
  void whatComesTwiceIsAppliedOnceAndAnswersTheSame() throws IOException {
    TestNode node = start(OPTIONS);
    InnerClient client = new InnerClient(world, node);
    long session = client.open();
    List<String> commands =
        List.of("INCR n", "APPEND a xy", "SET a z GET", "DEL a", "GETDEL a", "INCRBYFLOAT f 1.5");
    List<String> answers = List.of(":1", ":2", "xy", ":1", "null", "1.5");
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < commands.size(); i++) {
        assertThat(client.call(session, i, commands.get(i))).isEqualTo(answers.get(i));
      }
    }
    assertThat(node.client(0).call("MGET n a f")).isEqualTo("[1, null, 1.5]");
    assertThat(node.defects()).isEmpty();
  }

  @Test
  void aFailureIsAnAnswerLikeAnyOther() throws IOException {
    TestNode node = start(OPTIONS);
    InnerClient client = new InnerClient(world, node);
    long session = client.open();
    node.client(0).call("SET n text");
    String refused = client.call(session, 1, "INCR n");
    assertThat(refused).startsWith("-ERR value is not an integer");
    node.client(0).call("SET n 5");
    assertThat(client.call(session, 1, "INCR n")).isEqualTo(refused);
    assertThat(node.client(0).call("GET n")).isEqualTo("5");
  }

  @Test
  void repeatsThatAreUnderWayTogetherAreAppliedOnce() throws IOException {
    TestNode node = start(OPTIONS);
    InnerClient client = new InnerClient(world, node);
    long session = client.open();
    for (int i = 0; i < 5; i++) {
      client.send(new Mutation.InSession(session, 1, 0, single("INCR n")));
    }
    world.run();
    assertThat(client.takeAll()).hasSize(5).containsOnly(":1");
  }

  @Test
  void sessionsAreInTheTablesEditAfterAFlush() throws IOException {
    TestNode node = start(OPTIONS);
    InnerClient client = new InnerClient(world, node);
    long session = client.open();
    assertThat(client.call(session, 1, "INCR n")).isEqualTo(":1");
    byte[] before = client.attachment();
    node = restart(node, OPTIONS);
    client = new InnerClient(world, node);
    assertThat(client.replica().tree().applied().index()).as("nothing is replayed").isEqualTo(2);
    assertThat(client.attachment()).isEqualTo(before);
    assertThat(client.call(session, 1, "INCR n")).isEqualTo(":1");
    assertThat(client.call(session, 2, "INCR n")).isEqualTo(":2");
    assertThat(node.defects()).isEmpty();
  }

  @Test
  void aSessionThatWroteNothingYetIsFlushedToo() throws IOException {
    TestNode node = start(OPTIONS);
    long session = new InnerClient(world, node).open();
    node = restart(node, OPTIONS);
    assertThat(new InnerClient(world, node).call(session, 1, "INCR n")).isEqualTo(":1");
  }

  @Test
  void sessionsAreReplayedFromTheJournalAfterAKill() throws IOException {
    TestNode node = start(OPTIONS);
    InnerClient client = new InnerClient(world, node);
    long session = client.open();
    assertThat(client.call(session, 1, "INCR n")).isEqualTo(":1");
    assertThat(client.call(session, 1, "INCR n")).isEqualTo(":1");
    TestWorld later = new TestWorld(2);
    InnerClient again = new InnerClient(later, afterAKill(later));
    assertThat(again.replica().tree().applied().index()).as("all is replayed").isZero();
    assertThat(again.attachment()).isEqualTo(client.attachment());
    assertThat(again.call(session, 1, "INCR n")).isEqualTo(":1");
    assertThat(again.call(session, 2, "INCR n")).isEqualTo(":2");
  }

  @Test
  void sessionsAreReplayedWhereTheNodeStoppedWithoutAFlush() throws IOException {
    TestNode node = start(OPTIONS);
    InnerClient client = new InnerClient(world, node);
    long session = client.open();
    assertThat(client.call(session, 1, "INCR n")).isEqualTo(":1");
    disk.fill(true);
    node.node().stop(() -> {});
    world.advanceMillis(10_000);
    disk.fill(false);
    InnerClient again = new InnerClient(world, start(OPTIONS));
    assertThat(again.replica().tree().applied().index()).as("all is replayed").isZero();
    assertThat(again.call(session, 1, "INCR n")).isEqualTo(":1");
  }

  @Test
  void whatIsInTablesAndWhatIsReplayedMakeOneState() throws IOException {
    TestNode node = start(OPTIONS);
    InnerClient client = new InnerClient(world, node);
    long first = client.open();
    client.call(first, 1, "INCR n");
    client.flush();
    long second = client.open();
    client.call(second, 1, "INCR n");
    client.call(first, 2, "INCR n");
    TestWorld later = new TestWorld(2);
    InnerClient again = new InnerClient(later, afterAKill(later));
    assertThat(again.replica().tree().applied().index()).isEqualTo(2);
    assertThat(again.attachment()).isEqualTo(client.attachment());
    assertThat(again.call(first, 1, "INCR n")).isEqualTo(":1");
    assertThat(again.call(second, 1, "INCR n")).isEqualTo(":2");
    assertThat(again.call(first, 2, "INCR n")).isEqualTo(":3");
  }

  @Test
  void sessionsDoNotMixAndEmptyingTheKeyspaceLeavesThem() throws IOException {
    TestNode node = start(OPTIONS);
    InnerClient client = new InnerClient(world, node);
    long one = client.open();
    long other = client.open();
    assertThat(one).isNotEqualTo(other);
    assertThat(client.call(one, 1, "INCR n")).isEqualTo(":1");
    assertThat(client.call(other, 1, "INCR n")).isEqualTo(":2");
    assertThat(client.call(one, 2, "FLUSHALL")).isEqualTo("OK");
    assertThat(client.call(one, 1, "INCR n")).isEqualTo(":1");
    assertThat(client.call(other, 1, "INCR n")).isEqualTo(":2");
    assertThat(client.call(other + 1, 1, "INCR n")).isEqualTo(NOT_OPEN);
    assertThat(node.client(0).call("GET n")).isEqualTo("null");
  }

  @Test
  void whatTheClientHasIsForgottenAndNotAppliedAgain() throws IOException {
    TestNode node = start(OPTIONS);
    InnerClient client = new InnerClient(world, node);
    long session = client.open();
    client.call(session, 1, "INCR n");
    assertThat(client.call(new Mutation.InSession(session, 2, 2, single("INCR n"))))
        .isEqualTo(":2");
    assertThat(client.call(session, 1, "INCR n")).isEqualTo(NOT_KEPT);
    assertThat(client.call(session, 2, "INCR n")).isEqualTo(":2");
    assertThat(node.client(0).call("GET n")).isEqualTo("2");
  }

  @Test
  void aSessionEndsAfterAnHourOfTheLogWithoutAUse() throws IOException {
    TestNode node = start(OPTIONS);
    InnerClient client = new InnerClient(world, node);
    long session = client.open();
    world.advanceMillis(59 * MINUTE_MILLIS);
    assertThat(client.call(session, 1, "INCR n")).isEqualTo(":1");
    world.advanceMillis(59 * MINUTE_MILLIS);
    assertThat(client.call(session, 2, new Mutation.TimePasses())).isEqualTo("OK");
    world.advanceMillis(59 * MINUTE_MILLIS);
    assertThat(client.call(session, 1, "INCR n")).isEqualTo(":1");
    assertThat(client.attachment()).isNotEmpty();
    world.advanceMillis(61 * MINUTE_MILLIS);
    assertThat(client.attachment()).as("no entry has brought the time yet").isNotEmpty();
    assertThat(client.call(session, 1, "INCR n")).isEqualTo(NOT_OPEN);
    assertThat(client.call(session, 3, "INCR n")).isEqualTo(NOT_OPEN);
    assertThat(node.client(0).call("GET n")).isEqualTo("1");
    assertThat(client.attachment()).isEmpty();
  }

  @Test
  void anyEntryBringsTheTimeByWhichSessionsEnd() throws IOException {
    TestNode node = start(OPTIONS);
    InnerClient client = new InnerClient(world, node);
    client.open();
    world.advanceMillis(61 * MINUTE_MILLIS);
    node.client(0).call("SET k v");
    assertThat(client.attachment()).isEmpty();
    client.open();
    world.advanceMillis(61 * MINUTE_MILLIS);
    client.call(new Mutation.TimePasses());
    assertThat(client.attachment()).isEmpty();
  }

  @Test
  void everythingIsBounded() throws IOException {
    TestNode node = start(OPTIONS);
    InnerClient client = new InnerClient(world, node);
    long first = client.open();
    for (int i = 1; i < SessionLimits.DEFAULT.sessions(); i++) {
      client.send(new Mutation.OpenSession());
    }
    world.run();
    assertThat(client.takeAll()).hasSize(SessionLimits.DEFAULT.sessions() - 1);
    assertThat(client.call(first, 1, "INCR n")).isEqualTo(":1");
    long newest = client.open();
    assertThat(client.call(first, 1, "INCR n")).isEqualTo(":1");
    assertThat(client.call(first + 1, 1, "INCR n")).isEqualTo(NOT_OPEN);
    assertThat(client.call(newest, 1_024, "INCR n")).isEqualTo(TOO_FAR);
    assertThat(client.call(newest, 1_023, "INCR n")).isEqualTo(":2");
    node.client(0).call("SET large " + "x".repeat(2_000));
    assertThat(client.call(newest, 1, "GETDEL large")).hasSize(2_000);
    node.client(0).call("SET large again");
    assertThat(client.call(newest, 1, "GETDEL large")).isEqualTo(NOT_KEPT);
    assertThat(node.client(0).call("GET large")).isEqualTo("again");
  }

  @Test
  void aRepeatedTransactionAnswersAsAtFirstWhateverItsConditionsAreNow() throws IOException {
    TestNode node = start(OPTIONS);
    InnerClient client = new InnerClient(world, node);
    long session = client.open();
    Mutation.Plain ifAbsent =
        transaction(List.of(new Condition(new byte[] {'k'}, Version.NONE, 1)), "SET k 1");
    assertThat(client.call(session, 1, ifAbsent)).isEqualTo("[OK]");
    assertThat(client.call(session, 1, ifAbsent)).isEqualTo("[OK]");
    assertThat(client.call(session, 2, ifAbsent)).isEqualTo("null list");
    node.client(0).call("DEL k");
    assertThat(client.call(session, 2, ifAbsent)).isEqualTo("null list");
    assertThat(node.client(0).call("EXISTS k")).isEqualTo(":0");
  }

  @Test
  void whatATransactionReadIsInItsAnswerWhereverItIsApplied() throws IOException {
    TestNode node = start(OPTIONS);
    InnerClient client = new InnerClient(world, node);
    long session = client.open();
    node.client(0).call("SET k 1");
    Mutation.Plain reads = transaction(List.of(), "GET k", "INCR k", "STRLEN k");
    assertThat(client.call(session, 1, reads)).isEqualTo("[1, :2, :1]");
    node.client(0).call("SET k 100");
    TestWorld later = new TestWorld(2);
    InnerClient again = new InnerClient(later, afterAKill(later));
    assertThat(again.attachment()).isEqualTo(client.attachment());
    assertThat(again.call(session, 1, reads)).isEqualTo("[1, :2, :1]");
  }

  @Test
  void aDefectOnTheWayIsAnAnswerAndALostDiskIsNot() {
    SessionWrites writes = new SessionWrites(new ClientSessions(SessionLimits.DEFAULT));
    writes.run(new Mutation.OpenSession(), 1, store(new AssertionError("nothing is written")));
    Mutation write = new Mutation.InSession(1, 1, 0, single("SET k v"));
    IOException lost = new IOException("lost");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> writes.run(write, 2, store(new ReadFailedException(lost))))
          .isInstanceOf(ReadFailedException.class);
    }
    assertThatThrownBy(() -> writes.run(write, 2, store(new IllegalStateException("a defect"))))
        .hasMessage("a defect");
    assertThat(writes.run(write, 3, store(new AssertionError("applied again"))))
        .isEqualTo(WritePath.DEFECT);
  }

  /** A store that cannot be written to. */
  private static Store store(Throwable onWrite) {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (_, method, _) -> {
              if (method.getName().equals("nowMillis")) {
                return 1_800_000_000_000L;
              }
              throw onWrite;
            });
  }

  @Test
  void writesInAnyOrderAnyNumberOfTimesOverFlushesStopsAndKillsCountOnce() throws IOException {
    for (long seed = 0; seed < 3; seed++) {
      try {
        countOnce(new SplittableRandom(seed), (int) seed);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private void countOnce(SplittableRandom random, int counter) throws IOException {
    TestWorld now = new TestWorld(2);
    TestNode node = TestNode.start(now, disk, OPTIONS);
    InnerClient client = new InnerClient(now, node);
    long session = client.open();
    List<Integer> sent = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      sent.add(i % 100);
    }
    Map<Integer, String> answers = new HashMap<>();
    Collections.shuffle(sent, random);
    for (int sequence : sent) {
      String answer = client.call(session, sequence, "INCR n" + counter);
      String before = answers.putIfAbsent(sequence, answer);
      assertThat(answer).isEqualTo(before == null ? ":" + answers.size() : before);
      int event = random.nextInt(80);
      if (event == 0) {
        client.flush();
      } else if (event < 3) {
        if (event == 1) {
          node.stop();
        }
        now = new TestWorld(2);
        node = TestNode.start(now, disk, OPTIONS);
        assertThat(node.failures()).isEmpty();
        client = new InnerClient(now, node);
      }
    }
    assertThat(answers).hasSize(100);
    assertThat(node.client(0).call("GET n" + counter)).isEqualTo("100");
    assertThat(node.defects()).isEmpty();
    assertThat(now.uncaught()).isEmpty();
    node.stop();
  }
}
