package io.distkv.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.NodeOptions;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.world.FaultyDisk;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A keyspace takes no more than it may: maxBytes. */
class KeyspaceLimitTest extends NodeTest {
  private static final int VALUE_BYTES = 10_000;
  private static final long MAX_BYTES = 1_000_000;
  private static final String REFUSED =
      "-OOM command not allowed: keyspaces.default.maxBytes, 1000000 bytes, is used up; only reads"
          + " and deletes are served until there is room";

  private static NodeOptions limited(long maxBytes) {
    return options(
        KeyspaceOptions.of(0, "default").withMaxBytes(maxBytes), KeyspaceOptions.of(1, "free"));
  }

  private static String value(int seed) {
    StringBuilder text = new StringBuilder();
    for (long x = seed + 1L; text.length() < VALUE_BYTES; x = x * 6364136223846793005L + 1) {
      text.append(Long.toHexString(x)); // nothing that compression could make small
    }
    return text.substring(0, VALUE_BYTES);
  }

  /** Sets keys until they are refused although upkeep has had its time; tells how many were set. */
  private int fill(TestClient client, String prefix, String options) {
    int count = 0;
    int inVain = 0;
    while (inVain < 2) {
      int before = count;
      String reply = "OK";
      while (reply.equals("OK")) {
        reply = client.call("SET " + prefix + count + " " + value(count) + options);
        count += reply.equals("OK") ? 1 : 0;
        assertThat(count).as("there is a limit").isLessThan(1_000);
      }
      assertThat(reply).isEqualTo(REFUSED);
      inVain = count == before ? inVain + 1 : 0;
      world.advanceMillis(1_100);
    }
    return count;
  }

  private static long bytes(TestClient client) {
    String info = client.call("INFO keyspace");
    Matcher bytes = Pattern.compile("db0:.*,bytes=(\\d+),max_bytes=" + MAX_BYTES).matcher(info);
    assertThat(bytes.find()).as(info).isTrue();
    return Long.parseLong(bytes.group(1));
  }

  @Test
  void whatGrowsIsRefusedAndTheRestIsServed() throws IOException {
    TestNode node = start(limited(MAX_BYTES));
    TestClient client = node.client(0);
    assertThat(bytes(client)).as("shown while it is empty, too").isLessThan(10_000);
    int count = fill(client, "k", "");
    assertThat(count).isBetween(80, 100);
    assertThat(bytes(client)).isBetween(MAX_BYTES * 8 / 10, MAX_BYTES);
    client.pipeline(
        "MULTI", "SET a 1", "SET b " + value(1), "EXEC", "GET k1", "EXPIRE k1 10", "DEL k1");
    world.run();
    assertThat(client.takeAll())
        .containsExactly("OK", "QUEUED", "QUEUED", REFUSED, value(1), ":1", ":1");
    assertThat(client.call("EXISTS a")).isEqualTo(":0");
    client.pipeline("SELECT 1", "SET k " + value(1), "SELECT 0", "FLUSHDB");
    world.run();
    assertThat(client.takeAll()).containsOnly("OK");
    assertThat(client.call("SET k " + value(2))).isEqualTo("OK");
    assertThat(client.call("INFO stats")).containsPattern("keyspace_full_requests:[1-9]");
  }

  @Test
  void allPartitionsCountTogether() throws IOException {
    NodeOptions options =
        options(KeyspaceOptions.of(0, "default").withPartitions(8).withMaxBytes(MAX_BYTES));
    TestNode node = start(options);
    TestClient client = node.client(0);
    int half = (int) (MAX_BYTES / VALUE_BYTES / 2);
    for (int i = 0; i < half; i++) {
      assertThat(client.call("SET {one}" + i + " " + value(i))).isEqualTo("OK");
    }
    int count = fill(client, "k", "");
    assertThat(half + count).isBetween(80, 100);
    assertThat(bytes(client)).isBetween(MAX_BYTES * 8 / 10, MAX_BYTES + 8 * 4096);
    assertThat(client.call("SET {one}0 " + value(0))).isEqualTo(REFUSED);
    assertThat(client.call("FLUSHDB")).isEqualTo("OK");
    world.advanceMillis(100);
    assertThat(fill(client, "k", "")).isBetween(80, 100);
  }

