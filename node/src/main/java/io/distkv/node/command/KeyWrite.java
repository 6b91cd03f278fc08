package io.distkv.node.command;

import org.jspecify.annotations.Nullable;

/**
 * A change of one key under a condition, which answers with the version that it made; alone or as
 * one of a batch.
 */
sealed interface KeyWrite extends Prepared.Writing {

  /**
   * Sets a key. Answers version and previous value.
   *
   * @param expiry null for a value that never ends
   * @param keepExpiry whether the value lives as long as the one before it would have
   * @param returnPrevious whether the answer has what the key had; else null stands there
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Put(
      byte[] key,
      byte[] value,
      VersionCondition condition,
      @Nullable Expiry expiry,
      boolean keepExpiry,
      boolean returnPrevious)
      implements KeyWrite {

    /** Whether it must look at the key at all. */
    boolean readsKey() {
      return keepExpiry || returnPrevious || condition.kind() != VersionCondition.Kind.NONE;
    }

    @Override
    public Reply run(Store store) {
      Value old = readsKey() ? store.get(key) : null;
      condition.check(old);
      if (expiry != null) {
        Writes.putUntil(store, key, value, expiry.atMillis(store.nowMillis()));
      } else if (keepExpiry) {
        Writes.replace(store, key, old, value);
      } else {
        store.put(key, value, 0);
      }
      return Reply.array(Versions.reply(store.version()), previous(returnPrevious, old, store));
    }
  }

  /** Removes a key. Answers version, null if there was nothing to remove, and previous value. */
  @SuppressWarnings("ArrayRecordComponent")
  record Delete(byte[] key, VersionCondition condition, boolean returnPrevious)
      implements KeyWrite {
    @Override
    public Reply run(Store store) {
      Value old = store.get(key);
      condition.check(old);
      if (old == null) {
        return Reply.array(Reply.NULL, Reply.NULL);
      }
      store.delete(key);
      return Reply.array(Versions.reply(store.version()), previous(returnPrevious, old, store));
    }
  }

  /**
   * Adds to the whole number that a key holds, which keeps its expiry. Answers number and version.
   *
   * @param initial what an absent key counts as
   * @param expiry of the number, if the key was absent; null if it never ends
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Increment(byte[] key, long by, long initial, @Nullable Expiry expiry) implements KeyWrite {
    @Override
    public Reply run(Store store) {
      Value old = store.get(key);
      long after = NumberCommands.sum(old == null ? initial : NumberCommands.number(old), by);
      byte[] value = Bytes.ascii(Long.toString(after));
      if (old == null && expiry != null) {
        Writes.putUntil(store, key, value, expiry.atMillis(store.nowMillis()));
      } else {
        Writes.replace(store, key, old, value);
      }
      return Reply.array(Reply.of(after), Versions.reply(store.version()));
    }
  }

  private static Reply previous(boolean wanted, @Nullable Value old, View view) {
    return wanted ? VersionedValues.reply(old, view) : Reply.NULL;
  }
}
