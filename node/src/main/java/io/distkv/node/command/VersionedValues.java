package io.distkv.node.command;

import org.jspecify.annotations.Nullable;

/** How commands that tell versions answer with what a key has: value, version, life left. */
final class VersionedValues {
  /** The life left of a value that never ends. */
  private static final Reply FOR_EVER = Reply.of(-1);

  private VersionedValues() {}

  /** Null for a key that is not there. */
  static Reply reply(@Nullable Value value, View view) {
    return value == null
        ? Reply.NULL
        : Reply.array(value.reply(), Versions.reply(value.version()), lifeLeft(value, view));
  }

  /** The milliseconds that are left of a value's life, -1 if it never ends. */
  static Reply lifeLeft(Value value, View view) {
    long end = value.expiresAtMillis();
    return end == 0 ? FOR_EVER : Reply.of(end - view.nowMillis());
  }
}
