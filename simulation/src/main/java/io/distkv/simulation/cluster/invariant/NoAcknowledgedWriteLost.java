package io.distkv.simulation.cluster.invariant;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whoever would serve a read has applied every write that was acknowledged, and holds what it wrote
 * or something later.
 *
 * <p>When a client is told that its write is done, the replica that did it is looked at: how far it
 * has applied the log, and what it holds of the key. Nobody who serves reads may be behind that any
 * more, and since versions rise along the log, whoever is not has the same version of the key or a
 * later one; the key may be absent only where a deletion was asked for that has not certainly
 * failed.
 *
 * <p>To look at all keys at each event would take longer than all else: it is done when a replica
 * has come to serve, in a new life of its node or a new term, since what is lost is lost by then;
 * and one key in turn at every other change.
 */
public final class NoAcknowledgedWriteLost implements Invariant {
  private final SortedMap<Long, SortedMap<String, Key>> groups = new TreeMap<>();
  private final Map<ReplicaId, Reign> reigns = new TreeMap<>();
  private final Map<Integer, Key> deletions = new HashMap<>();
  private long turn;

  /** What is known of a key: what the last acknowledgement has shown of it. */
  private static final class Key {
    /** How far the log was applied then. */
    private long index;

    /** The version that it had then, or when it was seen last. */
    private long version;

    /** Whether it may have had none then. */
    private boolean mayBeAbsent = true;

    /** Whether it may have had that very version then. */
    private boolean mayBeThis;

    /** Deletions that may take effect yet, or have without anybody knowing. */
    private int openDeletions;
  }

  /** Since when a replica serves reads. */
  private record Reign(int life, long term) {}

  /**
   * A deletion was asked for, and may take effect from here on.
   *
   * @param process of the client that asked, which asks nothing else meanwhile
   */
  public void deletionBegins(int process, long group, String key) {
    Key deleted = key(group, key);
    deleted.openDeletions++;
    deletions.put(process, deleted);
  }

  /** What a client asked for has certainly ended, done or not. */
  public void ended(int process) {
    Key deleted = deletions.remove(process);
    if (deleted != null) {
      deleted.openDeletions--;
    }
  }

  /**
   * A client was told that its write is done.
   *
   * @param index up to which the replica that did it has applied the log now
   * @param version that it has of the key; 0 if it has none
   */
  public void acknowledged(long group, String key, long index, long version) {
    Key written = key(group, key);
    if (index >= written.index) {
      written.index = index;
      written.mayBeAbsent = version == 0;
      written.mayBeThis = version != 0;
      written.version = Math.max(written.version, version);
    }
  }

  /**
   * A client was told that its write is done, and nobody can look at what came of it.
   *
   * @param index up to which the replica that did it has applied the log now
   */
  public void acknowledgedUnseen(long group, String key, long index) {
    Key written = key(group, key);
    if (index >= written.index) {
      written.index = index;
      written.mayBeAbsent = true;
      written.mayBeThis = true;
    }
  }

  private Key key(long group, String key) {
    return groups.computeIfAbsent(group, _ -> new TreeMap<>()).computeIfAbsent(key, _ -> new Key());
  }

  @Override
  public void check(Look look) {
    SortedMap<String, Key> keys = groups.get(look.group());
    if (keys == null
        || !look.servesReads()
        || look.appliedIndex() < look.committed()
        || !look.content().isReadable()) {
      return;
    }
    Reign reign = new Reign(look.life(), look.term());
    if (!reign.equals(reigns.put(ReplicaId.of(look), reign))) {
      keys.forEach((name, key) -> check(look, name, key));
    } else {
      Map.Entry<String, Key> next = List.copyOf(keys.entrySet()).get((int) (turn % keys.size()));
      turn++;
      check(look, next.getKey(), next.getValue());
    }
  }

  private void check(Look look, String name, Key key) {
    if (look.appliedIndex() < key.index) {
      throw violated(
          look,
          "applied up to %d, and a write of %s was acknowledged at %d"
              .formatted(look.appliedIndex(), name, key.index));
    }
    long version = look.content().versionOf(name);
    if (version == 0 && !key.mayBeAbsent && key.openDeletions == 0) {
      throw violated(look, name + " is gone, and was acknowledged @" + key.version);
    }
    if (version != 0 && (key.mayBeThis ? version < key.version : version <= key.version)) {
      String then = key.mayBeThis ? "acknowledged" : "deleted after";
      throw violated(look, "%s is @%d, and was %s @%d".formatted(name, version, then, key.version));
    }
  }
}
