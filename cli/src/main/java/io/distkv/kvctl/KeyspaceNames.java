package io.distkv.kvctl;

import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/** Names of keyspaces that an argument may be completed to. Only a shell asks a node for them. */
final class KeyspaceNames implements Iterable<String> {
  static final Supplier<List<String>> UNKNOWN = List::of;

  private final Supplier<List<String>> names;

  KeyspaceNames(Supplier<List<String>> names) {
    this.names = names;
  }

  @Override
  public Iterator<String> iterator() {
    return names.get().iterator();
  }
}
