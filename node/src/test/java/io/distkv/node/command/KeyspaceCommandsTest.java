package io.distkv.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.keyspace.Durability;
import io.distkv.node.keyspace.KeyspaceWish;
import io.distkv.storage.table.Compression;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What KEYSPACE makes of its words; what the node makes of it is tested with a node. */
class KeyspaceCommandsTest {
  private final Handlers handlers = new Handlers();

  private String call(String words) {
    return handlers.call(words.split(" ", -1));
  }

  private KeyspaceWish wish() {
    return handlers.node.keyspaces.wish;
  }

  @Test
  void takesOptionsInAnyOrderAndCase() {
    assertThat(
            call(
                "keyspace create a maxbytes 9 COMPRESSION LZ4,none history 7 PARTITIONS 8"
                    + " Durability Interval interval 6 NUMBER 5"))
        .startsWith("+OK");
    assertThat(handlers.node.keyspaces.asked).isEqualTo("create a");
    assertThat(wish())
        .isEqualTo(
            new KeyspaceWish(
                5,
                8,
                Durability.Mode.INTERVAL,
                6L,
                7L,
                List.of(Compression.LZ4, Compression.NONE),
                9L));
    assertThat(call("KEYSPACE ALTER a DURABILITY none")).startsWith("+OK");
    assertThat(wish())
        .isEqualTo(new KeyspaceWish(null, null, Durability.Mode.NONE, null, null, null, null));
  }

  @Test
  void refusesWhatCannotBe() {
    Map<String, String> errors =
        Map.ofEntries(
            Map.entry("KEYSPACE CREATE a NUMBER", "-ERR syntax error"),
            Map.entry("KEYSPACE CREATE a FROG 1", "-ERR syntax error"),
            Map.entry("KEYSPACE CREATE a NAME b", "-ERR syntax error"),
            Map.entry("KEYSPACE CREATE a NUMBER x", "-ERR value is not an integer"),
            Map.entry("KEYSPACE CREATE a NUMBER 10000", "-ERR NUMBER must be 0 to 9999, not 10000"),
            Map.entry("KEYSPACE CREATE a PARTITIONS 0", "-ERR PARTITIONS must be 1 to 4096"),
            Map.entry("KEYSPACE CREATE a PARTITIONS 6", "-ERR partitions of a keyspace must be a"),
            Map.entry("KEYSPACE CREATE 1a", "-ERR name of a keyspace must be"),
            Map.entry("KEYSPACE CREATE a HISTORY 1 HISTORY 1", "-ERR HISTORY is given twice"),
            Map.entry("KEYSPACE CREATE a HISTORY -1", "-ERR HISTORY must be 0 to"),
            Map.entry("KEYSPACE CREATE a INTERVAL 0", "-ERR INTERVAL must be 1 to 60000, not 0"),
            Map.entry("KEYSPACE CREATE a MAXBYTES -1", "-ERR MAXBYTES must be 0 to"),
            Map.entry("KEYSPACE CREATE a DURABILITY often", "-ERR DURABILITY must be commit,"),
            Map.entry("KEYSPACE CREATE a COMPRESSION lz4,", "-ERR COMPRESSION must be one to"),
            Map.entry("KEYSPACE ALTER a NUMBER 5", "-ERR name, number and partitions"),
            Map.entry("KEYSPACE ALTER a", "-ERR wrong number of arguments"),
            Map.entry("KEYSPACE DROP a", "-ERR wrong number of arguments"),
            Map.entry("KEYSPACE DROP a b", "-ERR the two names differ"));
    errors.forEach((words, error) -> assertThat(call(words)).as(words).startsWith(error));
    assertThat(handlers.node.keyspaces.asked).isEmpty();
  }

  @Test
  void listsNamesWithNumbers() {
    assertThat(call("KEYSPACE LIST"))
        .isEqualTo("*4\r\n$7\r\ndefault\r\n:0\r\n$6\r\norders\r\n:7\r\n");
    assertThat(call("KEYSPACE DROP orders orders")).startsWith("+OK");
    assertThat(handlers.node.keyspaces.asked).isEqualTo("drop orders");
    assertThat(call("KEYSPACE DESCRIBE orders")).startsWith("+OK");
    assertThat(call("KEYSPACE HELP")).contains("DROP <name> <name>");
  }
}
