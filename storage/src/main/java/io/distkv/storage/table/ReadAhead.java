package io.distkv.storage.table;

import java.io.IOException;

/**
 * Reads blocks of one table in rising order out of large pieces of the file. For compaction: few
 * large reads, past the cache. Not thread-safe.
 */
final class ReadAhead implements BlockSource {
  private static final int PIECE_BYTES = 512 * 1024;

  private final TableFile file;
  private final byte[] piece;
  private long pieceStart;
  private int pieceLength;

  ReadAhead(TableFile file) {
    this.file = file;
    this.piece = new byte[(int) Math.min(PIECE_BYTES, file.bytes())];
  }

  @Override
  public StoredBlock.Raw read(long offset, int length, StoredBlock.Type type) throws IOException {
    file.requireInside(offset, length, type);
    int stored = length + StoredBlock.TRAILER_BYTES;
    if (stored > piece.length) {
      return file.read(offset, length, type);
    }
    if (offset < pieceStart || offset + stored > pieceStart + pieceLength) {
      pieceLength = 0;
      int wanted = (int) Math.min(piece.length, file.bytes() - offset);
      file.readFully(piece, wanted, offset);
      pieceStart = offset;
      pieceLength = wanted;
    }
    return StoredBlock.open(
        piece, (int) (offset - pieceStart), length, false, type, file.path(), offset);
  }
}
