package io.distkv.node.command;

import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A node with three clients, two sections of INFO and a few settings. */
final class FakeNode implements NodeControl {
  final TreeMap<String, String> values = new TreeMap<>();
  final FakeKeyspaces keyspaces = new FakeKeyspaces();
  final FakeSlowLog slowLog = new FakeSlowLog();
  boolean statisticsReset;
  List<ClientInfo> clients = List.of(client(3, "x"), client(7, "me"), client(9, ""));

  FakeNode() {
    values.put("maxmemory", "0");
    values.put("maxmemory-policy", "noeviction");
    values.put("save", "");
  }

  static ClientInfo client(long id, String name) {
    return new ClientInfo(
        id,
        "127.0.0.1:" + (1000 + id),
        "127.0.0.1:6379",
        name,
        10,
        1,
        0,
        -1,
        0,
        26,
        0,
        "client|list",
        "default",
        2,
        "jedis",
        "5.0",
        false,
        false);
  }

  @Override
  public long wallMicros() {
    return 1_700_000_000_123_456L;
  }

  @Override
  public void info(Consumer<List<InfoSection>> done) {
    done.accept(
        List.of(
            new InfoSection("server", List.of(new Field("redis_version", "7.0.15"))),
            new InfoSection("commandstats", List.of(new Field("cmdstat_get", "calls=1"))),
            new InfoSection("keyspace", List.of(new Field("db0", "keys=1")))));
  }

  @Override
  public List<Setting> settings() {
    return values.entrySet().stream().map(e -> new Setting(e.getKey(), e.getValue())).toList();
  }

  @Override
  public @Nullable String set(List<Setting> changes) {
    for (Setting change : changes) {
      if (!values.containsKey(change.name())) {
        return "Unknown option or number of arguments for CONFIG SET - '" + change.name() + "'";
      }
      if (change.value().equals("bad")) {
        return "CONFIG SET failed (possibly related to argument '" + change.name() + "') - bad";
      }
    }
    changes.forEach(change -> values.put(change.name(), change.value()));
    return null;
  }

  @Override
  public SlowLog slowLog() {
    return slowLog;
  }

  @Override
  public void resetStatistics() {
    statisticsReset = true;
  }

  @Override
  public KeyspaceControl keyspaces() {
    return keyspaces;
  }

  @Override
  public void clients(Consumer<List<ClientInfo>> done) {
    done.accept(clients);
  }

  @Override
  public void kill(Predicate<ClientInfo> which, Consumer<Integer> done) {
    int before = clients.size();
    clients = clients.stream().filter(which.negate()).toList();
    done.accept(before - clients.size());
  }
}
