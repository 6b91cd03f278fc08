package io.distkv.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Version;
import io.distkv.node.NodeOptions;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.session.SelectedKeyspace;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import java.io.IOException;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Reads as of a version: what is shown once is shown again, until that history is gone. */
class PastReadsTest extends NodeTest {
  private static final long HISTORY_MILLIS = 60_000;

  private static NodeOptions withHistory(int partitions) {
    return uncached(
        options(
            KeyspaceOptions.of(0, "default")
                .withPartitions(partitions)
                .withHistoryMillis(HISTORY_MILLIS)));
  }

  private String versionOfPut(TestClient client, String command) {
    String reply = client.call(command);
    assertThat(reply).startsWith("[");
    return reply.substring(1, reply.indexOf(','));
  }

  @Test
  void aKeyIsShownAsItWasAtEachOfItsVersions() throws IOException {
    TestNode node = start(withHistory(1));
    TestClient client = node.client(0);
    NavigableMap<Long, String> model = new TreeMap<>();
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      boolean delete = random.nextInt(4) == 0;
      String reply = client.call(delete ? "KV.DELETE k" : "KV.PUT k v" + i);
      if (!reply.startsWith("[null")) {
        model.put(Long.parseLong(reply.substring(1, reply.indexOf(','))), delete ? "" : "v" + i);
      }
      world.advanceMillis(random.nextInt(20));
      if (random.nextInt(100) == 0) {
        node = restart(node, withHistory(1));
        client = node.client(1);
      }
    }
    for (long version : model.keySet()) {
      for (long asOf : new long[] {version - 1, version, version + 1}) {
        var expected = model.floorEntry(asOf);
        String shown = client.call("KV.GET k ASOF " + asOf);
        if (expected == null || expected.getValue().isEmpty()) {
          assertThat(shown).as("as of " + asOf).isEqualTo("null");
        } else {
          assertThat(shown)
              .as("as of " + asOf)
              .isEqualTo("[%s, %d, :-1]".formatted(expected.getValue(), expected.getKey()));
        }
      }
    }
  }

  @Test
  void aScanShowsAllPartitionsAsOfOneVersion() throws IOException {
    TestNode node = start(withHistory(8));
    TestClient client = node.client(0);
    String version = "";
    for (int i = 0; i < 40; i++) {
      version = versionOfPut(client, "KV.PUT k" + (i + 10) + " old");
      world.advanceMillis(2);
    }
    String before = client.call("KV.SCAN ASOF " + version);
    assertThat(before).contains("k10").contains("k49").endsWith(", null]");
    for (int i = 0; i < 40; i++) {
      client.call("KV.PUT k" + (i + 10) + " new");
      client.call("KV.PUT more" + i + " new");
    }
    assertThat(client.call("KV.SCAN ASOF " + version)).isEqualTo(before);
    node = restart(node, withHistory(8));
    assertThat(node.client(1).call("KV.SCAN ASOF " + version)).isEqualTo(before);
  }

  @Test
  void expiryIsJudgedByTheTimeThatIsShown() throws IOException {
    TestClient client = start(withHistory(1)).client(0);
    String version = versionOfPut(client, "KV.PUT k v TTL 5000");
    world.advanceMillis(10_000);
    client.call("KV.PUT other v");
    assertThat(client.call("KV.GET k")).isEqualTo("null");
    assertThat(client.call("KV.GET k ASOF " + version)).isEqualTo("[v, " + version + ", :5000]");
    long later = Version.ofMillis(Version.millis(Long.parseLong(version)) + 2_000);
    assertThat(client.call("KV.GET k ASOF " + later)).isEqualTo("[v, " + version + ", :3000]");
  }

  /** A write that has got its version and waits for the disk belongs to the past that is read. */
  @Test
  void whatIsUnderWayIsWaitedFor() throws IOException {
    TestNode node = start(withHistory(1));
    TestClient writer = node.client(0);
    TestClient reader = node.client(1);
    writer.call("KV.PUT k 1");
    world.sync(node.node().homeLane()).hold();
    writer.send("KV.PUT k 2");
    world.run();
    assertThat(writer.takeAll()).isEmpty();
    long now = Version.ofMillis(world.clock().wallMillis()) + 1_000;
    reader.send("KV.GET k ASOF " + now);
    world.run();
    assertThat(reader.takeAll()).isEmpty();
    // Whatever comes from here on gets a later version: the read does not wait for it, too.
    writer.send("KV.PUT k 3");
    world.run();
    world.sync(node.node().homeLane()).release();
    world.run();
    assertThat(reader.take()).startsWith("[2, ");
    assertThat(writer.takeAll()).hasSize(2);
    assertThat(reader.call("KV.GET k ASOF " + now)).startsWith("[2, ");
  }

  @Test
  void aClockThatIsSetBackGivesNoVersionThatWasShown() throws IOException {
    TestClient client = start(withHistory(1)).client(0);
    client.call("KV.PUT k 1");
    world.advanceMillis(5_000);
    long asOf = Version.ofMillis(world.clock().wallMillis());
    String shown = client.call("KV.GET k ASOF " + asOf);
    world.clock().jumpWall(-4_000);
    assertThat(Long.parseLong(versionOfPut(client, "KV.PUT k 2"))).isGreaterThan(asOf);
    assertThat(client.call("KV.GET k ASOF " + asOf)).isEqualTo(shown);
  }

  /** What was shown is shown by the next life, too, whose clock may be behind. */
  @Test
  void aClockThatIsSetBackWhileTheNodeIsDownGivesNoVersionThatWasShown() throws IOException {
    TestNode node = start(withHistory(1));
    TestClient client = node.client(0);
    client.call("KV.PUT k 1");
    world.advanceMillis(5_000);
    long asOf = Version.ofMillis(world.clock().wallMillis());
    String shown = client.call("KV.GET k ASOF " + asOf);
    node.stop();
    world.clock().jumpWall(-8_000);
    node = start(withHistory(1));
    client = node.client(0);
    assertThat(Long.parseLong(versionOfPut(client, "KV.PUT k 2"))).isGreaterThan(asOf);
    assertThat(client.call("KV.GET k ASOF " + asOf)).isEqualTo(shown);
  }

  /** Many who ask for the same moment cost the log one entry. */
  @Test
  void whoAsksForASettledPastWritesNothing() throws IOException {
    TestNode node = start(withHistory(1));
    TestClient client = node.client(0);
    client.call("KV.PUT k 1");
    world.advanceMillis(1_000);
    long asOf = Version.ofMillis(world.clock().wallMillis());
    long before = SelectedKeyspace.of(client.session()).replica(0).appliedIndex();
    for (int i = 0; i < 10; i++) {
      client.call("KV.GET k ASOF " + (asOf - i));
    }
    assertThat(SelectedKeyspace.of(client.session()).replica(0).appliedIndex())
        .isEqualTo(before + 1);
  }

  @Test
  void whatLiesAheadOrIsGoneIsRefused() throws IOException {
    NodeOptions options = options(KeyspaceOptions.of(0, "default"));
    TestNode node = start(options);
    TestClient client = node.client(0);
    long first = Long.parseLong(versionOfPut(client, "KV.PUT k 1"));
    long ahead = Version.ofMillis(world.clock().wallMillis() + 60_000);
    assertThat(client.call("KV.GET k ASOF " + ahead)).startsWith("-ERR the version lies ahead");
    world.advanceMillis(1_000);
    client.call("KV.PUT k 2");
    node = restart(node, options);
    client = node.client(0);
    assertThat(client.call("KV.GET k ASOF " + first))
        .startsWith("-HISTORYGONE that is no longer kept; the oldest version");
    assertThat(client.call("KV.SCAN ASOF " + first)).startsWith("-HISTORYGONE");
    client.send("MULTI");
    assertThat(client.call("KV.GET k ASOF " + first)).isEqualTo("OK");
    assertThat(client.take()).startsWith("-ERR ASOF is not allowed inside a transaction");
    assertThat(client.call("EXEC")).startsWith("-EXECABORT");
  }
}
