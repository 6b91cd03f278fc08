package io.distkv.node.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.ErrorCode;
import io.distkv.base.Limits;
import io.distkv.node.Health;
import io.distkv.node.NodeOptions;
import io.distkv.node.command.Errors;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bounds, deadlines and ends: a client always gets an answer, and it never takes for ever. */
class SessionLimitsTest extends NodeTest {

  @Test
  void writesBeyondTheBoundAreRefusedAndThoseWithinAreDone() throws IOException {
    TestNode node = start(onePartition().toBuilder().pendingBytesPerReplica(10_000).build());
    TestClient client = node.client(node.node().homeLane());
    world.sync(node.node().homeLane()).hold();
    List<String> commands = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      commands.add("SET k" + i + " " + "x".repeat(1_000));
    }
    client.pipeline(commands.toArray(String[]::new));
    world.run();
    world.sync(node.node().homeLane()).release();
    world.run();
    List<String> replies = client.takeAll();
    assertThat(replies.subList(0, 9)).containsOnly("OK");
    assertThat(replies.subList(10, 20))
        .allMatch(
            reply -> reply.startsWith("-OVERLOADED too many requests wait; nothing was done"));
    assertThat(client.call("DBSIZE")).isEqualTo(":9");
    assertThat(client.call("SET k " + "x".repeat(50_000)))
        .as("one alone is never too many")
        .isEqualTo("OK");
  }

  @Test
  void largeRepliesOfReadsNeedRoomAndWhatAWriteFoundIsAlwaysGiven() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(node.node().homeLane());
    String large = "x".repeat(100_000);
    client.call("MSET a " + large + " b " + large + " c 1");
    client.setReplyRoom(99_999);
    String refused = "-OVERLOADED the node has no memory for this reply";
    assertThat(client.call("GET a")).startsWith(refused);
    assertThat(client.call("MGET c a")).startsWith(refused);
    assertThat(client.call("GET c")).isEqualTo("1");
    assertThat(client.call("GETDEL b")).isEqualTo(large);
    client.setReplyRoom(150_000);
    assertThat(client.call("MGET a a")).startsWith(refused);
    client.pipeline("SET d 1", "GET a", "GET c");
    world.run();
    assertThat(client.takeAll()).containsExactly("OK", large, "1");
  }

  @Test
  void repliesThatWaitForOthersAreAmongTheBytesInFlight() throws IOException {
    TestNode node = start(eightPartitions());
    TestClient client = node.client(0);
    String large = "x".repeat(100_000);
    for (int i = 0; i < 10; i++) {
      client.call("SET r" + i + " " + large);
    }
    world.sync(0).hold();
    world.sync(1).hold();
    client.send("SET w 1");
    for (int i = 0; i < 10; i++) {
      client.send("GET r" + i); // most are in other partitions than w, and need not wait for it
    }
    world.run();
    assertThat(client.session().inFlightBytes()).isGreaterThan(5 * 100_000);
    world.sync(0).release();
    world.sync(1).release();
    world.run();
    assertThat(client.session().inFlightBytes()).isZero();
    assertThat(client.takeAll()).hasSize(11).endsWith(large);
  }

  @Test
  void coldReadsBeyondTheBoundAreRefused() throws IOException {
    NodeOptions options = uncached(onePartition());
    TestNode node = start(options);
    node.client(0).call("MSET a 1 b 2 c 3");
    node = restart(node, options);
    TestClient client = node.client(0);
    world.reads().hold();
    world.reads().bound(1);
    client.pipeline("GET a", "GET b", "INCR c", "DBSIZE", "MULTI", "INCR c", "EXEC", "PING");
    world.run();
    world.reads().release();
    world.run();
    List<String> replies = client.takeAll();
    assertThat(replies.get(0)).isEqualTo("1");
    assertThat(replies.get(1)).startsWith("-OVERLOADED");
    assertThat(replies.get(2)).startsWith("-OVERLOADED");
    assertThat(replies.get(3)).startsWith("-OVERLOADED");
    assertThat(replies.get(6)).startsWith("-OVERLOADED");
    assertThat(replies.get(7)).isEqualTo("PONG");
    world.reads().bound(100);
    assertThat(client.call("INCR c")).isEqualTo(":4");
  }

  @Test
  void whatTakesTooLongIsAnsweredWithATimeout() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    int lane = node.node().homeLane();
    world.sync(lane).hold();
    client.pipeline("SET k v", "GET k");
    world.advanceMillis(9_000);
    assertThat(client.takeAll()).isEmpty();
    world.advanceMillis(1_500);
    assertThat(client.takeAll())
        .containsExactly(
            "-TIMEOUT no answer within the deadline; a write may have happened or may yet",
            "-TIMEOUT no answer within the deadline; a write may have happened or may yet");
    assertThat(client.session().inFlight()).isZero();
    world.sync(lane).release();
    world.run();
    assertThat(client.takeAll()).as("what comes later is dropped").isEmpty();
    assertThat(client.call("GET k")).as("it happened after all").isEqualTo("v");
  }

  @Test
  void aTimeoutOfExecLetsTheRequestsBehindItGo() throws IOException {
    NodeOptions options = uncached(onePartition());
    TestNode node = start(options);
    node.client(0).call("SET a 1");
    node = restart(node, options);
    TestClient client = node.client(0);
    world.reads().hold();
    client.pipeline("WATCH a", "MULTI", "SELECT 1", "GET a", "EXEC", "PING");
    assertThat(client.session().inFlight()).isEqualTo(6);
    world.advanceMillis(11_000);
    List<String> replies = client.takeAll();
    assertThat(replies.get(0)).startsWith("-TIMEOUT");
    assertThat(replies.get(4)).startsWith("-TIMEOUT");
    assertThat(replies.get(5)).isEqualTo("PONG");
    world.reads().release();
    world.run();
    assertThat(client.takeAll()).isEmpty();
  }

  @Test
  void aWriteThatTimedOutBeforeItWasLoggedDoesNotHappen() throws IOException {
    NodeOptions options = uncached(onePartition());
    TestNode node = start(options);
    node.client(0).call("SET n 1");
    node = restart(node, options);
    TestClient client = node.client(0);
    world.reads().hold();
    client.send("INCR n");
    world.advanceMillis(11_000);
    assertThat(client.take()).startsWith("-TIMEOUT");
    world.reads().release();
    world.run();
    assertThat(client.call("GET n")).isEqualTo("1");
  }

  @Test
  void closingDropsWhatWaitsAndLetsLoggedWritesGoOn() throws IOException {
    NodeOptions options = uncached(onePartition());
    TestNode node = start(options);
    node.client(0).call("SET n 1");
    node = restart(node, options);
    TestClient client = node.client(0);
    world.reads().hold();
    client.pipeline(
        "SET logged 1", "GET n", "DBSIZE", "MULTI", "SET x 1", "PING", "EXEC", "SET y 1");
    client.session().close();
    client.session().close();
    client.send("SET after 1");
    world.run();
    world.reads().release();
    world.run();
    assertThat(client.takeAll()).isEmpty();
    assertThat(node.client(1).call("MGET logged after")).isEqualTo("[1, null]");
    assertThat(node.node().health()).isEqualTo(Health.READY);
  }

  @Test
  void sizesMayBeBoundedMoreTightly() throws IOException {
    SizeLimits tight = new SizeLimits(10, 20, 3, 100);
    TestNode node = start(onePartition().toBuilder().sizeLimits(tight).build());
    TestClient client = node.client(0);
    String eleven = "x".repeat(11);
    assertThat(client.call("SET " + "x".repeat(10) + " " + "y".repeat(20))).isEqualTo("OK");
    assertThat(client.call("SET " + eleven + " y"))
        .isEqualTo("-TOOLARGE a key has at most 10 bytes here, this one has 11");
    assertThat(client.call("MSET a 1 " + eleven + " y")).startsWith("-TOOLARGE a key has");
    assertThat(client.call("SET k " + "y".repeat(21)))
        .isEqualTo("-TOOLARGE a value has at most 20 bytes here, this one has 21");
    assertThat(client.call("GET k " + "y".repeat(21))).startsWith("-ERR wrong number");
    assertThat(client.call("MGET a b c d"))
        .isEqualTo("-TOOLARGE a command has at most 3 keys here, this one has 4");
    assertThat(client.call("WATCH a b c")).isEqualTo("OK");
    assertThat(client.call("WATCH a b c")).as("the same again").isEqualTo("OK");
    assertThat(client.call("WATCH d")).startsWith("-TOOLARGE a batch has at most 3 operations");
    client.pipeline("MULTI", "PING", "PING", "PING", "PING", "PING", "EXEC", "PING");
    world.run();
    assertThat(client.takeAll())
        .containsExactly(
            "OK",
            "QUEUED",
            "QUEUED",
            "QUEUED",
            "-TOOLARGE a batch has at most 3 operations and 100 bytes",
            "QUEUED",
            "-EXECABORT Transaction discarded because of previous errors.",
            "PONG");
  }

  @Test
  void tighterLimitsDoNotKeepALogFromBeingReplayed() throws IOException {
    NodeOptions options = onePartition();
    TestNode node = start(options);
    node.client(0).call("SET averylongkey " + "y".repeat(100));
    TestNode again = start(options.toBuilder().sizeLimits(new SizeLimits(5, 10, 3, 100)).build());
    assertThat(again.client(0).call("DBSIZE")).isEqualTo(":1");
    assertThat(again.failures()).isEmpty();
  }

  @Test
  void aRequestThatCouldNotBeTakenBreaksTheTransactionAroundIt() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    client.pipeline("MULTI", "SET a 1");
    assertThat(client.session().queuedBytes()).isPositive();
    world.on(0, () -> client.session().refuse(Errors.of(ErrorCode.OVERLOADED, "no memory")));
    client.pipeline("SET b 1", "EXEC", "MGET a b");
    world.run();
    assertThat(client.takeAll())
        .containsExactly(
            "OK",
            "QUEUED",
            "-OVERLOADED no memory",
            "QUEUED",
            "-EXECABORT Transaction discarded because of previous errors.",
            "[null, null]");
    assertThat(client.session().queuedBytes())
        .as("nothing but the order of commands to the partition")
        .isLessThan(200);
  }

  @Test
  void repliesAreNoLargerThanABatch() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    byte[] large = new byte[Limits.MAX_VALUE_BYTES];
    client.sendWords("SET".getBytes(UTF_8), "k".getBytes(UTF_8), large);
    world.run();
    assertThat(client.take()).isEqualTo("OK");
    assertThat(client.call("MGET k k k k k")).startsWith("-TOOLARGE what is asked for has more");
    assertThat(client.call("MGET k k k k")).hasSizeGreaterThan(4 * large.length);
    assertThat(client.call("BITOP AND to k k k k k")).startsWith("-TOOLARGE the sources of BITOP");
    assertThat(client.call("BITOP NOT to k")).isEqualTo(":" + large.length);
    for (String write : List.of("", "SET w 1")) {
      client.pipeline("MULTI", "GET k", "GET k", "GET k", "GET k", "GET k", "EXISTS k");
      client.pipeline(write.isEmpty() ? "PING" : write, "EXEC");
      world.run();
      String last = client.takeAll().getLast();
      assertThat(last).hasSizeGreaterThan(4 * large.length).hasSizeLessThan(5 * large.length);
      assertThat(last).contains("-TOOLARGE what is asked for");
    }
    assertThat(client.call("GET w")).isEqualTo("1");
  }

  @Test
  void stoppingAnswersWhatIsUnderWayAndRefusesTheRest() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    boolean[] stopped = new boolean[1];
    client.pipeline("SET k v", "GET k");
    node.node().stop(() -> stopped[0] = true);
    client.send("SET k2 v");
    world.advanceMillis(1_000);
    assertThat(stopped[0]).isTrue();
    assertThat(client.takeAll())
        .containsExactly("OK", "v", "-OVERLOADED the node is stopping; nothing was done");
    assertThat(start(onePartition()).client(0).call("MGET k k2")).isEqualTo("[v, null]");
  }
}
