package io.distkv.node.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Version;
import io.distkv.node.NodeOptions;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.replica.ChangeRange;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every change once, in order, from now or from a version, however slow the client is. */
class WatchTest extends WatchedNodeTest {
  private static final ChangeRange ALL = ChangeRange.prefix(new byte[0]);

  private static long version(String putReply) {
    return Long.parseLong(putReply.substring(1, putReply.indexOf(',')));
  }

  @Test
  void changesAreToldFromNowOn() throws IOException {
    TestNode node = start(withHistory(1));
    TestClient client = node.client(0);
    client.call("SET before 1");
    Watcher all = Watcher.start(world, node, 1, ALL, 0);
    Watcher some = Watcher.start(world, node, 0, prefix("a"), 0);
    Watcher one =
        Watcher.start(world, node, 0, ChangeRange.key("ab".getBytes(StandardCharsets.UTF_8)), 0);
    assertThat(all.deliveries()).isEqualTo(1);
    client.call("SET ab 1");
    client.call("SET abc 2");
    client.call("SET b 3");
    client.call("DEL ab");
    client.call("GET b");
    long last = version(client.call("KV.PUT ab 4"));
    assertThat(all.changes()).containsExactly("ab=1", "abc=2", "b=3", "ab removed", "ab=4");
    assertThat(some.changes()).containsExactly("ab=1", "abc=2", "ab removed", "ab=4");
    assertThat(one.changes()).containsExactly("ab=1", "ab removed", "ab=4");
    assertThat(all.through()).isEqualTo(last);
    all.close();
    client.call("SET ab 5");
    assertThat(all.changes()).hasSize(5);
    assertThat(some.changes()).hasSize(5);
    some.close();
    one.close();
    assertThat(node.node().watches(0).count()).isZero();
    assertThat(node.node().watches(1).count()).isZero();
  }

  @Test
  void aTransactionIsToldAsOneInTheOrderOfItsKeys() throws IOException {
    TestNode node = start(withHistory(1));
    Watcher watcher = Watcher.start(world, node, 0, ALL, 0);
    TestClient client = node.client(0);
    client.pipeline("MULTI", "SET b 1", "SET a 2", "SET b 3", "SET c 4", "DEL c", "EXEC");
    world.run();
    assertThat(watcher.changes()).containsExactly("a=2", "b=3", "c removed");
    assertThat(watcher.deliveries()).isEqualTo(2);
  }

  /** The clock of a lane that has written nothing since is behind that of one that has. */
  @Test
  void aWatchFromNowOnBeginsWhereTheWallClockWasSetBack() throws IOException {
    TestNode node = start(withHistory(8));
    TestClient client = node.client(0);
    client.call("SET a 1");
    world.clock().jumpWall(-3_600_000);
    Watcher watcher = Watcher.start(world, node, 0, ALL, 0);
    assertThat(watcher.deliveries()).isEqualTo(1);
    for (String key : List.of("a", "b", "c", "d", "e", "f")) {
      client.call("SET " + key + " 2");
    }
    assertThat(watcher.changes()).containsExactly("a=2", "b=2", "c=2", "d=2", "e=2", "f=2");
  }

  /** Where it begins is told when it is certain that nothing will come before that any more. */
  @Test
  void aWatchFromNowOnMissesNothingWhereTheWallClockIsSetBackLater() throws IOException {
    for (ChangeRange range : List.of(ALL, ChangeRange.key(new byte[] {'a'}))) {
      for (int partitions : new int[] {1, 8}) {
        disk = diskIn(partitions + (range.isOneKey() ? " of one key" : " of all"));
        TestNode node = start(withHistory(partitions));
        Watcher watcher = Watcher.start(world, node, 0, range, 0);
        assertThat(watcher.deliveries()).isEqualTo(1);
        world.clock().jumpWall(-3_600_000);
        node = restart(node, withHistory(partitions));
        Watcher again = Watcher.start(world, node, 0, range, watcher.through());
        node.client(0).call("SET a 1");
        assertThat(again.ended()).isNull();
        assertThat(again.changes()).containsExactly("a=1");
        node.stop();
      }
    }
  }

  @Test
  void whatWasMissedIsToldFromAVersionOn() throws IOException {
    TestNode node = start(withHistory(1));
    TestClient client = node.client(0);
    long first = version(client.call("KV.PUT a 1"));
    client.call("SET b 2");
    client.call("SET a 3");
    client.call("DEL b");
    node = restart(node, withHistory(1));
    client = node.client(0);
    client.call("SET c 4");
    Watcher watcher = Watcher.start(world, node, 1, ALL, first);
    client.call("SET d 5");
    assertThat(watcher.changes()).containsExactly("b=2", "a=3", "b removed", "c=4", "d=5");
  }

  @Test
  void aVersionWhoseHistoryIsGoneIsRefused() throws IOException {
    NodeOptions options = options(KeyspaceOptions.of(0, "default"));
    TestNode node = start(options);
    long first = version(node.client(0).call("KV.PUT a 1"));
    node.client(0).call("SET a 2");
    node = restart(node, options);
    Watcher watcher = Watcher.start(world, node, 0, ALL, first);
    assertThat(watcher.ended()).startsWith("HISTORYGONE");
    assertThat(node.node().watches(0).count()).isZero();
    long ahead = Version.ofMillis(world.clock().wallMillis() + 5_000);
    assertThat(Watcher.start(world, node, 0, ALL, ahead).ended())
        .startsWith("ERR the version to watch from lies ahead");
  }

