package io.distkv.node.command;

import org.jspecify.annotations.Nullable;

/** The two ways to write a value whose expiry is not simply new. */
final class Writes {
  private Writes() {}

  /** Sets a key until a time; a time that is not ahead removes it at once. */
  static void putUntil(Store store, byte[] key, byte[] value, long expiresAtMillis) {
    if (expiresAtMillis <= store.nowMillis()) {
      store.delete(key);
    } else {
      store.put(key, value, expiresAtMillis);
    }
  }

  /** Changes a key's value and leaves the expiry it had. */
  static void replace(Store store, byte[] key, @Nullable Value old, byte[] value) {
    store.put(key, value, old == null ? 0 : old.expiresAtMillis());
  }
}
