package io.distkv.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Limits;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the comparison with Redis cannot see: limits of our own, and the passing of time. */
class DataCommandsTest {
  private final TreeStore store = new TreeStore();
  private final Handlers handlers = new Handlers(store);

  private void pass(long millis) {
    store.setNow(store.nowMillis() + millis);
  }

  @Test
  void aKeyLivesUntilTheEndOfItsLastMillisecond() {
    handlers.call("SET", "a", "x", "PX", "100");
    pass(100);
    assertThat(handlers.call("GET", "a")).isEqualTo("$1\r\nx\r\n");
    assertThat(handlers.call("PTTL", "a")).isEqualTo(":0\r\n");
    pass(1);
    assertThat(handlers.call("GET", "a")).isEqualTo("$-1\r\n");
    assertThat(handlers.call("TTL", "a")).isEqualTo(":-2\r\n");
    assertThat(handlers.call("SETNX", "a", "y")).isEqualTo(":1\r\n");
  }

  @Test
  void relativeTimesCountFromTheStamp() {
    store.setNow(5_000);
    handlers.call("SETEX", "a", "10", "x");
    handlers.call("SET", "b", "x", "PX", "1500");
    handlers.call("SET", "c", "x");
    handlers.call("PEXPIRE", "c", "7");
    handlers.call("SET", "d", "x");
    handlers.call("GETEX", "d", "EX", "1");
    assertThat(handlers.call("PEXPIRETIME", "a")).isEqualTo(":15000\r\n");
    assertThat(handlers.call("PEXPIRETIME", "b")).isEqualTo(":6500\r\n");
    assertThat(handlers.call("PEXPIRETIME", "c")).isEqualTo(":5007\r\n");
    assertThat(handlers.call("PEXPIRETIME", "d")).isEqualTo(":6000\r\n");
    assertThat(handlers.call("TTL", "b")).isEqualTo(":2\r\n");
  }

  @Test
  void changesOfAValueLeaveItsExpiry() {
    handlers.call("SET", "n", "1", "PX", "5000");
    handlers.call("INCR", "n");
    handlers.call("APPEND", "n", "0");
    handlers.call("SETRANGE", "n", "0", "3");
    handlers.call("SETBIT", "n", "7", "0");
    handlers.call("SET", "n", "7", "KEEPTTL");
    assertThat(handlers.call("PTTL", "n")).isEqualTo(":5000\r\n");
    handlers.call("RENAME", "n", "m");
    assertThat(handlers.call("PTTL", "m")).isEqualTo(":5000\r\n");
    handlers.call("COPY", "m", "o");
    assertThat(handlers.call("PTTL", "o")).isEqualTo(":5000\r\n");
    handlers.call("GETSET", "o", "x");
    assertThat(handlers.call("PTTL", "o")).isEqualTo(":-1\r\n");
  }

  @Test
  void keysHaveOneByteAtLeastAndALimit() {
    String tooLong = "k".repeat(Limits.MAX_KEY_BYTES + 1);
    for (List<String> call :
        List.of(
            List.of("GET", ""),
            List.of("SET", "", "x"),
            List.of("MGET", "a", ""),
            List.of("MSET", "a", "1", "", "2"),
            List.of("BITOP", "AND", "a", "b", ""),
            List.of("RENAME", "a", ""))) {
      assertThat(handlers.call(call.toArray(String[]::new)))
          .isEqualTo("-ERR a key has at least one byte\r\n");
    }
    assertThat(handlers.call("GET", tooLong))
        .isEqualTo("-TOOLARGE a key has at most 65535 bytes, this one has 65536\r\n");
    assertThat(handlers.call("SET", "k".repeat(Limits.MAX_KEY_BYTES), "x")).isEqualTo("+OK\r\n");
  }

  @Test
  void aCommandHasALimitOfKeys() {
    String[] words = new String[Limits.MAX_BATCH_OPERATIONS + 2];
    Arrays.fill(words, "k");
    words[0] = "DEL";
    assertThat(handlers.call(words))
        .isEqualTo("-TOOLARGE a command has at most 10000 keys, this one has 10001\r\n");
  }

