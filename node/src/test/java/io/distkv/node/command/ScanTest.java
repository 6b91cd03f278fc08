package io.distkv.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScanTest {
  private static final int MANY_ROUNDS = 100_000;

  /** One client's scan from its start to its end. */
  private static final class Client {
    final Set<String> found = new TreeSet<>();
    final Set<String> owed;
    final String count;
    String cursor = "0";
    boolean done;

    Client(Set<String> owed, String count) {
      this.owed = new TreeSet<>(owed);
      this.count = count;
    }

    void step(Handlers handlers) {
      String reply = handlers.call("SCAN", cursor, "COUNT", count);
      List<?> parts = (List<?>) RespValue.parse(reply);
      cursor = (String) parts.getFirst();
      ((List<?>) parts.getLast()).forEach(key -> found.add((String) key));
      done = cursor.equals("0");
    }
  }

  /**
   * Many scans at once while keys come and go: a key that was there all the time of a scan must be
   * found by it. Every so often the node forgets all cursors, as a restart makes it do.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void findsEveryKeyThatStays(int partitions) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    TreeStore store = new TreeStore(partitions);
    Handlers handlers = new Handlers(store);
    Set<String> present = new TreeSet<>();
    List<Client> clients = new ArrayList<>();
    int finished = 0;
    for (int round = 0; finished < 300 && round < MANY_ROUNDS; round++) {
      String key = "user:" + random.nextInt(300);
      if (random.nextBoolean()) {
        handlers.call("SET", key, "x");
        present.add(key);
      } else {
        handlers.call("DEL", key);
        present.remove(key);
        clients.forEach(client -> client.owed.remove(key));
      }
      if (random.nextInt(5_000) == 0) {
        handlers = new Handlers(store);
      }
      if (clients.size() < 20) {
        clients.add(new Client(present, Integer.toString(1 + random.nextInt(30))));
      }
      Client client = clients.get(random.nextInt(clients.size()));
      client.step(handlers);
      if (client.done) {
        assertThat(client.found).as("seed %d", seed).containsAll(client.owed);
        clients.remove(client);
        finished++;
      }
    }
    assertThat(finished).as("finished scans, seed %d", seed).isEqualTo(300);
  }

  @Test
  void endsAlthoughEveryKeyItReturnsIsDeletedAndEveryCursorForgotten() {
    TreeStore store = new TreeStore(4);
    Handlers handlers = new Handlers(store);
    for (int i = 0; i < 500; i++) {
      handlers.call("SET", "key" + i, "x");
    }
    Client client = new Client(Set.of(), "10");
    for (int calls = 0; !client.done && calls < 1_000; calls++) {
      client.step(new Handlers(store));
      client.found.forEach(key -> handlers.call("DEL", key));
    }
    assertThat(client.done).isTrue();
    assertThat(client.found).hasSize(500);
  }

  @Test
  void aForgottenCursorGoesOnWhereItsKeyIs() {
    TreeStore store = new TreeStore();
    Handlers handlers = new Handlers(store);
    for (int i = 0; i < 100; i++) {
      handlers.call("SET", "key" + (100 + i), "x");
    }
    List<?> first = (List<?>) RespValue.parse(handlers.call("SCAN", "0", "COUNT", "10"));
    String cursor = (String) first.getFirst();
    String remembered = handlers.call("SCAN", cursor, "COUNT", "10");
    assertThat(new Handlers(store).call("SCAN", cursor, "COUNT", "10")).isEqualTo(remembered);
  }

  @Test
  void cursorsFitIntoADouble() {
    for (int partitions : new int[] {1, 2, 4_096}) {
      for (int i = 0; i < 10_000; i++) {
        byte[] key = ("k" + i).getBytes(StandardCharsets.UTF_8);
        long cursor = ScanPositions.cursor(i % partitions, partitions, key);
        assertThat(cursor).isBetween(1L, (1L << 53) - 1);
        assertThat(ScanPositions.partition(cursor, partitions)).isEqualTo(i % partitions);
      }
    }
  }

  @Test
  void keepsTheSmallerOfTwoKeysOfOneCursor() {
    ScanPositions positions = new ScanPositions();
    positions.remember(0, 5, new byte[] {'b'});
    positions.remember(0, 5, new byte[] {'c'});
    assertThat(positions.recall(0, 5)).isEqualTo(new byte[] {'b'});
    positions.remember(0, 5, new byte[] {'a'});
    assertThat(positions.recall(0, 5)).isEqualTo(new byte[] {'a'});
    assertThat(positions.recall(1, 5)).isNull();
    positions.remember(0, 6, new byte[2_000]);
    assertThat(positions.recall(0, 6)).isNull();
  }

  @Test
  void looksOnlyAtKeysThatBeginLikeThePattern() {
    Handlers handlers = new Handlers();
    for (int i = 0; i < 1_000; i++) {
      handlers.call("SET", "a" + i, "x");
    }
    handlers.call("SET", "b1", "x");
    handlers.call("SET", "b2", "x");
    assertThat(handlers.call("SCAN", "0", "MATCH", "b*", "COUNT", "5"))
        .isEqualTo("*2\r\n$1\r\n0\r\n*2\r\n$2\r\nb1\r\n$2\r\nb2\r\n");
    assertThat(handlers.call("SCAN", "0", "MATCH", "b*", "TYPE", "list"))
        .isEqualTo("*2\r\n$1\r\n0\r\n*0\r\n");
  }

  @Test
  void anyNumberIsACursor() {
    Handlers handlers = new Handlers(new TreeStore(4));
    handlers.call("SET", "a", "x");
    for (String cursor : List.of("1", "-1", "+7", "18446744073709551615", "9007199254740993")) {
      assertThat(handlers.call("SCAN", cursor)).startsWith("*2\r\n");
    }
    for (String cursor : List.of("x", "1x", "18446744073709551616", " 1", "-", "1 ")) {
      assertThat(handlers.call("SCAN", cursor)).isEqualTo("-ERR invalid cursor\r\n");
    }
  }

  @Test
  void aCallEndsOnceItsReplyIsLarge() {
    Handlers handlers = new Handlers();
    for (int i = 0; i < 60; i++) {
      String key = "k".repeat(60_000) + i;
      handlers.call("SET", key, "x");
    }
    Client client = new Client(Set.of(), "1000");
    client.step(handlers);
    assertThat(client.found).hasSizeLessThan(20);
    while (!client.done) {
      client.step(handlers);
    }
    assertThat(client.found).hasSize(60);
  }

  @Test
  void everyKeyCanBeDrawn() {
    TreeStore store = new TreeStore(2);
    Handlers handlers = new Handlers(store);
    assertThat(handlers.call("RANDOMKEY")).isEqualTo("$-1\r\n");
    Set<String> keys = new TreeSet<>();
    for (int i = 0; i < 120; i++) {
      keys.add("user:" + i);
    }
    keys.addAll(List.of("user", "user:", "\u0000", "\u00FF\u00FF", "user:1:a", "user:1:b"));
    keys.forEach(key -> handlers.call("SET", key, "x"));
    Set<String> drawn = new TreeSet<>();
    for (int i = 0; i < 60_000; i++) {
      store.setNow(1_000_000_000_000L + i);
      drawn.add((String) RespValue.parse(handlers.call("RANDOMKEY")));
    }
    assertThat(drawn).isEqualTo(keys);
  }

  @Test
  void keysOfAnExpiredKeyspaceAreNone() {
    TreeStore store = new TreeStore();
    Handlers handlers = new Handlers(store);
    handlers.call("SET", "a", "x", "PX", "100");
    handlers.call("SET", "b", "x");
    store.setNow(store.nowMillis() + 101);
    assertThat(handlers.call("KEYS", "*")).isEqualTo("*1\r\n$1\r\nb\r\n");
    assertThat(handlers.call("DBSIZE")).isEqualTo(":1\r\n");
    assertThat(handlers.call("RANDOMKEY")).isEqualTo("$1\r\nb\r\n");
  }
}
