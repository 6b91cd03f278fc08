package io.distkv.kvctl.transfer;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An input file as a sequence of pieces, good and bad; every byte belongs to exactly one. */
interface PieceReader extends Closeable {
  /** The next piece, or null at the end of the input. */
  @Nullable Piece next() throws IOException;

  /** What a file of refused pieces must begin with to be an input itself; may be empty. */
  byte[] heading();
}
