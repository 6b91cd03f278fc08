package io.distkv.node;

import io.distkv.base.Lane;
import io.distkv.node.command.KeyspaceControl;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.keyspace.KeyspaceWish;
import io.distkv.node.replica.Keyspace;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The node's keyspaces as the commands of one lane's sessions see and change them. */
final class LaneKeyspaces implements KeyspaceControl {
  private final LiveKeyspaces keyspaces;
  private final KeyspaceChanges changes;
  private final Set<String> configured = new TreeSet<>();
  private final Lane home;

  /**
   * @param configured what the configuration names
   * @param home the lane of the sessions
   */
  LaneKeyspaces(
      LiveKeyspaces keyspaces,
      KeyspaceChanges changes,
      List<KeyspaceOptions> configured,
      Lane home) {
    this.keyspaces = keyspaces;
    this.changes = changes;
    configured.forEach(options -> this.configured.add(options.name()));
    this.home = home;
  }

  @Override
  public List<KeyspaceOptions> all() {
    return keyspaces.served().now().all().stream().map(Keyspace::options).toList();
  }

  @Override
  public void describe(String name, Consumer<Reply> done) {
    Keyspace keyspace = keyspaces.served().now().named(name);
    if (keyspace == null) {
      done.accept(KeyspaceDescription.notFound(name));
      return;
    }
    keyspaces.home().complete(() -> KeyspaceDescription.ask(keyspaces, keyspace, back(done)));
  }

  @Override
  public void create(String name, KeyspaceWish wish, Consumer<Reply> done) {
    submit(new KeyspaceCreation(keyspaces, name, wish), done);
  }

  @Override
  public void alter(String name, KeyspaceWish wish, Consumer<Reply> done) {
    submit(new KeyspaceAlteration(keyspaces, name, wish), done);
  }

  @Override
  public void drop(String name, Consumer<Reply> done) {
    submit(new KeyspaceRemoval(keyspaces, configured, name), done);
  }

  private void submit(KeyspaceChange change, Consumer<Reply> done) {
    keyspaces.home().complete(() -> changes.submit(change, back(done)));
  }

  private Consumer<Reply> back(Consumer<Reply> done) {
    return reply -> home.complete(() -> done.accept(reply));
  }
}
