package io.distkv.node.replica;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import io.distkv.raft.MembershipFormat;
import io.distkv.raft.Message;
import io.distkv.raft.PartialSnapshot;
import io.distkv.raft.Position;
import io.distkv.raft.SnapshotInfo;

/**
 * Which sending of which snapshot the pieces of an import are of, as it is stored with them: format
 * version (1), term and index of the snapshot's last entry, term and number of the sending
 * (varlongs), membership (the rest).
 */
record SnapshotOrigin(SnapshotInfo snapshot, long term, long sending) {
  private static final int VERSION = 1;

  static SnapshotOrigin of(Message.SnapshotPiece piece) {
    return new SnapshotOrigin(piece.snapshot(), piece.term(), piece.sending());
  }

  /** What there is of it, with so many bytes durable. */
  PartialSnapshot partial(long sizeBytes) {
    return new PartialSnapshot(snapshot, term, sending, sizeBytes);
  }

  byte[] encode() {
    byte[] members = MembershipFormat.encode(snapshot.membership());
    return new ByteWriter(41 + members.length)
        .putByte(VERSION)
        .putVarLong(snapshot.last().term())
        .putVarLong(snapshot.last().index())
        .putVarLong(term)
        .putVarLong(sending)
        .putBytes(members)
        .toByteArray();
  }

  /**
   * The origin that was encoded.
   *
   * @throws MalformedBytesException if these bytes are none
   */
  static SnapshotOrigin decode(byte[] bytes) {
    ByteReader reader = new ByteReader(bytes);
    int version = reader.getByte();
    if (version != VERSION) {
      throw new MalformedBytesException("an origin of a snapshot of version " + version);
    }
    Position last = new Position(reader.getVarLong(), reader.getVarLong());
    long term = reader.getVarLong();
    long sending = reader.getVarLong();
    byte[] members = reader.getBytes(reader.remaining());
    return new SnapshotOrigin(
        new SnapshotInfo(last, MembershipFormat.decode(members)), term, sending);
  }
}