  @Test
  void writesUnderWayCount() throws IOException {
    TestNode node = start(limited(MAX_BYTES));
    TestClient client = node.client(0);
    world.sync(node.node().homeLane()).hold();
    List<String> commands = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      commands.add("SET k" + i + " " + value(i));
    }
    client.pipeline(commands.toArray(String[]::new));
    world.run();
    world.sync(node.node().homeLane()).release();
    world.run();
    List<String> replies = client.takeAll();
    assertThat(replies).filteredOn("OK"::equals).hasSizeBetween(90, 100);
    assertThat(replies.subList(100, 150)).containsOnly(REFUSED);
  }

  @Test
  void deletingMakesRoom() throws IOException {
    NodeOptions options = limited(MAX_BYTES);
    TestNode node = start(options);
    int count = fill(node.client(0), "k", "");
    node = restart(node, options); // all of it is in tables
    TestClient client = node.client(0);
    for (int i = 0; i < count; i++) {
      assertThat(client.call("DEL k" + i)).isEqualTo(":1");
    }
    assertThat(client.call("SET a " + value(1))).isEqualTo(REFUSED);
    world.advanceMillis(100);
    assertThat(fill(client, "again", "")).isGreaterThan(80);
  }

  @Test
  void expiryMakesRoomInMemoryAndInTables() throws IOException {
    NodeOptions options = limited(MAX_BYTES);
    TestNode node = start(options);
    fill(node.client(0), "k", " PX 60000");
    world.advanceMillis(60_000);
    assertThat(node.client(0).call("SET a " + value(1))).isEqualTo(REFUSED);
    world.advanceMillis(100);
    assertThat(fill(node.client(0), "k", " PX 60000")).isGreaterThan(80);
    node = restart(node, options);
    assertThat(node.client(0).call("SET a " + value(1))).isEqualTo(REFUSED);
    world.advanceMillis(60_000);
    assertThat(node.client(0).call("SET a " + value(1))).isEqualTo(REFUSED);
    world.advanceMillis(100);
    assertThat(fill(node.client(0), "k", "")).isGreaterThan(80);
  }

  @Test
  void whatWasOverwrittenMakesRoomOnceRefused() throws IOException {
    TestNode node = start(limited(MAX_BYTES));
    TestClient client = node.client(0);
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      refused += client.call("SET k " + value(i)).equals("OK") ? 0 : 1;
      world.advanceMillis(1_000);
    }
    assertThat(refused).isBetween(1, 20);
  }

  @Test
  void aLowerLimitRefusesNothingThatIsInTheLog() throws IOException {
    TestNode node = start(limited(MAX_BYTES));
    int count = fill(node.client(0), "k", "");
    disk.failSyncs(true);
    node.client(0).send("SET lost 1");
    world.run();
    disk = new FaultyDisk(folder);
    node = start(limited(MAX_BYTES / 10));
    TestClient client = node.client(0);
    assertThat(client.call("GET k" + (count - 1))).isEqualTo(value(count - 1));
    assertThat(client.call("SET k0 1")).startsWith("-OOM ");
    node = restart(node, limited(0));
    assertThat(node.client(0).call("SET k0 1")).isEqualTo("OK");
  }

  @Test
  void aStopWhileItIsRelievedLosesNothing() throws IOException {
    NodeOptions options = limited(MAX_BYTES);
    TestNode node = start(options);
    TestClient client = node.client(0);
    int count = fill(client, "k", "");
    client.call("DEL k0");
    client.send("SET a " + value(1)); // begins the relief
    node = restart(node, options);
    assertThat(node.client(0).call("DBSIZE")).isEqualTo(":" + (count - 1));
  }
}
