package io.distkv.node.replica;

import io.distkv.node.keyspace.Durability;
import io.distkv.raft.Effect;
import io.distkv.raft.Entry;
import io.distkv.raft.HardState;
import io.distkv.raft.Raft;
import io.distkv.storage.journal.RecordKind;

/**
 * What the lane's journal keeps of a replica's part in its group: entries, cuts, and the hard state
 * with an index that is committed.
 *
 * <p>Invariant: where a hard state says that an index is committed, the entries up to there stand
 * before it, and none that another takes the place of: a start applies them when it reads that. So
 * it is not the newest that the core knows, whose entries may be about to be appended, but the one
 * of which the core has told its owner, which comes after them.
 *
 * <p>Used on the replica's lane only.
 */
final class RaftRecords {
  private static final byte[] NO_BYTES = {};

  /** After so many committed bytes the journal is told how far, so that a start applies at once. */
  private static final long TELL_COMMITTED_BYTES = 8L * 1024 * 1024;

  private final JournalLog log;
  private final ReplicaIdentity identity;
  private Durability durability;
  private HardState hardState = HardState.NONE;
  private long incarnation;
  private long lastPosition;
  private long untoldCommittedBytes;

  /** The last index that the core has told to be committed. */
  private long committedIndex;

  RaftRecords(JournalLog log, ReplicaIdentity identity) {
    this.log = log;
    this.identity = identity;
    durability = identity.keyspace().options().durability();
  }

  /**
   * After the replay.
   *
   * @param durableState as the journal has it; {@link HardState#NONE} if it has none
   * @param newIncarnation of the replica
   * @param committed index that is known to be, with all entries up to it applied or in the journal
   */
  void start(HardState durableState, long newIncarnation, long committed) {
    hardState = durableState;
    incarnation = newIncarnation;
    committedIndex = committed;
  }

  /** Entries are appended so durably from here on. */
  void altered(Durability newDurability) {
    durability = newDurability;
  }

  /** The journal's position behind all that was appended. */
  long lastPosition() {
    return lastPosition;
  }

  /** Appends what is to be durable. */
  void write(Effect.Persist persist) {
    HardState changed = persist.hardState();
    if (changed != null) {
      hardState = changed;
      writeHardState();
    }
    if (persist.cuts()) {
      append(RecordKind.TRUNCATE, 0, persist.cutAfter() + 1, NO_BYTES, durability);
    }
    for (Entry entry : persist.entries()) {
      append(entry, durability);
    }
  }

  /**
   * Appends the hard state, anew if it is there: its old place can be given up. A server that has
   * always been alone has none.
   */
  void writeHardState() {
    if (!hardState.equals(HardState.NONE)) {
      untoldCommittedBytes = 0;
      byte[] payload = LogFormat.encode(new LogFormat.KeptState(hardState, committedIndex));
      append(RecordKind.HARD_STATE, hardState.term(), 0, payload, Durability.COMMIT);
    }
  }

  /** Appends anew all entries that are not applied, and lets go of the places of all others. */
  void writeEntriesAgain(Raft raft, long appliedIndex) {
    log.journal()
        .appendAgain(
            identity.id(),
            () -> {
              long last = raft.last().index();
              for (long index = appliedIndex + 1; index <= last; index++) {
                append(raft.entry(index), Durability.COMMIT);
              }
            });
  }

  /**
   * A snapshot has replaced the log: what was kept of it is void, and another one begins.
   *
   * @param committed index of the snapshot's last entry
   */
  void renew(long committed) {
    incarnation++;
    committedIndex = committed;
    writeHardState();
  }

  /** More is committed, so that a start need not hold much of the log that it could apply. */
  void committed(Raft raft, long index) {
    if (!hardState.equals(HardState.NONE)) {
      for (long each = committedIndex + 1; each <= index; each++) {
        untoldCommittedBytes += raft.entry(each).payload().length;
      }
    }
    committedIndex = index;
    if (untoldCommittedBytes >= TELL_COMMITTED_BYTES) {
      writeHardState();
    }
  }

  private void append(Entry entry, Durability needed) {
    append(RecordKind.ENTRY, entry.term(), entry.index(), LogFormat.payload(entry), needed);
  }

  private void append(RecordKind kind, long term, long index, byte[] payload, Durability needed) {
    lastPosition = log.append(identity.id(), incarnation, kind, term, index, payload, needed);
  }
}
