package io.distkv.kvctl.transfer;

/**
 * How far an import has come: all before {@code offset} is settled, and the counts say how.
 *
 * @param offset bytes of the input that are settled
 * @param lines lines that are settled
 * @param imported entries written
 * @param present entries left out because their key was there (--if-absent)
 * @param bad pieces refused, by this program or by the node
 * @param blank blank lines
 */
record Tally(long offset, long lines, long imported, long present, long bad, long blank) {
  static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0);

  /** What became of a piece. */
  enum Outcome {
    IMPORTED,
    PRESENT,
    BAD,
    BLANK
  }

  Tally with(Piece piece, Outcome outcome) {
    return new Tally(
        piece.end(),
        lines + piece.lines(),
        imported + (outcome == Outcome.IMPORTED ? 1 : 0),
        present + (outcome == Outcome.PRESENT ? 1 : 0),
        bad + (outcome == Outcome.BAD ? 1 : 0),
        blank + (outcome == Outcome.BLANK ? 1 : 0));
  }
}
