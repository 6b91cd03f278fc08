package io.distkv.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a group wants done. The owner carries effects out in the order in which it is given them;
 * what takes time it begins in that order, and tells the group when it is done.
 */
public sealed interface Effect {

  /** A message to send now. It may be lost. */
  record Send(Message message) implements Effect {}

  /**
   * Something to make durable, and then to report by {@link Raft#persisted}. Only that gives out
   * the messages that say it is durable: there is no way to send them before.
   */
  final class Persist implements Effect {
    private final long cutAfter;
    private final List<Entry> entries;
    private final @Nullable HardState hardState;
    private final Position last;
    private final List<Message> then;

    Persist(
        long cutAfter,
        List<Entry> entries,
        @Nullable HardState hardState,
        Position last,
        List<Message> then) {
      this.cutAfter = cutAfter;
      this.entries = entries;
      this.hardState = hardState;
      this.last = last;
      this.then = then;
    }

    /** Whether entries that were made durable before are void. */
    public boolean cuts() {
      return cutAfter >= 0;
    }

    /** The index after which all earlier entries are void, if it {@link #cuts}; comes first. */
    public long cutAfter() {
      return cutAfter;
    }

    /** Entries to append, by rising index; often none. */
    public List<Entry> entries() {
      return entries;
    }

    /** What replaces the hard state; null if it stays. */
    public @Nullable HardState hardState() {
      return hardState;
    }

    /** The end of the log once this is durable. */
    Position last() {
      return last;
    }

    List<Message> then() {
      return then;
    }
  }

  /**
   * Entries are committed: they can be applied, in order, and never change. The owner reports by
   * {@link Raft#applied} how far it has come.
   *
   * @param index of the last one; those before it that were not applied yet are meant too
   */
  record Committed(long index) implements Effect {}

  /**
   * A read may be served as soon as the state has applied an index.
   *
   * @param read as the owner called it
   */
  record ReadReady(long read, long index) implements Effect {}

  /**
   * A read cannot be served here now: there is no leader, or this server lost contact.
   *
   * @param read as the owner called it
   */
  record ReadRefused(long read) implements Effect {}

  /**
   * The server's part has changed, or its leader, or the term.
   *
   * @param leader id of the leader of the term; 0 if it is not known
   */
  record RoleChanged(Role role, long term, long leader) implements Effect {}

  /** The membership that holds from now on; also told when it falls back to an earlier one. */
  record MembershipChanged(Membership membership) implements Effect {}

  /**
   * A follower needs entries that are gone: a snapshot of the state is to be held ready until
   * {@link CloseSnapshot}, and announced by {@link Raft#snapshotOpened}.
   *
   * @param to id of the follower
   */
  record OpenSnapshot(long to) implements Effect {}

  /**
   * A piece of the opened snapshot is to be read, and passed to {@link Raft#pieceRead}.
   *
   * @param to id of the follower
   * @param offset of its first byte; at the snapshot's end, the piece is empty and the last
   */
  record ReadPiece(long to, long offset) implements Effect {}

  /** The snapshot that was opened for a follower is not needed any more. */
  record CloseSnapshot(long to) implements Effect {}

  /**
   * A piece of a snapshot has come, and is to be made durable; then {@link Raft#pieceWritten}. A
   * piece at offset 0 begins a snapshot anew and voids any other that was not installed. So does a
   * commit up to the snapshot's last entry: the log has brought what the snapshot was to bring.
   * What is not void when the server starts again, {@link Restored#partial} tells.
   */
  record WritePiece(Message.SnapshotPiece piece) implements Effect {}

  /**
   * All pieces are durable: once what was given out before is durable too, the state and the log
   * are to be replaced by the snapshot, at once and for good; then {@link Raft#installed}.
   */
  record InstallSnapshot(SnapshotInfo snapshot) implements Effect {}
}
