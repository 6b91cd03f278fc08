package io.distkv.node.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.NodeOptions;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import io.distkv.storage.tree.TreeOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Those who watch the same keys share what is gathered for them, and none notices the others. */
class SharedWatchTest extends WatchedNodeTest {
  /** More of these than a lane holds for those who are slow. */
  private static final int TOO_MANY = 60;

  private static final String LARGE = "x".repeat(100_000);

  private void pullAll(Watcher watcher) {
    int before;
    do {
      before = watcher.deliveries();
      watcher.pull();
    } while (watcher.deliveries() > before);
  }

  private static void writeTooMany(TestClient client) {
    for (int i = 0; i < TOO_MANY; i++) {
      client.call("SET k" + i + " " + LARGE + i);
    }
  }

  /** So many keys with one version, which is more than one block has. */
  private static String batch(int keys, String value) {
    return "MSET "
        + IntStream.range(0, keys)
            .mapToObj(i -> "k{0}%04d %s".formatted(i, value))
            .collect(Collectors.joining(" "));
  }

  @Test
  void allAreToldTheSameBlocks() throws IOException {
    for (int partitions : new int[] {1, 8}) {
      disk = diskIn("of" + partitions);
      TestNode node = start(withHistory(partitions));
      TestClient client = node.client(0);
      client.call("SET k0 0");
      Watcher first = Watcher.start(world, node, 0, prefix("k"), 0);
      long begun = first.through();
      client.call("SET k1 1");
      Watcher second = Watcher.start(world, node, 0, prefix("k"), 0);
      Watcher third = Watcher.start(world, node, 0, prefix("k"), begun);
      Watcher other = Watcher.start(world, node, 0, prefix("k2"), 0);
      client.call("SET k2 2");
      client.pipeline("SET k3 3", "SET k4 4", "DEL k2");
      world.run();
      assertThat(first.changes()).hasSize(5).contains("k1=1", "k2 removed");
      assertThat(third.changes()).isEqualTo(first.changes());
      assertThat(second.changes()).isEqualTo(first.changes().subList(1, 5));
      assertThat(other.changes()).containsExactly("k2=2", "k2 removed");
      List<ChangeBlock> blocks = first.blocks();
      assertThat(second.blocks()).isEqualTo(blocks.subList(1, blocks.size()));
      assertThat(third.blocks().reversed().subList(0, second.blocks().size()))
          .isEqualTo(second.blocks().reversed());
      assertThat(other.blocks()).doesNotContainAnyElementsOf(blocks);
      node.stop();
    }
  }

  /** What is newest by then concerns other keys, of which those who wait are told nothing. */
  @Test
  void whoJoinsIsToldAtOnceWhereItBegins() throws IOException {
    for (int partitions : new int[] {1, 8}) {
      disk = diskIn("of" + partitions);
      TestNode node = start(withHistory(partitions));
      TestClient client = node.client(0);
      Watcher first = Watcher.start(world, node, 0, prefix("k"), 0);
      for (int i = 0; i < 20; i++) {
        client.call("SET other" + i + " 1");
      }
      Watcher second = Watcher.start(world, node, 0, prefix("k"), 0);
      assertThat(second.deliveries()).isEqualTo(1);
      assertThat(second.through()).isGreaterThan(first.through());
      client.call("SET k 1");
      assertThat(first.changes()).containsExactly("k=1");
      assertThat(second.blocks()).isEqualTo(first.blocks());
      node.stop();
    }
  }

  /** It began with changes of its own, since nobody waited for those of the others. */
  @Test
  void whoMovesBeforeItIsToldWhereItBeginsIsToldSo() throws IOException {
    TestNode node = start(withHistory(1));
    TestClient client = node.client(0);
    Watcher first = Watcher.start(world, node, 0, prefix("k"), 0, 0, false);
    first.pull();
    client.call("SET other 1");
    Watcher second = Watcher.start(world, node, 0, prefix("k"), 0, 0, false);
    first.pull();
    second.pull();
    assertThat(second.deliveries()).isEqualTo(1);
    assertThat(second.through()).isGreaterThan(first.through());
  }

