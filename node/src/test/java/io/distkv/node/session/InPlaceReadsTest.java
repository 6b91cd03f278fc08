package io.distkv.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.command.Reply;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads of threads that are no lanes: right, or left to a lane. */
class InPlaceReadsTest extends NodeTest {

  private static String read(TestNode node, String command) {
    Reply reply = node.node().inPlaceReads().tryRead("default", TestClient.words(command));
    return reply == null ? "to a lane" : TestClient.text(reply);
  }

  private void write(TestNode node, String command) {
    world.on(
        0, () -> node.node().unaryCalls(0).begin("default", TestClient.words(command), _ -> {}));
    world.run();
  }

  @Test
  void whatMemoryHasIsReadAtOnce() throws IOException {
    TestNode node = start(eightPartitions());
    assertThat(read(node, "GET k")).isEqualTo("null");
    write(node, "SET k v");
    assertThat(read(node, "GET k")).isEqualTo("v");
    assertThat(read(node, "KV.GET k")).contains("v");
    assertThat(read(node, "MGET k{1} l{1}")).isEqualTo("[null, null]");
  }

  @Test
  void allElseIsLeftToALane() throws IOException {
    TestNode node = start(eightPartitions());
    write(node, "SET k v");
    for (String command :
        List.of(
            "SET k w",
            "DEL k",
            "KV.GET k ASOF 1",
            "KV.SCAN",
            "MGET a b c d e f",
            "PING",
            "NOCOMMAND k",
            "GET",
            "GET " + "k".repeat(70_000))) {
      assertThat(read(node, command)).as(command).isEqualTo("to a lane");
    }
    assertThat(node.node().inPlaceReads().tryRead("none", TestClient.words("GET k"))).isNull();
    assertThat(read(node, "GET k")).isEqualTo("v");
    node.node().stop(() -> {});
    assertThat(read(node, "GET k")).isEqualTo("to a lane");
    world.run();
    assertThat(read(node, "GET k")).isEqualTo("to a lane");
  }
}
