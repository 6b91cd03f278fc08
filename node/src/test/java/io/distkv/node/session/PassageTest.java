package io.distkv.node.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.NodeOptions;
import io.distkv.node.command.Reply;
import io.distkv.node.session.Passage.Part;
import io.distkv.node.session.Passage.Stage;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Where a slow request spent its time, and what is told of one that is followed. */
class PassageTest extends NodeTest {

  /** The parts in milliseconds; they must leave no gap. */
  private static Map<Stage, Long> millis(Passage passage) {
    Map<Stage, Long> millis = new EnumMap<>(Stage.class);
    long at = passage.beginNanos();
    for (Part part : passage.parts()) {
      assertThat(part.beginNanos()).isEqualTo(at);
      assertThat(millis.put(part.stage(), part.nanos() / 1_000_000)).isNull();
      at = part.endNanos();
    }
    assertThat(at).isEqualTo(passage.endNanos());
    return millis;
  }

  private void pass(long millis) {
    world.clock().advanceNanos(millis * 1_000_000);
  }

  @Test
  void aSyncThatTakesLongIsNamed() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    client.call("CLIENT SETNAME cart");
    world.sync(0).hold();
    client.send("SET basket 1");
    world.run();
    pass(150);
    world.sync(0).release();
    world.run();
    assertThat(node.slow()).hasSize(1);
    Passage passage = node.slow().getFirst();
    assertThat(millis(passage)).containsExactly(Map.entry(Stage.JOURNAL, 150L));
    assertThat(Objects.requireNonNull(passage.spec()).name()).isEqualTo("set");
    assertThat(passage.firstKey()).asString(UTF_8).isEqualTo("basket");
    assertThat(passage.keys()).isEqualTo(1);
    assertThat(passage.requestBytes()).isEqualTo("SETbasket1".length());
    assertThat(passage.client()).isEqualTo(new Passage.Client("127.0.0.1:1", "cart"));
    assertThat(Objects.requireNonNull(passage.replica()).keyspace().options().name())
        .isEqualTo("default");
    assertThat(passage.failed()).isFalse();
  }

  @Test
  void whatHasNoAnswerInTimeSaysThatAlone() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    world.sync(0).hold();
    client.send("SET k 1");
    world.run();
    world.advanceMillis(11_000);
    assertThat(client.take()).startsWith("-TIMEOUT");
    assertThat(millis(node.slow().getFirst())).containsOnlyKeys(Stage.UNANSWERED);
    world.sync(0).release();
    world.run();
    assertThat(node.slow()).hasSize(1);
  }

  @Test
  void aBusyLaneIsNamed() throws IOException {
    TestNode node = start(eightPartitions());
    TestClient client = node.client(0);
    String key = keyOfOtherLane(node);
    node.slow().clear();
    client.send("SET " + key + " 1");
    pass(120);
    world.run();
    client.takeAll();
    assertThat(millis(node.slow().getFirst())).containsEntry(Stage.ROUTE, 120L);
  }

  /** A key whose writes need a lane that is not the client's. */
  private String keyOfOtherLane(TestNode node) {
    TestClient client = node.client(0);
    for (int i = 0; i < 100; i++) {
      client.send("SET k" + i + " 1");
      pass(120);
      world.run();
      client.takeAll();
      if (millis(node.slow().getLast()).containsKey(Stage.ROUTE)) {
        return "k" + i;
      }
    }
    throw new AssertionError("every key is of lane 0");
  }

  @Test
  void aReadOfTheDiskIsNamed() throws IOException {
    NodeOptions options = uncached(onePartition());
    TestNode node = start(options);
    node.client(0).call("SET k 1");
    node = restart(node, options);
    TestClient client = node.client(0);
    world.reads().hold();
    client.send("GET k");
    world.run();
    pass(200);
    world.reads().release();
    world.run();
    assertThat(client.take()).isEqualTo("1");
    assertThat(millis(node.slow().getFirst())).containsExactly(Map.entry(Stage.QUEUE, 200L));
  }

  @Test
  void aWriteThatWaitsForItsKeyIsAdmittedLate() throws IOException {
    NodeOptions options = uncached(onePartition());
    TestNode node = start(options);
    node.client(0).call("SET k 1");
    node = restart(node, options);
    TestClient client = node.client(0);
    world.reads().hold();
    client.send("INCR k");
    world.run();
    pass(200);
    world.reads().release();
    world.run();
    assertThat(client.take()).isEqualTo(":2");
    assertThat(millis(node.slow().getFirst())).containsEntry(Stage.ADMIT, 200L);
  }

  @Test
  void aReplyThatWaitsForThoseBeforeItSaysSo() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    world.sync(0).hold();
    client.pipeline("SET k 1", "GET k", "PING");
    world.run();
    pass(130);
    world.sync(0).release();
    world.run();
    assertThat(client.takeAll()).containsExactly("OK", "1", "PONG");
    assertThat(node.slow().stream().map(PassageTest::millis))
        .containsExactly(
            Map.of(Stage.JOURNAL, 130L), Map.of(Stage.AWAIT, 130L), Map.of(Stage.LINE, 130L));
  }

  @Test
  void aReadOfSeveralPartitionsGathers() throws IOException {
    NodeOptions options = uncached(eightPartitions());
    TestNode node = start(options);
    node.client(0).call("SET a 1");
    node.client(0).call("SET b 2");
    node = restart(node, options);
    TestClient client = node.client(0);
    world.reads().hold();
    client.send("MGET a b nosuch");
    world.run();
    pass(110);
    world.reads().release();
    world.run();
    assertThat(client.take()).isEqualTo("[1, 2, null]");
    assertThat(millis(node.slow().getFirst())).containsEntry(Stage.QUEUE, 110L);
  }

  @Test
  void whatIsQuickIsNotSlow() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    client.call("SET k 1");
    client.call("GET k");
    client.call("INFO");
    assertThat(node.slow()).isEmpty();
  }

  @Test
  void aFollowerIsToldOfEachRequestOnceAndBeforeItsReply() throws IOException {
    TestNode node = start(eightPartitions());
    TestClient client = node.client(0);
    SplittableRandom random = new SplittableRandom(7);
    List<String> commands =
        List.of(
            "SET k 1",
            "GET k",
            "MGET a b c",
            "INCR n",
            "PING",
            "DBSIZE",
            "NOSUCH",
            "SET k",
            "INFO",
            "MULTI",
            "SET k 2",
            "EXEC",
            "FLUSHALL",
            "CLIENT ID",
            "KV.GET k");
    int asked = 0;
    List<Passage> told = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String command = commands.get(random.nextInt(commands.size()));
      boolean followed = random.nextBoolean();
      asked += followed ? 1 : 0;
      world.on(
          0, () -> client.session().submit(TestClient.words(command), followed ? told::add : null));
      if (random.nextInt(3) == 0) {
        pass(random.nextInt(5));
        world.run();
      }
    }
    world.run();
    assertThat(client.takeAll()).hasSize(400);
    assertThat(told).hasSize(asked);
    told.forEach(PassageTest::millis);
  }

  @Test
  void aRequestOfNoSessionIsFollowed() throws IOException {
    TestNode node = start(onePartition());
    List<String> events = new ArrayList<>();
    world.on(
        0,
        () ->
            node.node()
                .unaryCalls(0)
                .begin(
                    "default",
                    TestClient.words("INCR k"),
                    (Reply reply) -> events.add(TestClient.text(reply)),
                    passage -> events.add(Objects.requireNonNull(passage.spec()).name())));
    world.run();
    assertThat(events).containsExactly("incr", ":1");
  }
}
