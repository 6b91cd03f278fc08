package io.distkv.raft;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a follower whose entries are gone gets the leader's state instead (Raft paper, section 7).
 *
 * <p>The leader has a snapshot opened, reads it piece by piece and sends each when the one before
 * is durable on the follower; the follower's answer always says which piece it wants next, so that
 * one that was lost costs no more than that piece. A follower that starts again goes on where its
 * disk stopped, if the leader still sends what it has a part of ({@link PartialSnapshot}). The
 * snapshot carries the membership; what else the state holds, the sessions of clients among it, is
 * in it like any other state.
 *
 * <p>Invariants: a snapshot never takes away an entry that its log has behind the snapshot's last
 * (figure 13, rule 6): the leader may count on them, whether or not the follower knows that they
 * are committed. So a log that has the snapshot's last entry is kept as it is, however late it got
 * it; that is looked at when a piece comes, and once more before the last one is acted on. From
 * then on nothing can change it: entries from the leader are passed over until the snapshot is
 * installed, and this server cannot lead, since its log lacks a committed entry. Writes of entries
 * that were given out before may still be confirmed; those entries stand before the snapshot's
 * last, or are of a leader whose term is over. A snapshot is installed as a whole or not at all.
 *
 * <p>Rejected: several pieces on their way. Pieces are large, and the disk on the other side is
 * what takes the time.
 */
final class Snapshots {
  private final Server server;
  private final Replication replication;
  private final SortedMap<Long, Outgoing> outgoing = new TreeMap<>();
  private long sendings;
  private @Nullable PartialSnapshot incoming;
  private boolean writing;
  private boolean installing;

  /** A snapshot on its way to a follower. */
  private static final class Outgoing {
    private final SnapshotInfo snapshot;
    private final long sending;
    private long offset;
    private boolean reading;
    private long sentNanos;

    Outgoing(SnapshotInfo snapshot, long sending) {
      this.snapshot = snapshot;
      this.sending = sending;
    }
  }

  /**
   * @param partial what the disk holds of a snapshot that was coming in; null if nothing
   */
  Snapshots(Server server, Replication replication, @Nullable PartialSnapshot partial) {
    this.server = server;
    this.replication = replication;
    this.incoming = partial;
  }

  /** The snapshot that was asked for is ready to be read. */
  void opened(long to, SnapshotInfo snapshot) {
    Progress progress = server.leads() ? replication.progress(to) : null;
    if (progress == null || progress.state() != Progress.State.SNAPSHOT) {
      server.add(new Effect.CloseSnapshot(to));
      return;
    }
    progress.snapshot(snapshot.last().index());
    sendings++;
    Outgoing begun = new Outgoing(snapshot, sendings);
    outgoing.put(to, begun);
    read(to, begun);
  }

  /**
   * The snapshot that was asked for cannot be had now: another try follows when the follower shows
   * that it is still there. At once would be again and again in one turn.
   */
  void notOpened(long to) {
    Progress progress = server.leads() ? replication.progress(to) : null;
    if (progress != null && progress.state() == Progress.State.SNAPSHOT) {
      progress.probeLater(replication.round());
    }
  }

  private void read(long to, Outgoing from) {
    from.reading = true;
    server.add(new Effect.ReadPiece(to, from.offset));
  }

  /** A piece was read. */
  void pieceRead(long to, long offset, byte[] bytes, boolean last) {
    Outgoing from = outgoing.get(to);
    if (from == null || !from.reading || from.offset != offset) {
      return;
    }
    from.reading = false;
    from.sentNanos = server.now();
    server.send(
        new Message.SnapshotPiece(
            server.id(),
            to,
            server.term(),
            from.snapshot,
            from.sending,
            offset,
            bytes,
            last,
            replication.round()));
  }

