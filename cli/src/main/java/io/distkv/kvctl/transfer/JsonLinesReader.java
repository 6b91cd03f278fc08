package io.distkv.kvctl.transfer;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** JSONL: each line is a piece. */
final class JsonLinesReader implements PieceReader {
  private final InputBytes in;
  private final JsonLineParser parser = new JsonLineParser();

  JsonLinesReader(InputBytes in) {
    this.in = in;
  }

  @Override
  public @Nullable Piece next() throws IOException {
    if (in.peek() == InputBytes.END) {
      return null;
    }
    long line = in.line();
    in.mark();
    in.readLine();
    byte[] raw = in.marked();
    if (in.sinceMark() > raw.length) {
      return new Piece(line, 1, in.offset(), raw, null, Pieces.tooLong());
    }
    byte[] text = Arrays.copyOf(raw, Pieces.lengthWithoutEnd(raw));
    if (Pieces.isBlank(text)) {
      return new Piece(line, 1, in.offset(), raw, null, null);
    }
    try {
      return new Piece(line, 1, in.offset(), raw, parser.parse(text), null);
    } catch (BadRecordException e) {
      return new Piece(line, 1, in.offset(), raw, null, e.reason());
    }
  }

  @Override
  public byte[] heading() {
    return new byte[0];
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
