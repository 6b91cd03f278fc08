package io.distkv.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.command.CommandSpec.Scope;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the node relies on when it routes, warms, logs and replays commands, for random ones. */
class HandlerContractTest {
  private static final int COMMANDS = 60_000;

  /** Passes everything on, and notes which keys were touched. */
  private static final class Watched implements Store {
    final TreeStore store;
    final Set<String> touched = new TreeSet<>();
    boolean read;
    boolean written;

    Watched(TreeStore store) {
      this.store = store;
    }

    @Override
    public @Nullable Value get(byte[] key) {
      touched.add(Bytes.text(key));
      read = true;
      return store.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value, long expiresAtMillis) {
      touched.add(Bytes.text(key));
      written = true;
      store.put(key, value, expiresAtMillis);
    }

    @Override
    public void delete(byte[] key) {
      touched.add(Bytes.text(key));
      written = true;
      store.delete(key);
    }

    @Override
    public void clear() {
      written = true;
      store.clear();
    }

    @Override
    public int keyspace() {
      return store.keyspace();
    }

    @Override
    public long nowMillis() {
      return store.nowMillis();
    }

    @Override
    public int partitions() {
      return store.partitions();
    }

    @Override
    public KeyCursor keys(int partition) {
      return store.keys(partition);
    }

    @Override
    public long count() {
      return store.count();
    }

    @Override
    public long seed() {
      return store.seed();
    }

    @Override
    public long version() {
      return store.version();
    }
  }

  private static String dump(Handlers handlers) {
    StringBuilder dump = new StringBuilder();
    for (Object key : (List<?>) RespValue.parse(handlers.call("KEYS", "*"))) {
      dump.append(key).append(handlers.call("GET", (String) key));
      dump.append(handlers.call("PEXPIRETIME", (String) key));
    }
    return dump.toString();
  }

  @Test
  void touchOnlyTheirKeysAndReadOnlyIfTheySaySo() {
    long seed = System.nanoTime();
    RandomCommands commands = RandomCommands.of(seed);
    CommandTable table = CommandTable.standard();
    TreeStore store = new TreeStore();
    for (int i = 0; i < COMMANDS; i++) {
      byte[][] words = commands.next().toArray(byte[][]::new);
      Watched watched = new Watched(store);
      store.setNow(1_700_000_000_000L + i);
      Prepared prepared = table.prepare(words);
      Reply reply = Reply.OK;
      if (prepared instanceof Prepared.Read read) {
        reply = read.run(watched);
        assertThat(watched.written).isFalse();
      } else if (prepared instanceof Prepared.Write write) {
        reply = write.run(watched);
        assertThat(watched.read && !write.readsKeys())
            .as("seed %d: %s reads without saying so", seed, write.spec().name())
            .isFalse();
      }
      assertThat(reply instanceof Reply.Failure && watched.written)
          .as("seed %d command %d failed and wrote", seed, i)
          .isFalse();
      if (prepared instanceof Prepared.Ready ready && ready.spec().scope() == Scope.KEYS) {
        Set<String> keys = new TreeSet<>();
        for (int k = 0; k < ready.keyCount(); k++) {
          keys.add(Bytes.text(ready.key(k)));
        }
        assertThat(keys).as("seed %d command %d", seed, i).containsAll(watched.touched);
      }
    }
  }

  /** Replaying the words of the writes alone, at their stamps, gives the same data and replies. */
  @Test
  void replayGivesTheSame() {
    long seed = System.nanoTime();
    RandomCommands commands = RandomCommands.of(seed);
    Handlers live = new Handlers();
    Handlers replayed = new Handlers();
    for (int i = 0; i < COMMANDS; i++) {
      List<byte[]> words = commands.next();
      long now = 1_700_000_000_000L + i;
      live.store.setNow(now);
      String reply = live.call(words, 2);
      if (live.table.prepare(words.toArray(byte[][]::new)) instanceof Prepared.Write) {
        replayed.store.setNow(now);
        assertThat(replayed.call(words, 2)).as("seed %d command %d", seed, i).isEqualTo(reply);
      }
      if (i % 1_000 == 0) {
        replayed.store.setNow(now);
        assertThat(dump(replayed)).as("seed %d command %d", seed, i).isEqualTo(dump(live));
      }
    }
  }
}
