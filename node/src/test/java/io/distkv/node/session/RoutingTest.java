package io.distkv.node.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Limits;
import io.distkv.node.NodeOptions;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import io.distkv.storage.table.Compression;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Commands over several partitions on several lanes. */
class RoutingTest extends NodeTest {

  @Test
  void readsOfManyKeysGather() throws IOException {
    TestNode node = start(eightPartitions());
    TestClient client = node.client(0);
    for (int i = 0; i < 20; i++) {
      client.send("SET k" + i + " " + i);
    }
    client.pipeline(
        "MGET k0 k1 k2 nosuch k3 k3", "EXISTS k0 k1 nosuch k1", "TOUCH k0 k9 no", "DBSIZE");
    world.run();
    List<String> replies = client.takeAll();
    assertThat(replies.subList(20, 24)).containsExactly("[0, 1, 2, null, 3, 3]", ":3", ":2", ":20");
    client.pipeline("SET x abcd", "SET y xbzd", "LCS x y", "STRLEN x");
    world.run();
    assertThat(client.takeAll().get(2)).isEqualTo("bd");
  }

  @Test
  void keysScanAndRandomKeyReachEveryPartition() throws IOException {
    TestNode node = start(eightPartitions());
    TestClient client = node.client(1);
    Set<String> expected = new TreeSet<>();
    for (int i = 0; i < 50; i++) {
      client.call("SET k" + i + " v");
      expected.add("k" + i);
    }
    assertThat(elements(client.call("KEYS *"))).isEqualTo(expected);
    Set<String> scanned = new TreeSet<>();
    String cursor = "0";
    do {
      String reply = client.call("SCAN " + cursor + " COUNT 7");
      cursor = reply.substring(1, reply.indexOf(','));
      scanned.addAll(elements(reply.substring(reply.indexOf(',') + 2, reply.length() - 1)));
    } while (!cursor.equals("0"));
    assertThat(scanned).isEqualTo(expected);
    Set<String> drawn = new TreeSet<>();
    for (int i = 0; i < 300; i++) {
      drawn.add(client.call("RANDOMKEY"));
    }
    assertThat(expected).containsAll(drawn);
    assertThat(drawn).hasSizeGreaterThan(25);
  }

  private static Set<String> elements(String list) {
    Set<String> elements =
        new TreeSet<>(List.of(list.substring(1, list.length() - 1).split(", ", -1)));
    elements.remove("");
    return elements;
  }

  @Test
  void writesOfManyKeysNeedOnePartition() throws IOException {
    TestClient client = start(eightPartitions()).client(0);
    client.pipeline("MSET a 1 b 2", "MSET {t}a 1 {t}b 2", "DEL {t}a {t}b", "DEL a b", "RENAME a b");
    world.run();
    List<String> replies = client.takeAll();
    assertThat(replies.get(0))
        .isEqualTo(
            "-CROSSSLOT Keys in request don't hash to the same partition; give them a common"
                + " {hash tag}, as in {user1}.name");
    assertThat(replies.subList(1, 3)).containsExactly("OK", ":2");
    assertThat(replies.get(3)).startsWith("-CROSSSLOT");
    assertThat(replies.get(4)).startsWith("-CROSSSLOT");
  }

  @Test
  void oneOfSeveralPartitionsIsFlushedAsWellAsTheOthers() throws IOException {
    TestNode node = start(eightPartitions());
    TestClient client = node.client(0);
    for (int i = 0; i < 20; i++) {
      client.send("SET k" + i + " v");
    }
    client.pipeline("FLUSHDB", "DBSIZE", "SET a 1", "FLUSHALL", "DBSIZE", "RANDOMKEY", "SET b 1");
    client.pipeline("DBSIZE");
    world.run();
    assertThat(client.takeAll().subList(20, 28))
        .containsExactly("OK", ":0", "OK", "OK", ":0", "null", "OK", ":1");
    TestNode again = start(eightPartitions());
    assertThat(again.client(0).call("KEYS *")).isEqualTo("[b]");
  }