  /** What is shared ends with the last of them, and the next begins anew. */
  @Test
  void whoIsLastLeavesNothing() throws IOException {
    TestNode node = start(withHistory(1));
    TestClient client = node.client(0);
    Watcher first = Watcher.start(world, node, 0, prefix("k"), 0);
    Watcher second = Watcher.start(world, node, 0, prefix("k"), 0);
    first.close();
    client.call("SET k1 1");
    assertThat(second.changes()).containsExactly("k1=1");
    assertThat(node.node().watches(0).countTogether()).isEqualTo(1);
    second.close();
    assertThat(node.node().watches(0).countTogether()).isZero();
    client.call("SET k2 2");
    Watcher third = Watcher.start(world, node, 0, prefix("k"), second.through());
    assertThat(third.changes()).containsExactly("k2=2");
  }

  @Test
  void whoIsSlowIsLetGoAndMissesNothing() throws IOException {
    TestNode node = start(withHistory(1));
    TestClient client = node.client(0);
    Watcher quick = Watcher.start(world, node, 0, prefix("k"), 0);
    Watcher slow = Watcher.start(world, node, 0, prefix("k"), 0, 0, false);
    slow.pull();
    client.call("SET k 1");
    slow.pull();
    assertThat(slow.blocks()).isEqualTo(quick.blocks());
    writeTooMany(client);
    pullAll(slow);
    assertThat(slow.ended()).isNull();
    assertThat(slow.changes()).isEqualTo(quick.changes());
    assertThat(slow.blocks()).isNotEqualTo(quick.blocks());
    client.call("SET k 2");
    assertThat(slow.blocks().getLast()).isSameAs(quick.blocks().getLast());
  }

  /** It has a part of a version, and cannot be told the other from what the replicas have. */
  @Test
  void whoIsLetGoInTheMiddleOfAVersionIsToldItsRest() throws IOException {
    TestNode node = start(withHistory(1));
    TestClient client = node.client(0);
    Watcher quick = Watcher.start(world, node, 0, prefix("k"), 0);
    Watcher slow = Watcher.start(world, node, 0, prefix("k"), 0, 0, false);
    slow.pull();
    client.call(batch(2_500, "1"));
    slow.pull();
    assertThat(slow.changes()).hasSize(1_000);
    long version = slow.through() + 1;
    writeTooMany(client);
    client.call(batch(2_500, "2"));
    slow.pull();
    slow.pull();
    assertThat(slow.through()).isEqualTo(version);
    assertThat(slow.changes()).hasSize(2_500);
    pullAll(slow);
    assertThat(slow.ended()).isNull();
    assertThat(quick.changes()).hasSize(5_000 + TOO_MANY);
    assertThat(slow.changes()).isEqualTo(quick.changes());
  }

  /** One that is larger than all that is held is told whole to those who were there before it. */
  @Test
  void aVersionLargerThanTheBoundIsTold() throws IOException {
    TestNode node = start(withHistory(1));
    TestClient client = node.client(0);
    Watcher quick = Watcher.start(world, node, 0, prefix("k"), 0);
    Watcher slow = Watcher.start(world, node, 0, prefix("k"), 0, 0, false);
    slow.pull();
    client.call(batch(TOO_MANY, LARGE));
    client.call("SET k 1");
    pullAll(slow);
    assertThat(quick.changes()).hasSize(TOO_MANY + 1);
    assertThat(slow.changes()).isEqualTo(quick.changes());
  }