  @Test
  void valuesHaveALimit() {
    String error = "-TOOLARGE string exceeds maximum allowed size (16777216 bytes)\r\n";
    String most = "v".repeat(Limits.MAX_VALUE_BYTES);
    assertThat(handlers.call("SET", "a", most)).isEqualTo("+OK\r\n");
    assertThat(handlers.call("SET", "a", most + "v")).isEqualTo(error);
    assertThat(handlers.call("MSET", "b", most + "v")).isEqualTo(error);
    assertThat(handlers.call("APPEND", "a", "v")).isEqualTo(error);
    assertThat(handlers.call("STRLEN", "a")).isEqualTo(":16777216\r\n");
    assertThat(handlers.call("SETRANGE", "a", "16777216", "v")).isEqualTo(error);
    assertThat(handlers.call("SETRANGE", "b", "9223372036854775807", "v")).isEqualTo(error);
    assertThat(handlers.call("SETRANGE", "b", "9223372036854775807", "")).isEqualTo(":0\r\n");
    assertThat(handlers.call("SETBIT", "b", "134217728", "1"))
        .isEqualTo("-ERR bit offset is not an integer or out of range\r\n");
    assertThat(handlers.call("SETBIT", "b", "134217727", "1")).isEqualTo(":0\r\n");
    assertThat(handlers.call("BITCOUNT", "b")).isEqualTo(":1\r\n");
    assertThat(handlers.call("BITPOS", "b", "1")).isEqualTo(":134217727\r\n");
    assertThat(handlers.call("LCS", "a", "b"))
        .isEqualTo(
            "-ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len\r\n");
  }

  @Test
  void objectTellsWhatRedisWouldChoose() {
    handlers.call("MSET", "int", "-42", "small", "x".repeat(44), "large", "x".repeat(45));
    assertThat(handlers.call("OBJECT", "ENCODING", "int")).isEqualTo("$3\r\nint\r\n");
    assertThat(handlers.call("OBJECT", "ENCODING", "small")).isEqualTo("$6\r\nembstr\r\n");
    assertThat(handlers.call("OBJECT", "ENCODING", "large")).isEqualTo("$3\r\nraw\r\n");
    assertThat(handlers.call("OBJECT", "REFCOUNT", "int")).isEqualTo(":1\r\n");
    pass(7_900);
    assertThat(handlers.call("OBJECT", "IDLETIME", "int")).isEqualTo(":7\r\n");
    assertThat(handlers.call("OBJECT", "IDLETIME", "none")).isEqualTo("$-1\r\n");
    assertThat(handlers.call("OBJECT", "FREQ", "int")).startsWith("-ERR An LFU maxmemory policy");
  }

  @Test
  void copyStaysInItsKeyspace() {
    handlers.call("SET", "a", "x");
    assertThat(handlers.call("COPY", "a", "b", "DB", "0")).isEqualTo(":1\r\n");
    assertThat(handlers.call("COPY", "a", "b", "DB", "3"))
        .isEqualTo(
            "-ERR COPY to another keyspace is not possible, because a write changes only one\r\n");
  }

  @Test
  void keysRefusesAReplyThatWouldBeTooLarge() {
    for (int i = 0; i < 1_150; i++) {
      handlers.call("SET", "k".repeat(60_000) + (10_000 + i), "x");
    }
    assertThat(handlers.call("KEYS", "*"))
        .isEqualTo("-TOOLARGE KEYS finds too many keys for one reply; use SCAN\r\n");
    assertThat(handlers.call("KEYS", "*10042")).startsWith("*1\r\n");
  }

  @Test
  void flushRemovesEverything() {
    handlers.call("MSET", "a", "1", "b", "2");
    assertThat(handlers.call("FLUSHALL", "ASYNC")).isEqualTo("+OK\r\n");
    assertThat(handlers.call("DBSIZE")).isEqualTo(":0\r\n");
  }

  @Test
  void onlyWhatReadsItsKeysAsksForThem() {
    assertThat(readsKeys("SET", "a", "x")).isFalse();
    assertThat(readsKeys("SET", "a", "x", "EX", "5")).isFalse();
    assertThat(readsKeys("MSET", "a", "x")).isFalse();
    assertThat(readsKeys("SETEX", "a", "5", "x")).isFalse();
    assertThat(readsKeys("SET", "a", "x", "NX")).isTrue();
    assertThat(readsKeys("SET", "a", "x", "GET")).isTrue();
    assertThat(readsKeys("SET", "a", "x", "KEEPTTL")).isTrue();
    assertThat(readsKeys("INCR", "a")).isTrue();
    assertThat(readsKeys("DEL", "a")).isTrue();
  }

  private boolean readsKeys(String... words) {
    Prepared prepared = handlers.table.prepare(Handlers.words(words).toArray(byte[][]::new));
    return prepared instanceof Prepared.Write write && write.readsKeys();
  }
}