  @Test
  void flushAllReachesEveryKeyspace() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("SET a 1", "SELECT 1", "SET b 1", "FLUSHDB", "SET b 2", "SELECT 0", "GET a");
    client.pipeline("FLUSHALL", "DBSIZE", "SELECT 1", "DBSIZE");
    world.run();
    assertThat(client.takeAll().subList(6, 11)).containsExactly("1", "OK", ":0", "OK", ":0");
  }

  @Test
  void coldKeysOfManyPartitionsGather() throws IOException {
    NodeOptions options = uncached(eightPartitions());
    TestNode node = start(options);
    TestClient client = node.client(0);
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      client.call("SET k" + i + " " + i);
      keys.add("k" + i);
    }
    node = restart(node, options);
    client = node.client(1);
    world.reads().hold();
    client.pipeline("MGET " + String.join(" ", keys), "SET k0 new", "GET k0");
    world.run();
    assertThat(client.takeAll()).isEmpty();
    world.reads().release();
    world.run();
    List<String> replies = client.takeAll();
    assertThat(replies.get(0)).startsWith("[0, 1, 2, 3").endsWith("18, 19]");
    assertThat(replies.subList(1, 3)).containsExactly("OK", "new");
  }

  @Test
  void aHopCostsOneQueueEntryPerTurn() throws IOException {
    TestNode node = start(eightPartitions());
    TestClient client = node.client(0);
    List<String> commands = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      commands.add("SET k" + i + " v");
    }
    world.lane(1).bound(1);
    client.pipeline(commands.toArray(String[]::new));
    world.run();
    assertThat(client.takeAll()).hasSize(100).containsOnly("OK");
  }

  @Test
  void aFullLaneRefusesTheWholeBatch() throws IOException {
    TestNode node = start(eightPartitions());
    TestClient client = node.client(0);
    world.lane(1).bound(0);
    List<String> commands = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      commands.add("SET k" + i + " v");
    }
    commands.add("MGET k0 k10 k20 k30 k1 k11 k21 k31");
    commands.add("DBSIZE");
    client.pipeline(commands.toArray(String[]::new));
    world.run();
    List<String> replies = client.takeAll();
    assertThat(replies.subList(0, 40)).contains("OK").anyMatch(r -> r.startsWith("-OVERLOADED"));
    assertThat(replies.get(40)).startsWith("-OVERLOADED");
    assertThat(replies.get(41)).startsWith("-OVERLOADED");
    assertThat(client.call("FLUSHDB"))
        .isEqualTo(
            "-OVERLOADED done in 4 of 8 partitions; in the others it was refused or its outcome is"
                + " unknown; try again");
    world.lane(1).bound(10);
    assertThat(client.call("MGET k0 k1 k2")).startsWith("[");
  }

  @Test
  void whatAnotherLaneHoldsInMemoryIsReadInPlace() throws IOException {
    TestClient client = start(eightPartitions()).client(0);
    List<String> reads = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      client.call("SET k" + i + " v" + i);
      reads.add("GET k" + i);
      values.add("v" + i);
    }
    client.takeAll();
    String before = client.call("INFO stats");
    world.lane(1).bound(0);
    client.pipeline(reads.toArray(String[]::new));
    assertThat(client.takeAll()).isEqualTo(values);
    client.send("GET nosuch").send("STRLEN k1").send("EXISTS k2");
    assertThat(client.takeAll()).containsExactly("null", ":2", ":1");
    world.lane(1).bound(10);
    assertThat(hits(client.call("INFO stats")) - hits(before)).isEqualTo(42);
  }

  private static long hits(String info) {
    return info.lines()
        .filter(line -> line.startsWith("keyspace_hits:"))
        .mapToLong(line -> Long.parseLong(line.substring("keyspace_hits:".length())))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aReadBehindAWriteOfItsSessionWaitsForIt() throws IOException {
    TestClient client = start(eightPartitions()).client(0);
    List<String> commands = new ArrayList<>();
    List<String> replies = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      commands.addAll(List.of("SET k" + i + " v" + i, "GET k" + i));
      replies.addAll(List.of("OK", "v" + i));
    }
    client.pipeline(commands.toArray(String[]::new));
    assertThat(client.takeAll()).isEmpty();
    world.run();
    assertThat(client.takeAll()).isEqualTo(replies);
  }

  @Test
  void readsInPlaceSeeKeysExpire() throws IOException {
    TestClient client = start(eightPartitions()).client(0);
    for (int i = 0; i < 20; i++) {
      client.call("SET k" + i + " v PX 1000");
    }
    world.advanceMillis(900);
    for (int i = 0; i < 20; i++) {
      assertThat(client.call("GET k" + i)).as("k" + i).isEqualTo("v");
    }
    world.advanceMillis(200);
    for (int i = 0; i < 20; i++) {
      assertThat(client.call("GET k" + i)).as("k" + i).isEqualTo("null");
    }
  }

  @Test
  void allReadsAgreeOnWhatHasExpiredWhenTheWallClockGoesBack() throws IOException {
    TestNode node = start(eightPartitions());
    TestClient client = node.client(0);
    for (int i = 0; i < 20; i++) {
      client.call("SET k" + i + " v PX 10000");
    }
    world.clock().jumpWall(20_000);
    // From here on the replicas of this key's journal are ahead of the wall clock, the others not.
    client.call("SET newer v");
    world.clock().jumpWall(-20_000);
    for (int lane = 0; lane < 2; lane++) {
      TestClient reader = node.client(lane);
      Set<String> alive = new TreeSet<>(Set.of("newer"));
      for (int i = 0; i < 20; i++) {
        boolean lives = reader.call("GET k" + i).equals("v");
        assertThat(reader.call("MGET k" + i + " newer")).isEqualTo(lives ? "[v, v]" : "[null, v]");
        if (lives) {
          alive.add("k" + i);
        }
      }
      assertThat(alive).hasSizeBetween(2, 20);
      assertThat(elements(reader.call("KEYS *"))).isEqualTo(alive);
      assertThat(reader.call("DBSIZE")).isEqualTo(":" + alive.size());
    }
  }

  @Test
  void aReadOfManyPartitionsTakesNoMoreIntoMemoryThanAReplyMayHave() throws IOException {
    NodeOptions options =
        uncached(
            options(
                KeyspaceOptions.of(0, "default")
                    .withPartitions(8)
                    .withCompression(List.of(Compression.NONE))));
    TestNode node = start(options);
    TestClient client = node.client(0);
    int valueBytes = 8 * 1024 * 1024;
    byte[] value = new byte[valueBytes];
    StringBuilder keys = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      client.sendWords("SET".getBytes(UTF_8), ("k" + i).getBytes(UTF_8), value);
      world.run();
      assertThat(client.take()).isEqualTo("OK");
      keys.append(" k").append(i);
    }
    client = restart(node, options).client(0);
    long before = disk.readBytes();
    assertThat(client.call("MGET" + keys))
        .isEqualTo(
            "-TOOLARGE what is asked for has more than 67108864 bytes; ask for less at once");
    assertThat(disk.readBytes() - before)
        .as("one more than fit")
        .isBetween(Limits.MAX_BATCH_BYTES + 1L, Limits.MAX_BATCH_BYTES + valueBytes + 1_000_000L);
    assertThat(client.call("EXISTS" + keys)).isEqualTo(":12");
    assertThat(client.call("TOUCH" + keys + " none")).isEqualTo(":12");
    client.pipeline("WATCH" + keys, "MULTI", "SET k0 1", "EXEC");
    world.run();
    assertThat(client.takeAll().getFirst()).isEqualTo("OK");
    assertThat(client.call("MGET k1 k2 k3")).hasSizeGreaterThan(3 * valueBytes);
  }

  @Test
  void aClientOfManyPartitionsIsNotRememberedInAll() throws IOException {
    TestNode node = start(options(KeyspaceOptions.of(0, "default").withPartitions(512)));
    TestClient client = node.client(0);
    for (int i = 0; i < 1_500; i++) {
      assertThat(client.call("SET k" + i + " " + i)).isEqualTo("OK");
      assertThat(client.session().queuedBytes()).isLessThan(64 * 1024);
    }
    assertThat(client.session().queuedBytes()).as("some it is").isPositive();
    assertThat(client.session().shed()).isTrue();
    assertThat(client.session().queuedBytes()).isZero();
    assertThat(client.session().shed()).isFalse();
    assertThat(client.call("GET k7")).isEqualTo("7");
  }
}
