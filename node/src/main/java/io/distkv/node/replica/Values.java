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
    long expiresAtMillis = found.expiresAtMillis();
    if (expiresAtMillis != 0 && Value.expired(expiresAtMillis, view.nowMillis())) {
      return null;
    }
    return new Value(
        found.valueArray(),
        found.valueOffset(),
        found.valueLength(),
        found.version(),
        expiresAtMillis);
  }
}
