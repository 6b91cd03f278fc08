package io.distkv.raft;

/**
 * How much of a snapshot has come. A snapshot of the same place may have other bytes when it is
 * sent once more, by another leader or by the same: only pieces of one sending belong together. A
 * leader leads a term once, and numbers what it sends in it; so term and number name a sending,
 * also after crashes.
 *
 * @param snapshot what it is of
 * @param term of the leader that sends it
 * @param sending its number among those of the term
 * @param sizeBytes from the beginning on that are durable
 */
public record PartialSnapshot(SnapshotInfo snapshot, long term, long sending, long sizeBytes) {

  /** What there is once a piece is durable, of whose sending all before it is. */
  public static PartialSnapshot upTo(Message.SnapshotPiece piece) {
    return of(piece, piece.offset() + piece.bytes().length);
  }

  /** Nothing yet of the sending that a piece is of. */
  static PartialSnapshot before(Message.SnapshotPiece first) {
    return of(first, 0);
  }

  private static PartialSnapshot of(Message.SnapshotPiece piece, long sizeBytes) {
    return new PartialSnapshot(piece.snapshot(), piece.term(), piece.sending(), sizeBytes);
  }

  /** Whether a piece is of the same sending. */
  boolean isOf(Message.SnapshotPiece piece) {
    return term == piece.term()
        && sending == piece.sending()
        && snapshot.last().equals(piece.snapshot().last());
  }
}
