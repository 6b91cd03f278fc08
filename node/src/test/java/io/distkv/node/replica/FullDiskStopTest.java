package io.distkv.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.NodeOptions;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import io.distkv.node.world.TestWorld;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that is told to stop while its disk is full: it does, and loses nothing. */
class FullDiskStopTest extends NodeTest {

  @Test
  void memoryThatCannotBeFlushedStaysInTheJournal() throws IOException {
    NodeOptions options = onePartition();
    TestNode node = start(options);
    for (int i = 0; i < 50; i++) {
      assertThat(node.client(0).call("SET k" + i + " v")).isEqualTo("OK");
    }
    disk.fill(true);
    stop(node);
    disk.fill(false);
    TestNode again = TestNode.start(new TestWorld(2), disk, options);
    assertThat(again.client(0).call("DBSIZE")).isEqualTo(":50");
  }

  @Test
  void writesThatWaitForRoomAreGivenUpAndSaidToBeUncertain() throws IOException {
    NodeOptions options = onePartition().toBuilder().journalSegmentBytes(16 * 1024).build();
    TestNode node = start(options);
    TestClient client = node.client(0);
    assertThat(client.call("SET k0 v")).isEqualTo("OK");
    disk.fill(true);
    String value = "x".repeat(5_000);
    for (int i = 1; i <= 20; i++) {
      client.send("SET k" + i + " " + value);
    }
    world.run();
    List<String> done = client.takeAll();
    assertThat(done).hasSizeLessThan(20);
    stop(node);
    assertThat(client.takeAll())
        .hasSize(20 - done.size())
        .allMatch(reply -> reply.contains("disk was full; the write may have happened"));
    disk.fill(false);
    TestNode again = TestNode.start(new TestWorld(2), disk, options);
    for (int i = 1; i <= done.size(); i++) {
      if (done.get(i - 1).equals("OK")) {
        assertThat(again.client(0).call("GET k" + i)).isEqualTo(value);
      }
    }
  }

  private void stop(TestNode node) {
    boolean[] stopped = new boolean[1];
    node.node().stop(() -> stopped[0] = true);
    world.advanceMillis(5_000);
    assertThat(stopped[0]).isTrue();
  }
}
