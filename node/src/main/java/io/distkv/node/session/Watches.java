package io.distkv.node.session;

import io.distkv.node.replica.Condition;
import io.distkv.node.replica.FetchCall;
import io.distkv.node.replica.Keyspace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that a session watches and the versions they had when it began to. Forgotten as a whole:
 * a version that is still on its way for forgotten watches changes nothing.
 */
final class Watches {
  private static final long UNKNOWN = -1;

  /** What a watched key takes beside its bytes. */
  private static final long KEY_BYTES = 256;

  /** Most sessions never watch a key: a map of their own is made with the first. */
  private Map<Key, Watched> watched = Map.of();

  private int pending;
  private long keyBytes;

  private record Key(int keyspace, ByteBuffer bytes) {}

  /** A key and what must hold of it. */
  record Watched(Keyspace keyspace, Condition condition) {}

  /** Whether these may be watched, too: no more than a batch may have. */
  boolean hasRoomFor(Keyspace keyspace, List<byte[]> keys, SizeLimits limits) {
    int count = watched.size();
    long bytes = keyBytes;
    for (byte[] key : keys) {
      if (!watched.containsKey(key(keyspace, key))) {
        count++;
        bytes += key.length;
      }
    }
    return count <= limits.batchOperations() && bytes <= limits.batchBytes();
  }

  /** The memory that they take. */
  long heldBytes() {
    return keyBytes + watched.size() * KEY_BYTES;
  }

  /** Begins to watch keys and gives those that were not watched; versions of these must follow. */
  List<byte[]> begin(Keyspace keyspace, List<byte[]> keys) {
    List<byte[]> begun = new ArrayList<>();
    if (watched.isEmpty()) {
      watched = new LinkedHashMap<>();
    }
    for (byte[] key : keys) {
      Watched unknown = new Watched(keyspace, new Condition(key, UNKNOWN, UNKNOWN));
      if (watched.putIfAbsent(key(keyspace, key), unknown) == null) {
        begun.add(key);
        keyBytes += key.length;
      }
    }
    if (!begun.isEmpty()) {
      pending++;
    }
    return begun;
  }

  /** The versions of keys that were begun. */
  void found(Keyspace keyspace, List<FetchCall> calls) {
    pending--;
    for (FetchCall call : calls) {
      for (int i = 0; i < call.keys().length; i++) {
        byte[] key = call.keys()[i];
        long version = Condition.versionOf(call.values()[i]);
        watched.put(
            key(keyspace, key), new Watched(keyspace, new Condition(key, version, call.asOf())));
      }
    }
  }

  /** The versions of keys that were begun cannot be had. */
  void failed(Keyspace keyspace, List<byte[]> begun) {
    pending--;
    for (byte[] key : begun) {
      watched.remove(key(keyspace, key));
      keyBytes -= key.length;
    }
  }

  /** Whether versions are on their way. */
  boolean pending() {
    return pending > 0;
  }

  int size() {
    return watched.size();
  }

  /** All of them, in the order in which they were begun. */
  Collection<Watched> all() {
    return watched.values();
  }

  private static Key key(Keyspace keyspace, byte[] bytes) {
    return new Key(keyspace.number(), ByteBuffer.wrap(bytes));
  }
}