  /** What one of them needs of the past is not there any more. */
  @Test
  void historyThatIsGoneEndsOnlyTheSlow() throws IOException {
    NodeOptions options =
        options(KeyspaceOptions.of(0, "default")).toBuilder()
            .memtableBytes(1 << 20)
            .tree(TreeOptions.DEFAULT.withMemtableBytes(256 * 1024))
            .build();
    TestNode node = start(options);
    TestClient client = node.client(0);
    Watcher quick = Watcher.start(world, node, 0, prefix("k"), 0);
    Watcher slow = Watcher.start(world, node, 0, prefix("k"), 0, 0, false);
    slow.pull();
    writeTooMany(client);
    world.advanceMillis(10_000);
    client.call("SET k0 again");
    pullAll(slow);
    assertThat(slow.ended()).startsWith("HISTORYGONE");
    client.call("SET k 1");
    assertThat(quick.ended()).isNull();
    assertThat(quick.changes()).hasSize(TOO_MANY + 2);
  }

  /**
   * Watches of the same keys on two lanes, of whom each takes what it is told when it likes, goes
   * away and comes back where it was; small writes, large ones and batches that are told in pieces.
   */
  @Test
  void eachIsToldTheWhole() throws IOException {
    for (long seed = 1; seed <= 10; seed++) {
      eachIsToldTheWhole(seed);
    }
  }

  private void eachIsToldTheWhole(long seed) throws IOException {
    Random random = new Random(seed);
    disk = diskIn("seed" + seed);
    TestNode node = start(withHistory(random.nextBoolean() ? 1 : 4));
    TestClient client = node.client(0);
    client.call("SET k0 0");
    long begin = Watcher.start(world, node, 0, prefix("k"), 0).through();
    List<Watcher> watchers = new ArrayList<>();
    List<List<String>> told = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      watchers.add(watcher(node, random, begin));
      told.add(new ArrayList<>());
    }
    for (int step = 0; step < 120; step++) {
      write(client, random, seed + "." + step);
      world.run();
      int one = random.nextInt(watchers.size());
      Watcher watcher = watchers.get(one);
      if (random.nextInt(8) == 0 && isBetweenVersions(watcher)) {
        told.get(one).addAll(watcher.takeChanges());
        watcher.close();
        watchers.set(one, watcher(node, random, watcher.through()));
      } else if (random.nextInt(10) == 0) {
        world.advanceMillis(random.nextInt(1_500));
      } else {
        watcher.pull();
      }
    }
    Watcher whole = Watcher.start(world, node, 0, prefix("k"), begin);
    for (int i = 0; i < watchers.size(); i++) {
      pullAll(watchers.get(i));
      told.get(i).addAll(watchers.get(i).takeChanges());
      assertThat(watchers.get(i).ended()).as("seed %d, %d", seed, i).isNull();
      assertThat(told.get(i)).as("seed %d, %d", seed, i).isEqualTo(whole.changes()).isNotEmpty();
    }
    node.stop();
  }

  private Watcher watcher(TestNode node, Random random, long after) {
    boolean eager = random.nextInt(3) == 0;
    int progressMillis = random.nextBoolean() ? 0 : 500;
    return Watcher.start(world, node, random.nextInt(2), prefix("k"), after, progressMillis, eager);
  }

  /** In the middle of one, going on behind what it was told would repeat a part. */
  private static boolean isBetweenVersions(Watcher watcher) {
    return watcher.lastVersion() <= watcher.through();
  }

  private static void write(TestClient client, Random random, String value) {
    String key = (random.nextInt(5) == 0 ? "other" : "k") + random.nextInt(10);
    switch (random.nextInt(12)) {
      case 0 -> client.send("DEL " + key);
      case 1 -> client.pipeline("MULTI", "INCR k{0}n", "SET k{0}m " + value, "EXEC");
      case 2 -> client.send(batch(1 + random.nextInt(2_500), value));
      case 3, 4, 5 -> {
        for (int i = 0; i < 5; i++) {
          client.send("SET k" + i + " " + LARGE + value);
        }
      }
      default -> client.send("SET " + key + " " + value);
    }
  }
}