  /** Emptying a keyspace is no change of single keys: whoever watches must list anew. */
  @Test
  void emptyingTheKeyspaceEndsTheWatch() throws IOException {
    TestNode node = start(withHistory(1));
    TestClient client = node.client(0);
    Watcher watcher = Watcher.start(world, node, 0, ALL, 0);
    client.call("SET a 1");
    client.call("FLUSHDB");
    assertThat(watcher.changes()).containsExactly("a=1");
    assertThat(watcher.ended()).startsWith("HISTORYGONE");
  }

  @Test
  void marksTellThatNothingHappened() throws IOException {
    for (int partitions : new int[] {1, 8}) {
      disk = diskIn("of" + partitions);
      TestNode node = start(withHistory(partitions));
      TestClient client = node.client(0);
      client.call("SET other 1");
      Watcher watcher = Watcher.start(world, node, 0, prefix("a"), 0, 1_000, true);
      long begun = watcher.through();
      client.call("SET other 2");
      world.advanceMillis(5_000);
      assertThat(watcher.through()).isGreaterThan(begun);
      assertThat(Version.millis(watcher.through()))
          .isGreaterThan(world.clock().wallMillis() - 3_000);
      assertThat(version(client.call("KV.PUT a 3"))).isGreaterThan(watcher.through() - 1);
      assertThat(watcher.changes()).containsExactly("a=3");
      watcher.close();
      node.stop();
    }
  }

  /** A client that takes nothing holds nothing up, and misses nothing. */
  @Test
  void aSlowClientGetsEverythingInTheEnd() throws IOException {
    for (int partitions : new int[] {1, 8}) {
      disk = diskIn("of" + partitions);
      TestNode node = start(withHistory(partitions));
      TestClient client = node.client(0);
      Watcher slow = Watcher.start(world, node, 0, ALL, 0, 0, false);
      slow.pull();
      List<String> expected = new ArrayList<>();
      String filler = "x".repeat(100_000);
      for (int i = 0; i < 120; i++) {
        client.call("SET k" + i + " " + filler + i);
        expected.add("k" + i + "=" + filler + i);
        world.advanceMillis(3);
      }
      for (int pulls = 0; slow.changes().size() < expected.size() && pulls < 1_000; pulls++) {
        slow.pull();
      }
      assertThat(slow.ended()).isNull();
      assertThat(slow.changes()).isEqualTo(expected);
      node.stop();
    }
  }

  /**
   * Random writes from clients of two lanes; a watch that is broken off at any delivery and begun
   * again where it was, with restarts in between; against one that has never been.
   */
  @Test
  void broughtTogetherThePiecesOfAWatchAreTheWhole() throws IOException {
    for (long seed = 1; seed <= 12; seed++) {
      pieces(seed);
    }
  }

  private void pieces(long seed) throws IOException {
    Random random = new Random(seed);
    int partitions = random.nextBoolean() ? 1 : 4;
    NodeOptions options = withHistory(partitions);
    disk = diskIn("pieces" + seed);
    TestNode node = start(options);
    long begin = Watcher.start(world, node, 0, prefix("k"), 0).through();
    List<String> pieces = new ArrayList<>();
    Watcher watcher = Watcher.start(world, node, 0, prefix("k"), begin, 500, false);
    for (int step = 0; step < 150; step++) {
      TestClient client = node.client(random.nextInt(2));
      for (int i = random.nextInt(4); i > 0; i--) {
        String key = (random.nextInt(5) == 0 ? "other" : "k") + random.nextInt(10);
        switch (random.nextInt(4)) {
          case 0 -> client.send("DEL " + key);
          case 1 -> client.pipeline("MULTI", "INCR {k}n", "SET {k}m " + step, "EXEC");
          default -> client.send("SET " + key + " " + seed + "." + step + "." + i);
        }
      }
      world.run();
      switch (random.nextInt(6)) {
        case 0 -> world.advanceMillis(random.nextInt(700));
        case 1 -> {
          pieces.addAll(watcher.takeChanges());
          long from = watcher.through();
          watcher.close();
          if (random.nextInt(4) == 0) {
            node = restart(node, options);
          }
          watcher = Watcher.start(world, node, random.nextInt(2), prefix("k"), from, 500, false);
        }
        default -> watcher.pull();
      }
    }
    Watcher whole = Watcher.start(world, node, 0, prefix("k"), begin);
    for (int i = 0; i < 100; i++) {
      watcher.pull();
    }
    pieces.addAll(watcher.takeChanges());
    assertThat(watcher.ended()).as("seed %d", seed).isNull();
    assertThat(whole.ended()).as("seed %d", seed).isNull();
    assertThat(pieces).as("seed %d", seed).isEqualTo(whole.changes()).isNotEmpty();
    node.stop();
  }
}
