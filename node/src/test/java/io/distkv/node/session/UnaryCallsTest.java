package io.distkv.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.NodeOptions;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that belong to no session: no order between them, and none is in another's way. */
class UnaryCallsTest extends NodeTest {
  private final List<String> replies = new ArrayList<>();

  private UnaryCall begin(TestNode node, int lane, String keyspace, String command) {
    UnaryCall[] begun = new UnaryCall[1];
    world.on(
        lane,
        () ->
            begun[0] =
                node.node()
                    .unaryCalls(lane)
                    .begin(
                        keyspace,
                        TestClient.words(command),
                        reply -> replies.add(TestClient.text(reply))));
    return begun[0];
  }

  private String call(TestNode node, int lane, String command) {
    begin(node, lane, "default", command);
    world.run();
    return replies.removeLast();
  }

  @Test
  void eachIsAnsweredWhenItIsDone() throws IOException {
    TestNode node = start(eightPartitions());
    world.sync(0).hold();
    world.sync(1).hold();
    begin(node, 0, "default", "SET k v");
    begin(node, 0, "default", "GET other");
    world.run();
    assertThat(replies).containsExactly("null");
    world.sync(0).release();
    world.sync(1).release();
    world.run();
    assertThat(replies).containsExactly("null", "OK");
    assertThat(node.node().unaryCalls(0).underWay()).isZero();
  }

  @Test
  void eachNamesItsKeyspace() throws IOException {
    TestNode node =
        start(options(KeyspaceOptions.of(0, "default"), KeyspaceOptions.of(3, "other")));
    begin(node, 0, "other", "SET k v");
    begin(node, 0, "nosuch", "SET k v");
    world.run();
    begin(node, 0, "default", "GET k");
    begin(node, 1, "other", "GET k");
    world.run();
    assertThat(replies)
        .containsExactlyInAnyOrder("-ERR there is no keyspace nosuch", "OK", "null", "v");
  }

  @Test
  void theyAreNoClients() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    call(node, 0, "SET k v");
    assertThat(client.call("CLIENT LIST").lines()).hasSize(1);
  }

  @Test
  void whatIsGivenUpBeforeItBeginsIsNotDone() throws IOException {
    NodeOptions options = uncached(onePartition());
    TestNode node = start(options);
    call(node, 0, "SET k 1");
    node = restart(node, options);
    world.reads().hold();
    UnaryCall given = begin(node, 0, "default", "INCR k");
    world.run();
    world.on(0, given::cancel);
    world.reads().release();
    world.run();
    assertThat(replies).isEmpty();
    assertThat(call(node, 0, "GET k")).isEqualTo("1");
    world.on(0, given::cancel);
    assertThat(call(node, 0, "GET k")).isEqualTo("1");
    assertThat(node.node().unaryCalls(0).underWay()).isZero();
  }

  /** Its session may still hold what hangs: the next request must not stand behind that. */
  @Test
  void aRequestThatTimedOutHoldsUpNoOther() throws IOException {
    TestNode node = start(eightPartitions());
    world.sync(0).hold();
    world.sync(1).hold();
    begin(node, 0, "default", "SET k v");
    world.run();
    world.advanceMillis(11_000);
    assertThat(replies.removeLast()).startsWith("-TIMEOUT");
    assertThat(call(node, 0, "GET k")).isEqualTo("null");
    world.sync(0).release();
    world.sync(1).release();
    world.run();
    assertThat(call(node, 0, "GET k")).isEqualTo("v");
    assertThat(replies).isEmpty();
  }

  /** They share what would keep a session's commands in order, and there is none to keep. */
  @Test
  void aWriteThatWaitsForItsKeyHoldsUpNoOther() throws IOException {
    NodeOptions options = uncached(onePartition());
    TestNode node = start(options);
    call(node, 0, "SET k 1");
    node = restart(node, options);
    world.reads().hold();
    begin(node, 0, "default", "INCR k");
    world.run();
    assertThat(call(node, 0, "SET other v")).isEqualTo("OK");
    assertThat(call(node, 0, "GET other")).isEqualTo("v");
    assertThat(node.node().unaryCalls(0).underWay()).isOne();
    world.reads().release();
    world.run();
    assertThat(replies).containsExactly(":2");
  }

  @Test
  void eachHasADeadlineOfItsOwn() throws IOException {
    TestNode node = start(onePartition());
    world.sync(0).hold();
    begin(node, 0, "default", "SET k 1");
    begin(node, 0, "default", "SET k 2");
    world.run();
    world.advanceMillis(6_000);
    UnaryCall given = begin(node, 0, "default", "SET k 3");
    begin(node, 0, "default", "SET k 4");
    world.run();
    world.on(0, given::cancel);
    world.advanceMillis(5_000);
    assertThat(replies).hasSize(2).allMatch(reply -> reply.startsWith("-TIMEOUT"));
    assertThat(node.node().unaryCalls(0).underWay()).isOne();
    world.advanceMillis(6_000);
    assertThat(replies).hasSize(3).allMatch(reply -> reply.startsWith("-TIMEOUT"));
    assertThat(node.node().unaryCalls(0).underWay()).isZero();
    world.sync(0).release();
    world.run();
    assertThat(replies).hasSize(3);
  }
}
