package io.distkv.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Writes that one sync made durable are answered a few at a time. */
class AnswersInARowTest extends NodeTest {
  private static final int IN_A_ROW = 3;
  private static final int WRITES = 10;
  private static final int TURNS = 20;

  private final List<TestClient> writers = new ArrayList<>();
  private final List<String> answers = new ArrayList<>();

  /** A node with writes that wait for a sync. */
  private TestNode startWithWritesUnderWay() throws IOException {
    TestNode node = start(onePartition().toBuilder().answersInARow(IN_A_ROW).build());
    int home = node.node().homeLane();
    world.sync(home).hold();
    for (int i = 0; i < WRITES; i++) {
      writers.add(node.client(home).send("SET k" + i + " v" + i));
    }
    world.run();
    assertThat(answered()).isZero();
    world.sync(home).release();
    return node;
  }

  private int answered() {
    writers.forEach(writer -> answers.addAll(writer.takeAll()));
    return answers.size();
  }

  /** Looks at the end of each of the next turns. */
  private void eachTurn(TestNode node, int turns, Runnable look) {
    if (turns > 0) {
      world
          .lane(node.node().homeLane())
          .complete(() -> {
            look.run();
            eachTurn(node, turns - 1, look);
          });
    }
  }

  @Test
  void theLaneDoesSomethingElseAfterEachFew() throws IOException {
    TestNode node = startWithWritesUnderWay();
    List<Integer> seen = new ArrayList<>();
    eachTurn(node, TURNS, () -> seen.add(answered()));
    world.run();
    assertThat(seen).contains(3, 6, 9, 10).isSubsetOf(0, 3, 6, 9, 10);
    assertThat(answers).containsOnly("OK").hasSize(WRITES);
  }

  @Test
  void aReadInBetweenSeesAllThatWasAnswered() throws IOException {
    TestNode node = startWithWritesUnderWay();
    List<TestClient> readers = new ArrayList<>();
    List<Integer> asked = new ArrayList<>();
    eachTurn(
        node,
        TURNS,
        () -> {
          int newest = answered() - 1;
          if (newest >= 0) {
            TestClient reader = node.client(1 - node.node().homeLane());
            asked.add(newest);
            readers.add(reader.send("GET k" + newest));
          }
        });
    world.run();
    assertThat(asked).contains(2, 5, 8, 9);
    for (int i = 0; i < readers.size(); i++) {
      assertThat(readers.get(i).take()).isEqualTo("v" + asked.get(i));
    }
  }

  @Test
  void aReadSeesNoLaterWriteOfItsSession() throws IOException {
    TestNode node = start(onePartition().toBuilder().answersInARow(1).build());
    int home = node.node().homeLane();
    world.sync(home).hold();
    List<TestClient> sessions = List.of(node.client(home), node.client(1 - home));
    for (int i = 0; i < 2; i++) {
      String k = "k" + i;
      sessions
          .get(i)
          .pipeline(
              "SET " + k + " 1", "GET " + k, "SET " + k + " 2", "GET " + k, "DEL " + k, "GET " + k);
    }
    world.run();
    world.sync(home).release();
    world.run();
    for (TestClient session : sessions) {
      assertThat(session.takeAll()).containsExactly("OK", "1", "OK", "2", ":1", "null");
    }
  }

  @Test
  void aNodeThatEndsInBetweenHasAllThatWasAnswered() throws IOException {
    TestNode node = startWithWritesUnderWay();
    boolean[] stopped = new boolean[1];
    boolean[] asked = new boolean[1];
    eachTurn(
        node,
        TURNS,
        () -> {
          if (answered() == IN_A_ROW && !asked[0]) {
            asked[0] = true;
            node.node().stop(() -> stopped[0] = true);
          }
        });
    world.advanceMillis(1_000);
    assertThat(stopped).containsExactly(true);
    answered();
    assertThat(answers).containsOnly("OK").hasSize(WRITES);
    TestNode again = start(onePartition());
    assertThat(again.client(0).call("DBSIZE")).isEqualTo(":" + WRITES);
  }
}
