package io.distkv.node.command;

import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.keyspace.KeyspaceWish;
import java.util.List;
import java.util.function.Consumer;

/** Two keyspaces, and what was asked of them last. */
final class FakeKeyspaces implements KeyspaceControl {
  String asked = "";
  KeyspaceWish wish = KeyspaceWish.NOTHING;

  @Override
  public List<KeyspaceOptions> all() {
    return List.of(KeyspaceOptions.of(0, "default"), KeyspaceOptions.of(7, "orders"));
  }

  @Override
  public void describe(String name, Consumer<Reply> done) {
    note("describe " + name, KeyspaceWish.NOTHING, done);
  }

  @Override
  public void create(String name, KeyspaceWish wanted, Consumer<Reply> done) {
    note("create " + name, wanted, done);
  }

  @Override
  public void alter(String name, KeyspaceWish wanted, Consumer<Reply> done) {
    note("alter " + name, wanted, done);
  }

  @Override
  public void drop(String name, Consumer<Reply> done) {
    note("drop " + name, KeyspaceWish.NOTHING, done);
  }

  private void note(String what, KeyspaceWish wanted, Consumer<Reply> done) {
    asked = what;
    wish = wanted;
    done.accept(Reply.OK);
  }
}