  /** A follower tells what it has. */
  void answered(Message.SnapshotReply reply) {
    Progress progress = replication.progress(reply.from());
    Outgoing to = outgoing.get(reply.from());
    if (progress == null) {
      return;
    }
    progress.heard(server.now(), reply.round());
    if (to == null || reply.index() != to.snapshot.last().index()) {
      return;
    }
    if (reply.installed()) {
      end(reply.from());
      progress.agreed(reply.index());
    } else if (!to.reading && reply.sending() == to.sending) {
      to.offset = reply.nextOffset();
      read(reply.from(), to);
    }
  }

  /** Sends again what got no answer. */
  void tick() {
    endUnneeded();
    outgoing.forEach((id, to) -> {
      if (!to.reading && server.now() - to.sentNanos >= server.options().electionTimeoutNanos()) {
        read(id, to);
      }
    });
  }

  /**
   * Ends what nobody needs, which must come before another is asked for: an answer that ends the
   * old one would end the new.
   */
  void endUnneeded() {
    if (outgoing.isEmpty()) {
      return;
    }
    for (long id : List.copyOf(outgoing.keySet())) {
      Progress progress = replication.progress(id);
      if (progress == null || progress.state() != Progress.State.SNAPSHOT) {
        end(id);
      }
    }
  }

  private void end(long to) {
    if (outgoing.remove(to) != null) {
      server.add(new Effect.CloseSnapshot(to));
    }
  }

  /** This server does not lead any more. */
  void endAll() {
    outgoing.keySet().stream().toList().forEach(this::end);
  }

  /** A piece from the leader of this term. */
  void piece(Message.SnapshotPiece piece) {
    if (isHere(piece)) {
      return;
    }
    if (writing || installing) {
      return;
    }
    PartialSnapshot known = incoming;
    PartialSnapshot present =
        known != null && known.isOf(piece) ? known : PartialSnapshot.before(piece);
    incoming = present;
    if (piece.offset() != present.sizeBytes()) {
      server.send(reply(piece, present.sizeBytes(), false));
      return;
    }
    writing = true;
    server.add(new Effect.WritePiece(piece));
  }

  /**
   * Whether all that a snapshot holds is here already, in the same order; if so, the leader is told
   * when it is durable. What is in a snapshot is committed.
   */
  private boolean isHere(Message.SnapshotPiece piece) {
    Position last = piece.snapshot().last();
    boolean here = last.index() <= server.committed() || server.log().has(last);
    if (here) {
      server.commitUpTo(last.index());
      if (piece.term() == server.term()) {
        server.sendAfterPersist(reply(piece, 0, true));
      }
    }
    return here;
  }

  /** A piece is durable. */
  void pieceWritten(Message.SnapshotPiece piece) {
    writing = false;
    if (isHere(piece)) {
      return;
    }
    PartialSnapshot present = PartialSnapshot.upTo(piece);
    incoming = present;
    if (piece.last()) {
      installing = true;
      server.add(new Effect.InstallSnapshot(piece.snapshot()));
    } else if (piece.term() == server.term()) {
      server.send(reply(piece, present.sizeBytes(), false));
    }
  }

  /**
   * A piece cannot be used, nor what came before it. The leader, which gets no answer, sends it
   * again after a while, and is told then to begin anew.
   */
  void pieceNotWritten(Message.SnapshotPiece piece) {
    writing = false;
    if (incoming != null && incoming.isOf(piece)) {
      incoming = null;
    }
  }

  /** State and log have been replaced. */
  void installed(SnapshotInfo snapshot) {
    installing = false;
    incoming = null;
    server.restart(snapshot);
    long leader = server.leader();
    if (leader != 0 && leader != server.id()) {
      server.send(
          new Message.SnapshotReply(
              server.id(), leader, server.term(), snapshot.last().index(), 0, 0, true, 0));
    }
  }

  /** Whether a snapshot is taking the place of state and log, so that nothing else may. */
  boolean isInstalling() {
    return installing;
  }

  private Message.SnapshotReply reply(
      Message.SnapshotPiece to, long nextOffset, boolean installed) {
    return new Message.SnapshotReply(
        server.id(),
        to.from(),
        server.term(),
        to.snapshot().last().index(),
        to.sending(),
        nextOffset,
        installed,
        to.round());
  }
}
