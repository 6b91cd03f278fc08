package io.distkv.node.replica;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.NodeOptions;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import io.distkv.storage.tree.TreeOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Large values that come faster than they can be written. */
class LargeWritesTest extends NodeTest {
  private static final int VALUE_BYTES = 5 << 20;
  private static final long BUDGET_BYTES = 12 << 20;
  private static final int WRITES = 8;

  @Test
  void theyWaitForAFlushWhereMemtablesAreFullAndReadsGoOn() throws IOException {
    TestNode node = startWithoutFlushes();
    TestClient writer = node.client(0);
    List<String> replies = new ArrayList<>();
    for (int i = 0; i < WRITES; i++) {
      byte[] value = new byte[VALUE_BYTES];
      writer.sendWords(words("SET", "k" + i, value));
      world.advanceMillis(200);
      replies.addAll(writer.takeAll());
    }
    assertThat(replies).containsOnly("OK").hasSizeBetween(2, 3);
    assertThat(figure(node, "memtable_bytes"))
        .isBetween(BUDGET_BYTES * 3 / 4, BUDGET_BYTES + VALUE_BYTES);
    assertThat(node.client(0).call("STRLEN k0")).isEqualTo(":" + VALUE_BYTES);

    world.background().release();
    for (int i = 0; i < 100 && replies.size() < WRITES; i++) {
      world.advanceMillis(100);
      replies.addAll(writer.takeAll());
    }
    assertThat(replies).containsOnly("OK").hasSize(WRITES);
  }

  @Test
  void theyWaitWhereTheJournalHoldsEnoughThatIsNotWrittenYet() throws IOException {
    NodeOptions options =
        onePartition().toBuilder()
            .memtableBytes(256 << 20)
            .pendingBytesPerReplica(Long.MAX_VALUE)
            .build();
    TestNode node = start(options);
    world.sync(node.node().homeLane()).hold();
    List<TestClient> writers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      TestClient writer = node.client(node.node().homeLane());
      byte[] value = new byte[VALUE_BYTES];
      writer.sendWords(words("SET", "k" + i, value));
      writers.add(writer);
    }
    world.advanceMillis(1_000);
    assertThat(figure(node, "log_bytes")).isBetween(25L << 20, 32L << 20);

    world.sync(node.node().homeLane()).release();
    world.advanceMillis(1_000);
    for (TestClient writer : writers) {
      assertThat(writer.takeAll()).containsExactly("OK");
    }
    assertThat(figure(node, "log_bytes")).isGreaterThan(100L << 20);
  }

  @Test
  void smallOnesOfOthersGoOnWhileTheyWaitAndThoseOfTheirOwnSessionFollowThem() throws IOException {
    TestNode node = startWithoutFlushes();
    TestClient writer = node.client(0);
    for (int i = 0; i < WRITES; i++) {
      writer.sendWords(words("SET", "k" + i, new byte[VALUE_BYTES]));
    }
    writer.send("SET k7 small");
    world.advanceMillis(2_000);
    assertThat(writer.takeAll()).hasSizeBetween(2, 3);

    TestClient other = node.client(0);
    assertThat(other.call("SET k7 of-another")).isEqualTo("OK");
    other.sendWords(words("SET", "k6", new byte[VALUE_BYTES]));
    other.send("SET k6 small");
    world.advanceMillis(2_000);
    assertThat(other.takeAll()).isEmpty();
    assertThat(writer.takeAll()).isEmpty();

    world.background().release();
    world.advanceMillis(20_000);
    assertThat(writer.takeAll()).containsOnly("OK").hasSizeBetween(WRITES - 2, WRITES - 1);
    assertThat(other.takeAll()).containsExactly("OK", "OK");
    assertThat(other.call("MGET k6 k7")).isEqualTo("[small, small]");
  }

  /** Whatever the sizes, and however long the lines, a session's writes take effect in order. */
  @Test
  void theWritesOfASessionKeepTheirOrderHoweverLargeEachIs() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 30; round++) {
      NodeOptions options =
          onePartition().toBuilder()
              .memtableBytes(128 * 1024)
              .tree(TreeOptions.DEFAULT.withMemtableBytes(32 * 1024))
              .build();
      TestNode node = start(options);
      List<TestClient> clients = List.of(node.client(0), node.client(0), node.client(1));
      List<StringBuilder> expected = new ArrayList<>();
      clients.forEach(client -> expected.add(new StringBuilder()));
      world.background().hold();
      for (int i = 0; i < 60; i++) {
        int client = random.nextInt(clients.size());
        int size = random.nextInt(3) > 0 ? random.nextInt(500) : random.nextInt(60_000);
        String word = i + "-" + "x".repeat(size) + ";";
        clients.get(client).send("APPEND k" + client + " " + word);
        expected.get(client).append(word);
        if (random.nextInt(5) == 0) {
          world.advanceMillis(random.nextInt(30));
        }
        if (i == 30) {
          world.background().release();
        }
      }
      world.advanceMillis(60_000);
      for (int i = 0; i < clients.size(); i++) {
        clients.get(i).takeAll();
        assertThat(clients.get(i).call("GET k" + i)).isEqualTo(expected.get(i).toString());
      }
      clients.getFirst().call("FLUSHALL");
      node.stop();
    }
  }

  private TestNode startWithoutFlushes() throws IOException {
    TestNode node = start(onePartition().toBuilder().memtableBytes(BUDGET_BYTES).build());
    world.background().hold();
    return node;
  }

  private static byte[][] words(String command, String key, byte[] value) {
    return new byte[][] {command.getBytes(US_ASCII), key.getBytes(US_ASCII), value};
  }

  private static long figure(TestNode node, String name) {
    String info = node.client(0).call("INFO");
    Matcher found = Pattern.compile(name + ":(\\d+)").matcher(info);
    assertThat(found.find()).as(info).isTrue();
    return Long.parseLong(found.group(1));
  }
}
