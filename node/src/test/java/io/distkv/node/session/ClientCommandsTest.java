package io.distkv.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.replica.ReplicaCounters.Counter;
import io.distkv.node.world.NodeTest;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a session remembers of its client, and what the node tells of all of them. */
class ClientCommandsTest extends NodeTest {

  @Test
  void theProtocolSwitchesExactlyAtTheReplyOfHello() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("SET k v", "HELLO 3", "GET k", "HELLO 2", "PING");
    assertThat(client.events()).isEmpty();
    world.run();
    assertThat(client.takeAll()).hasSize(5).contains("v", "PONG");
    assertThat(client.events()).containsExactly("protocol 3 after 1", "protocol 2 after 3");
  }

  @Test
  void quitAnswersAndClosesAfterAllBeforeIt() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("SET k v", "QUIT", "GET k");
    world.run();
    assertThat(client.takeAll()).containsExactly("OK", "OK");
    assertThat(client.events()).containsExactly("close after 2");
  }

  @Test
  void repliesCanBeTurnedOffAndSkipped() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("CLIENT REPLY SKIP", "SET k 1", "GET k", "CLIENT REPLY OFF", "SET k 2", "PING");
    client.pipeline("CLIENT REPLY SKIP", "PING", "CLIENT REPLY ON", "GET k");
    world.run();
    assertThat(client.takeAll()).containsExactly("1", "OK", "2");
    List<String> unanswered = new ArrayList<>(Collections.nCopies(2, "unanswered after 0"));
    unanswered.addAll(Collections.nCopies(5, "unanswered after 1"));
    assertThat(client.events()).isEqualTo(unanswered);
  }

  @Test
  void resetPutsEverythingBack() throws IOException {
    TestClient client = start(onePartition()).client(0);
    client.pipeline("SELECT 1", "CLIENT SETNAME me", "HELLO 3", "WATCH k", "MULTI", "SET k 1");
    client.pipeline("RESET", "CLIENT GETNAME", "GET k", "EXEC", "CLIENT INFO");
    world.run();
    assertThat(client.takeAll().subList(6, 10))
        .containsExactly("RESET", "null", "null", "-ERR EXEC without MULTI");
    assertThat(client.events()).containsExactly("protocol 3 after 2", "protocol 2 after 6");
  }

  @Test
  void clientsAreListedAndKilledOverLanes() throws IOException {
    TestNode node = start(onePartition());
    TestClient first = node.client(0);
    TestClient second = node.client(1);
    TestClient third = node.client(1);
    second.call("CLIENT SETNAME two");
    second.call("CLIENT NO-EVICT ON");
    second.call("CLIENT NO-TOUCH ON");
    second.call("CLIENT SETINFO LIB-NAME lib");
    third.pipeline("SELECT 1", "WATCH k", "MULTI", "PING");
    world.advanceMillis(3_000);
    String list = first.call("CLIENT LIST");
    assertThat(list.lines()).hasSize(3);
    assertThat(list.lines().toList().get(1)).contains("name=two", "id=2", "lib-name=lib", "age=3");
    assertThat(list.lines().toList().get(2)).contains("db=1", "multi=1", "cmd=ping");
    assertThat(first.call("CLIENT ID")).isEqualTo(":1");
    assertThat(first.call("CLIENT KILL ID 2")).isEqualTo(":1");
    assertThat(second.events()).containsExactly("close after 4");
    second.session().close();
    assertThat(first.call("CLIENT LIST").lines()).hasSize(2);
    third.send("SET k v");
    assertThat(first.call("CLIENT KILL ID 3")).isEqualTo(":1");
    first.pipeline("SET k 1", "CLIENT KILL ID 1 SKIPME no", "PING");
    world.run();
    assertThat(first.takeAll()).containsExactly("OK", ":1");
    assertThat(first.events()).containsExactly("close after 7");
  }

  @Test
  void aKilledSessionEndsAfterTheRepliesThatItAwaits() throws IOException {
    TestNode node = start(onePartition());
    TestClient busy = node.client(0);
    world.sync(node.node().homeLane()).hold();
    busy.send("SET k v");
    assertThat(node.client(1).call("CLIENT KILL ID 1")).isEqualTo(":1");
    assertThat(busy.events()).isEmpty();
    busy.send("PING");
    world.sync(node.node().homeLane()).release();
    world.run();
    assertThat(busy.takeAll()).containsExactly("OK");
    assertThat(busy.events()).containsExactly("close after 1");
  }

  @Test
  void infoEstimatesHowManyKeysExpireInMemoryAndInTables() throws IOException {
    TestNode node = start(onePartition());
    node.client(0).pipeline("SET a 1 EX 100", "SET b 1", "SET c 1 PX 100000", "SET c 2");
    world.run();
    assertThat(node.client(0).call("INFO keyspace")).contains("db0:keys=4,expires=2,avg_ttl=0");
    node = restart(node, onePartition());
    assertThat(node.client(0).call("INFO keyspace")).contains("db0:keys=3,expires=1,avg_ttl=0");
    node.client(0).call("SETEX d 100 1");
    assertThat(node.client(0).call("INFO keyspace")).contains("db0:keys=4,expires=2,avg_ttl=0");
  }

  @Test
  void infoTellsWhatTheNodeDid() throws IOException {
    TestNode node = start(onePartition());
    TestClient client = node.client(0);
    client.pipeline("SET k v", "GET k", "GET nosuch", "CONFIG GET maxclients", "TIME");
    world.run();
    client.takeAll();
    String info = client.call("INFO");
    assertThat(info)
        .contains(
            "redis_version:7.0.15",
            "tcp_port:6379",
            "run_id:" + node.node().id(),
            "connected_clients:1")
        .contains("total_commands_processed:6", "keyspace_hits:1", "keyspace_misses:1")
        .contains("role:master", "disk_full:0", "db0:keys=1,expires=0,");
    assertThat(client.call("CONFIG RESETSTAT")).isEqualTo("OK");
    assertThat(client.call("INFO stats")).contains("keyspace_hits:0", "log_entries:0");
    assertThat(client.call("CONFIG SET maxclients 5"))
        .isEqualTo("-ERR maxclients cannot be changed");
    assertThat(client.call("AUTH secret")).startsWith("-ERR AUTH <password> called without any");
    long[] counts = new long[2];
    node.node()
        .statistics(statistics -> {
          counts[0] = statistics.count(Counter.ENTRIES);
          counts[1] = statistics.openedSessions();
        });
    world.run();
    assertThat(counts).containsExactly(1, 1);
    assertThat(node.observed()).contains("set", "get", "info", "config|set!");
  }
}
