package io.distkv.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.NodeOptions;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replies in order, and every session sees its own writes, whatever has to wait for the disk. */
class PipelineTest extends NodeTest {

  @Test
  void repliesComeInTheOrderOfTheRequests() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("SET k v", "GET k", "PING", "INCR n", "GET n", "NOSUCH", "DEL k n", "GET k");
    assertThat(client.takeAll()).as("nothing is known before the journal is synced").isEmpty();
    world.run();
    assertThat(client.takeAll())
        .containsExactly(
            "OK",
            "v",
            "PONG",
            ":1",
            "1",
            "-ERR unknown command 'NOSUCH', with args beginning with: ",
            ":2",
            "null");
  }

  @Test
  void aReadWithNothingBeforeItIsAnsweredInItsOwnTurn() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(node.node().homeLane());
    client.call("SET k v");
    client.send("GET k");
    assertThat(client.take()).isEqualTo("v");
    assertThat(client.session().inFlight()).isZero();
  }

  @Test
  void readsOfAPipelineSeeTheWritesBeforeThemOnly() throws IOException {
    for (int lane = 0; lane < 1; lane++) {
      TestClient client = start(onePartition()).client(lane);
      List<String> commands = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        commands.add("SET k" + i % 3 + " " + i);
        commands.add("GET k" + i % 3);
        expected.add("OK");
        expected.add(Integer.toString(i));
      }
      client.pipeline(commands.toArray(String[]::new));
      assertThat(client.session().inFlight()).isEqualTo(200);
      assertThat(client.session().inFlightBytes()).isPositive();
      world.run();
      assertThat(client.takeAll()).isEqualTo(expected);
      assertThat(client.session().inFlight()).isZero();
      assertThat(client.session().inFlightBytes()).isZero();
    }
  }

  @Test
  void theSameOverPartitionsAndLanes() throws IOException {
    TestNode node = start(eightPartitions());
    assertThat(node.node().homeLane()).isEqualTo(-1);
    for (int lane = 0; lane < 2; lane++) {
      TestClient client = node.client(lane);
      List<String> commands = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        commands.add("SET k" + i % 40 + " " + i);
        commands.add("GET k" + i % 40);
        expected.add("OK");
        expected.add(Integer.toString(i));
      }
      client.pipeline(commands.toArray(String[]::new));
      world.run();
      assertThat(client.takeAll()).isEqualTo(expected);
    }
  }

  @Test
  void aColdReadHoldsUpNobodyAndSeesNoLaterWrite() throws IOException {
    NodeOptions options = uncached(onePartition());
    TestNode node = start(options);
    node.client(0).call("SET cold old");
    node = restart(node, options);
    TestClient client = node.client(0);
    TestClient other = node.client(0);
    world.reads().hold();
    client.pipeline("GET cold", "SET cold new", "SET warm x", "GET warm");
    world.run();
    assertThat(client.takeAll()).as("the cold read is first in line").isEmpty();
    assertThat(other.call("GET warm")).isEqualTo("x");
    assertThat(other.call("GET cold")).isEqualTo("new");
    world.reads().release();
    world.run();
    assertThat(client.takeAll()).containsExactly("old", "OK", "OK", "x");
  }

  @Test
  void nothingOvertakesAWriteWhoseKeysAreBroughtIntoMemory() throws IOException {
    NodeOptions options = uncached(onePartition());
    TestNode node = start(options);
    node.client(0).call("SET n 41");
    node = restart(node, options);
    TestClient client = node.client(0);
    world.reads().hold();
    client.pipeline("INCR n", "SET n 100", "GET n", "INCR n", "GET n", "DEL n", "EXISTS n");
    world.run();
    assertThat(client.takeAll()).isEmpty();
    world.reads().release();
    world.run();
    assertThat(client.takeAll()).containsExactly(":42", "OK", "100", ":101", "101", ":1", ":0");
  }

  @Test
  void othersGoOnWhileAWriteIsWarmed() throws IOException {
    NodeOptions options = uncached(onePartition());
    TestNode node = start(options);
    node.client(0).call("SET n 1");
    node = restart(node, options);
    TestClient warming = node.client(0);
    TestClient other = node.client(1);
    world.reads().hold();
    warming.pipeline("INCR n");
    world.run();
    assertThat(other.call("SET n 10")).isEqualTo("OK");
    world.reads().release();
    world.run();
    assertThat(warming.take()).isEqualTo(":11");
  }

  @Test
  void keyspacesAreApart() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("SET k zero", "SELECT 1", "GET k", "SET k one", "SELECT 0", "GET k");
    client.pipeline("SELECT db1", "GET k", "SELECT 99", "GET k", "SELECT nosuch");
    world.run();
    assertThat(client.takeAll())
        .containsExactly(
            "OK",
            "OK",
            "null",
            "OK",
            "OK",
            "zero",
            "OK",
            "one",
            "-ERR DB index is out of range",
            "one",
            "-ERR there is no keyspace with the name 'nosuch'");
  }

  @Test
  void limitsHaveTheirOwnErrors() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.sendWords(bytes("SET"), new byte[65_536], bytes("v"));
    client.sendWords(bytes("SET"), new byte[65_535], bytes("v"));
    client.sendWords(bytes("SET"), bytes("k"), new byte[16 * 1024 * 1024 + 1]);
    client.sendWords(bytes("SET"), bytes("k"), new byte[16 * 1024 * 1024]);
    client.sendWords(bytes("SET"), new byte[0], bytes("v"));
    byte[][] tooMany = new byte[10_002][];
    Arrays.fill(tooMany, bytes("k"));
    tooMany[0] = bytes("DEL");
    client.sendWords(tooMany);
    byte[][] tooLarge = new byte[11][];
    Arrays.fill(tooLarge, new byte[16 * 1024 * 1024 - 16]);
    tooLarge[0] = bytes("MSET");
    for (int i = 1; i < tooLarge.length; i += 2) {
      tooLarge[i] = bytes("k" + i);
    }
    client.sendWords(tooLarge);
    world.run();
    List<String> replies = client.takeAll();
    assertThat(replies.get(0)).startsWith("-TOOLARGE a key has at most 65535 bytes");
    assertThat(replies.get(1)).isEqualTo("OK");
    assertThat(replies.get(2)).startsWith("-TOOLARGE string exceeds maximum allowed size");
    assertThat(replies.get(3)).isEqualTo("OK");
    assertThat(replies.get(5)).startsWith("-TOOLARGE a command has at most 10000 keys");
    assertThat(replies.get(6)).startsWith("-TOOLARGE a batch");
    assertThat(client.call("STRLEN k")).isEqualTo(":" + 16 * 1024 * 1024);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
