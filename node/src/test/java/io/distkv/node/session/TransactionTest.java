package io.distkv.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.NodeOptions;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.world.FaultyDisk;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** MULTI, EXEC, DISCARD, WATCH and UNWATCH as Redis 7 has them. */
class TransactionTest extends NodeTest {

  @Test
  void runsTheQueuedCommandsAsOne() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("MULTI", "SET a 1", "INCR a", "GET a", "DBSIZE", "PING", "GET nosuch", "EXEC");
    world.run();
    assertThat(client.takeAll())
        .containsExactly(
            "OK",
            "QUEUED",
            "QUEUED",
            "QUEUED",
            "QUEUED",
            "QUEUED",
            "QUEUED",
            "[OK, :2, 2, :1, PONG, null]");
    assertThat(client.call("GET a")).isEqualTo("2");
  }

  @Test
  void aFailingCommandDoesNotStopTheOthers() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("SET t text", "MULTI", "INCR t", "SET k v BADOPTION", "SET b 1", "EXEC");
    world.run();
    List<String> replies = client.takeAll();
    assertThat(replies.getLast())
        .isEqualTo("[-ERR value is not an integer or out of range, -ERR syntax error, OK]");
    assertThat(client.call("GET b")).isEqualTo("1");
  }

  @Test
  void aCommandThatCannotBeQueuedEndsItAll() throws IOException {
    TestClient client = start(onePartition()).client(0);
    for (String wrong : List.of("NOSUCH", "GET", "INCR a b")) {
      client.pipeline("MULTI", "SET a 1", wrong, "EXEC", "EXISTS a", "EXEC");
      world.run();
      List<String> replies = client.takeAll();
      assertThat(replies.get(2)).startsWith("-ERR");
      assertThat(replies.subList(3, 6))
          .containsExactly(
              "-EXECABORT Transaction discarded because of previous errors.",
              ":0",
              "-ERR EXEC without MULTI");
    }
  }

  @Test
  void refusesWhatMakesNoSense() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("EXEC", "DISCARD", "MULTI", "MULTI", "WATCH a", "SET a 1", "EXEC", "GET a");
    world.run();
    assertThat(client.takeAll())
        .containsExactly(
            "-ERR EXEC without MULTI",
            "-ERR DISCARD without MULTI",
            "OK",
            "-ERR MULTI calls can not be nested",
            "-ERR WATCH inside MULTI is not allowed",
            "QUEUED",
            "[OK]",
            "1");
  }

  @Test
  void discardForgetsEverything() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("WATCH a", "MULTI", "SET a 1", "DISCARD", "GET a", "SET a 2", "MULTI", "PING");
    client.pipeline("EXEC");
    world.run();
    assertThat(client.takeAll())
        .containsExactly("OK", "OK", "QUEUED", "OK", "null", "OK", "OK", "QUEUED", "[PONG]");
  }

  @Test
  void anEmptyTransactionIsAnEmptyList() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("MULTI", "EXEC");
    world.run();
    assertThat(client.takeAll()).containsExactly("OK", "[]");
  }

  @Test
  void aChangedWatchedKeyCallsItOff() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    TestClient other = node.client(1);
    String[] changes = {"SET w 2", "DEL w", "EXPIRE w 100", "APPEND w x", "FLUSHALL", "FLUSHDB"};
    for (String change : changes) {
      client.call("SET w 1");
      client.call("WATCH w");
      other.call(change);
      client.pipeline("MULTI", "SET x " + change.hashCode(), "EXEC");
      world.run();
      assertThat(client.takeAll()).as(change).containsExactly("OK", "QUEUED", "null list");
      client.pipeline("MULTI", "SET x 1", "EXEC");
      world.run();
      assertThat(client.takeAll()).as("the next").containsExactly("OK", "QUEUED", "[OK]");
    }
  }

  @Test
  void aWatchedKeyThatStayedAsItWasLetsItRun() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    TestClient other = node.client(1);
    client.call("SET w 1");
    client.call("WATCH w nosuch");
    other.call("SET other 1");
    other.call("GET w");
    other.call("DEL nosuch");
    other.call("SETNX w 5");
    client.pipeline("MULTI", "SET w 2", "EXEC");
    world.run();
    assertThat(client.takeAll()).containsExactly("OK", "QUEUED", "[OK]");
  }

  @Test
  void aKeyThatAppearsCallsItOff() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    client.call("WATCH absent");
    node.client(1).call("SET absent 1");
    client.pipeline("MULTI", "SET x 1", "EXEC", "EXISTS x");
    world.run();
    assertThat(client.takeAll()).containsExactly("OK", "QUEUED", "null list", ":0");
  }

  @Test
  void aKeyThatAppearsAndGoesCallsItOffToo() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    client.call("WATCH absent");
    node.client(1).call("SET absent 1");
    node.client(1).call("DEL absent");
    client.pipeline("MULTI", "SET x 1", "EXEC");
    world.run();
    assertThat(client.takeAll()).containsExactly("OK", "QUEUED", "null list");
  }

  @Test
  void theOwnWritesBeforeMultiCountAndThoseInsideDoNot() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("WATCH w", "SET w 1", "MULTI", "PING", "EXEC");
    client.pipeline("WATCH w", "MULTI", "SET w 2", "SET w 3", "EXEC", "GET w");
    world.run();
    assertThat(client.takeAll())
        .containsExactly(
            "OK",
            "OK",
            "OK",
            "QUEUED",
            "null list",
            "OK",
            "OK",
            "QUEUED",
            "QUEUED",
            "[OK, OK]",
            "3");
  }

  @Test
  void unwatchLetsItRun() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("SET w 1", "WATCH w", "SET w 2", "UNWATCH", "MULTI", "PING", "EXEC");
    world.run();
    assertThat(client.takeAll().getLast()).isEqualTo("[PONG]");
  }

  @Test
  void expiryOfAWatchedKeyCallsItOffAndAnExpiredOneIsAbsent() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    client.call("SET w 1 PX 50");
    client.call("WATCH w");
    world.advanceMillis(100);
    client.pipeline("MULTI", "PING", "EXEC");
    world.run();
    assertThat(client.takeAll()).containsExactly("OK", "QUEUED", "null list");

    client.call("SET w 1 PX 50");
    world.advanceMillis(100);
    client.call("WATCH w");
    client.pipeline("MULTI", "SET x 1", "EXEC");
    world.run();
    assertThat(client.takeAll()).containsExactly("OK", "QUEUED", "[OK]");
    client.call("SET w 1 PX 50");
    world.advanceMillis(100);
    client.call("WATCH w");
    node.client(1).call("FLUSHALL");
    client.pipeline("MULTI", "SET x 1", "EXEC");
    world.run();
    assertThat(client.takeAll()).containsExactly("OK", "QUEUED", "[OK]");
  }

  @Test
  void watchesRememberTheirKeyspace() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    client.pipeline("SELECT 1", "WATCH k", "SELECT 0");
    world.run();
    node.client(1).call("SET k 1");
    client.pipeline("MULTI", "PING", "EXEC", "SELECT 1", "WATCH k", "SELECT 0");
    world.run();
    assertThat(client.takeAll().get(5)).isEqualTo("[PONG]");
    TestClient other = node.client(1);
    other.call("SELECT 1");
    other.call("SET k 1");
    client.pipeline("MULTI", "PING", "GET k", "EXEC");
    world.run();
    assertThat(client.takeAll().getLast()).isEqualTo("null list");
  }

  @Test
  void selectInsideTakesEffectAtExec() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("SET k zero", "MULTI", "SELECT 1", "SET k one", "EXEC", "GET k");
    client.pipeline("MULTI", "GET k", "SELECT 0", "GET k", "EXEC", "GET k");
    client.pipeline("MULTI", "SET k a", "SELECT 1", "SET k b", "EXEC");
    world.run();
    assertThat(client.takeAll())
        .containsSubsequence("[OK, OK]", "one")
        .containsSubsequence("[one, OK, zero]", "zero")
        .last()
        .asString()
        .isEqualTo(
            "-CROSSSLOT a transaction that writes must keep to one keyspace, watched keys included");
  }

  @Test
  void connectionCommandsInsideRunInTheirPlace() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline(
        "MULTI", "CLIENT SETNAME me", "CLIENT GETNAME", "SET a 1", "INFO nosuch", "EXEC");
    world.run();
    assertThat(client.takeAll().getLast()).isEqualTo("[OK, me, OK, ]");
  }

  @Test
  void keysThatAreColdAreBroughtIntoMemoryFirst() throws IOException {
    NodeOptions options = uncached(onePartition());
    TestNode node = start(options);
    node.client(0).call("MSET a 1 b 2 c 3");
    node = restart(node, options);
    TestClient client = node.client(0);
    world.reads().hold();
    client.pipeline("WATCH a b", "MULTI", "INCR a", "GET b", "DBSIZE", "EXEC", "GET a");
    world.run();
    assertThat(client.takeAll()).isEmpty();
    assertThat(client.session().inFlight()).isEqualTo(7);
    world.reads().release();
    world.run();
    assertThat(client.takeAll())
        .containsExactly("OK", "OK", "QUEUED", "QUEUED", "QUEUED", "[:2, 2, :3]", "2");
    client.pipeline("WATCH a", "SET a 9", "MULTI", "INCR a", "EXEC");
    world.run();
    assertThat(client.takeAll().getLast()).isEqualTo("null list");
  }

  @Test
  void watchAgainKeepsTheFirstVersionAndUnwatchForgetsOneOnItsWay() throws IOException {
    NodeOptions options = uncached(onePartition());
    TestNode node = start(options);
    node.client(0).call("MSET a 1 b 2");
    node = restart(node, options);
    TestClient client = node.client(0);
    client.pipeline("WATCH a", "SET a 2", "WATCH a", "MULTI", "PING", "EXEC");
    world.run();
    assertThat(client.takeAll().getLast()).isEqualTo("null list");
    client.pipeline("WATCH b", "UNWATCH", "SET b 2", "MULTI", "PING", "EXEC");
    world.run();
    assertThat(client.takeAll().getLast()).isEqualTo("[PONG]");
  }

  @Test
  void readersSeeAllOfATransactionOrNothing() throws IOException {
    TestNode node = start(onePartition());
    TestClient writer = node.client(0);
    TestClient reader = node.client(1);
    writer.call("MSET a 0 b 0");
    for (int i = 1; i <= 50; i++) {
      writer.pipeline("MULTI", "SET a " + i, "SET b " + i, "EXEC");
      List<String> seen = new ArrayList<>();
      reader.pipeline("MGET a b");
      world.run();
      seen.addAll(reader.takeAll());
      String before = Integer.toString(i - 1);
      assertThat(seen).containsAnyOf("[" + before + ", " + before + "]", "[" + i + ", " + i + "]");
    }
  }

  @Test
  void aTransactionIsNoLargerThanABatch() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.call("MULTI");
    for (int i = 0; i < 10_000; i++) {
      client.send("PING");
    }
    assertThat(client.takeAll()).hasSize(10_000).containsOnly("QUEUED");
    assertThat(client.call("PING")).startsWith("-TOOLARGE a batch has at most 10000 operations");
    assertThat(client.call("EXEC")).startsWith("-EXECABORT");
  }

  @Test
  void aTransactionOfPartitionsReadsTogetherAndWritesInOne() throws IOException {
    TestNode node = start(eightPartitions());
    TestClient client = node.client(0);
    client.pipeline("SET a 1", "SET b 2", "SET c 3", "SET {a}x 4");
    world.run();
    client.takeAll();
    client.pipeline("MULTI", "GET a", "GET b", "DBSIZE", "MGET a b c", "EXEC");
    world.run();
    assertThat(client.takeAll().getLast()).isEqualTo("[1, 2, :4, [1, 2, 3]]");
    client.pipeline("MULTI", "SET a 5", "SET {a}x 6", "EXEC");
    world.run();
    assertThat(client.takeAll().getLast()).isEqualTo("[OK, OK]");
    client.pipeline("MULTI", "SET a 7", "SET b 8", "EXEC");
    world.run();
    assertThat(client.takeAll().getLast()).startsWith("-CROSSSLOT Keys in request don't hash");
    client.pipeline("WATCH b", "MULTI", "SET a 9", "EXEC");
    world.run();
    assertThat(client.takeAll().getLast()).startsWith("-CROSSSLOT");
    client.pipeline("WATCH b c", "MULTI", "GET a", "EXEC");
    world.run();
    assertThat(client.takeAll().getLast()).isEqualTo("[5]");
    client.pipeline("WATCH b c", "SET c 4", "MULTI", "GET a", "EXEC");
    world.run();
    assertThat(client.takeAll().getLast()).isEqualTo("null list");
  }

  @Test
  void aFlushInsideClearsWhatCameBeforeItAndNothingAfter() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("SET old 1", "MULTI", "SET a 1", "FLUSHDB", "SET b 2", "DBSIZE", "EXEC");
    client.pipeline("GET a", "GET b", "GET old", "DBSIZE");
    world.run();
    List<String> replies = client.takeAll();
    assertThat(replies.subList(6, 11))
        .containsExactly("[OK, OK, OK, :1]", "null", "2", "null", ":1");
  }

  @Test
  void flushesInsideReachAllPartitionsAndKeyspaces() throws IOException {
    for (NodeOptions options : List.of(onePartition(), eightPartitions(), sixteenKeyspaces())) {
      TestNode node = TestNode.start(world, disk, options);
      TestClient client = node.client(0);
      client.pipeline("SET a 1", "SET b 1", "SET c 1");
      client.pipeline(
          "MULTI", "SET a 2", "FLUSHALL", "SET a 3", "GET a", "EXEC", "DBSIZE", "GET a");
      world.run();
      assertThat(client.takeAll().subList(8, 11)).containsExactly("[OK, OK, OK, 3]", ":1", "3");
      client.pipeline("SET b 1", "MULTI", "FLUSHDB", "EXEC", "DBSIZE");
      world.run();
      assertThat(client.takeAll().subList(3, 5)).containsExactly("[OK]", ":0");
      node.stop();
      disk = new FaultyDisk(Files.createTempDirectory(folder, "next"));
    }
  }

  @Test
  void aFlushOfAnotherKeyspaceDoesNotTouchTheTransactionsOwn() throws IOException {
    TestNode node = start(sixteenKeyspaces());
    TestClient client = node.client(0);
    client.pipeline("SET a 1", "SELECT 3", "SET b 1", "SELECT 5", "SET c 1", "SELECT 0");
    client.pipeline("MULTI", "SET a 2", "SELECT 3", "FLUSHDB", "SELECT 0", "GET a", "EXEC");
    client.pipeline("DBSIZE", "SELECT 3", "DBSIZE", "SELECT 5", "DBSIZE");
    world.run();
    List<String> replies = client.takeAll();
    assertThat(replies.subList(12, 18))
        .containsExactly("[OK, OK, OK, OK, 2]", ":1", "OK", ":0", "OK", ":1");
  }

  @Test
  void aFlushInsideIsCalledOffEverywhereByAChangedWatchedKey() throws IOException {
    TestNode node = start(sixteenKeyspaces());
    TestClient client = node.client(0);
    client.pipeline("SELECT 3", "SET b 1", "SELECT 0", "SET w 1", "WATCH w", "SET w 2");
    client.pipeline("MULTI", "FLUSHALL", "EXEC", "DBSIZE", "SELECT 3", "DBSIZE");
    world.run();
    assertThat(client.takeAll().subList(8, 12)).containsExactly("null list", ":1", "OK", ":1");
  }

  private static NodeOptions sixteenKeyspaces() {
    return onePartition().withKeyspaces(KeyspaceOptions.defaults());
  }

  @Test
  void writesAndWalksOfAWholeKeyspaceGoTogetherWithoutHoldingUpTheLane() throws IOException {
    TestNode node = start(onePartition());
    node.client(0).call("MSET a 1 b 2 c 3 d 4");
    node = restart(node, onePartition());
    TestClient client = node.client(0);
    assertThat(client.call("MGET a b c d")).as("in memory from here on").isEqualTo("[1, 2, 3, 4]");
    client.call("SETEX e 100 5");
    world.reads().hold();
    client.pipeline("MULTI", "SET aa 1", "DBSIZE", "KEYS *", "DEL b e", "SCAN 0", "SETEX f 9 1");
    client.pipeline("SET c 33", "KEYS *", "DBSIZE", "LCS c f", "FLUSHDB", "KEYS *", "SET z 1");
    client.pipeline("RANDOMKEY", "DBSIZE", "EXEC", "GET z");
    TestClient other = node.client(1);
    other.pipeline("SET other 1", "GET other");
    world.run();
    assertThat(other.takeAll()).as("nobody waits for it").containsExactly("OK", "1");
    world.reads().release();
    world.run();
    List<String> replies = client.takeAll();
    assertThat(replies.get(replies.size() - 2))
        .isEqualTo(
            "[OK, :6, [a, aa, b, c, d, e], :2, [0, [a, aa, c, d]], OK, OK, [a, aa, c, d, f], :5, ,"
                + " OK, [], OK, z, :1]");
    assertThat(replies.getLast()).as("a read after it sees it").isEqualTo("1");
    assertThat(client.call("KEYS *")).isEqualTo("[other, z]");
    assertThat(node.defects()).isEmpty();
  }

  @Test
  void aReadBehindATransactionThatWalksSeesNoLaterWrite() throws IOException {
    TestNode node = start(onePartition());
    int home = node.node().homeLane();
    List<TestClient> sessions = List.of(node.client(home), node.client(1 - home));
    world.reads().hold();
    for (TestClient session : sessions) {
      session.pipeline("MULTI", "SET k 1", "DBSIZE", "EXEC", "GET k", "SET k 2", "GET k");
      world.run();
      session.pipeline("SET k 3", "GET k");
      world.run();
      assertThat(session.takeAll()).containsExactly("OK", "QUEUED", "QUEUED");
    }
    world.reads().release();
    world.run();
    for (TestClient session : sessions) {
      assertThat(session.takeAll()).containsExactly("[OK, :1]", "1", "OK", "2", "OK", "3");
    }
  }

  @Test
  void aTransactionThatWalksWhereTooManyReadsWaitSaysThatItTookEffect() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    world.reads().bound(0);
    client.pipeline("MULTI", "SET a 1", "DBSIZE", "EXEC", "GET a");
    world.run();
    assertThat(client.takeAll().subList(3, 5))
        .containsExactly(
            "-OVERLOADED the transaction took effect, but too many requests wait for what it read",
            "1");
  }

  @Test
  void transactionsAndTheirOutcomesSurviveARestart() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    client.pipeline("SET w 1", "WATCH w", "MULTI", "INCR w", "SET a 1", "GET a", "EXEC");
    client.pipeline("WATCH w", "SET w 7", "MULTI", "SET a 2", "EXEC");
    world.run();
    assertThat(client.takeAll().getLast()).isEqualTo("null list");
    TestNode again = start(onePartition());
    assertThat(again.client(0).call("MGET w a")).isEqualTo("[7, 1]");
  }
}
