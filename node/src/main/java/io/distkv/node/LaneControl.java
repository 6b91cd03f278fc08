package io.distkv.node;

import io.distkv.node.command.ClientInfo;
import io.distkv.node.command.KeyspaceControl;
import io.distkv.node.command.NodeControl;
import io.distkv.node.command.SlowLog;
import io.distkv.node.replica.LanePort;
import io.distkv.node.session.LaneSessions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The node as the server commands of one lane's sessions see it. On that lane only. */
final class LaneControl implements NodeControl {
  private static final long MICROS_PER_MILLI = 1_000;

  private final Node node;
  private final LanePort home;
  private final KeyspaceControl keyspaces;

  LaneControl(Node node, LanePort home, KeyspaceControl keyspaces) {
    this.node = node;
    this.home = home;
    this.keyspaces = keyspaces;
  }

  @Override
  public long wallMicros() {
    return node.environment().clock().wallMillis() * MICROS_PER_MILLI;
  }

  @Override
  public void info(Consumer<List<InfoSection>> done) {
    node.statistics(
        home.lane(), statistics -> done.accept(node.information().sections(statistics)));
  }

  @Override
  public List<Setting> settings() {
    return node.host().settings();
  }

  @Override
  public @Nullable String set(List<Setting> changes) {
    return node.host().set(changes);
  }

  @Override
  public void resetStatistics() {
    node.statistics(home.lane(), node.information()::reset);
  }

  @Override
  public SlowLog slowLog() {
    return node.host().slowLog();
  }

  @Override
  public KeyspaceControl keyspaces() {
    return keyspaces;
  }

  @Override
  public void clients(Consumer<List<ClientInfo>> done) {
    onEveryLane(
        LaneSessions::describe,
        parts -> {
          List<ClientInfo> all = new ArrayList<>();
          parts.forEach(all::addAll);
          all.sort(Comparator.comparingLong(ClientInfo::id));
          done.accept(all);
        });
  }

  @Override
  public void kill(Predicate<ClientInfo> which, Consumer<Integer> done) {
    onEveryLane(
        sessions -> sessions.kill(which),
        parts -> done.accept(parts.stream().mapToInt(Integer::intValue).sum()));
  }

  private <T> void onEveryLane(Function<LaneSessions, T> ask, Consumer<List<T>> done) {
    List<LaneGather.Question<T>> questions = new ArrayList<>();
    for (LaneSessions sessions : node.lanes()) {
      questions.add(new LaneGather.Question<>(sessions.port().lane(), () -> ask.apply(sessions)));
    }
    LaneGather.ask(home.lane(), questions, done);
  }
}
