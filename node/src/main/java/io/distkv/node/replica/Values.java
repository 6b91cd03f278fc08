package io.distkv.node.replica;

import io.distkv.node.command.Value;
import io.distkv.node.command.View;
import io.distkv.storage.table.Lookup;
import org.jspecify.annotations.Nullable;

/** From what a tree found to what a command sees. */
final class Values {
  private Values() {}

  /** The value that was found, or null if it expired before the view's time. */
  static @Nullable Value live(Lookup found, View view) {
    return found.expiresAtMillis() == 0 ? value(found) : live(found, view.nowMillis());
  }

  /** The value that was found, or null if it expired before a time. */
  static @Nullable Value live(Lookup found, long nowMillis) {
    return Value.expired(found.expiresAtMillis(), nowMillis) ? null : value(found);
  }

  private static Value value(Lookup found) {
    return new Value(
        found.valueArray(),
        found.valueOffset(),
        found.valueLength(),
        found.version(),
        found.expiresAtMillis());
  }
}
