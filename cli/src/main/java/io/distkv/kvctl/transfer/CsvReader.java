package io.distkv.kvctl.transfer;

import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CSV of RFC 4180, byte for byte: fields may be quoted, a quoted field may hold delimiters, line
 * ends and doubled quotes, and nothing is decoded, so that any bytes survive. Records end with LF
 * or CR LF.
 *
 * <p>A malformed record ends with the line on which the damage shows; reading goes on behind it.
 */
final class CsvReader implements PieceReader {
  /** An empty field costs more memory than its byte in the file. */
  private static final int MAX_FIELDS = 100_000;

  private final InputBytes in;
  private final int delimiter;
  private final CsvColumns columns;
  private final byte[] heading;

  /**
   * A reader at the beginning of an input.
   *
   * @param given the columns, or null to learn them from the header
   * @param header whether the first record is a header
   */
  CsvReader(InputBytes in, char delimiter, @Nullable CsvColumns given, boolean header)
      throws IOException {
    this.in = in;
    this.delimiter = delimiter;
    CsvColumns learned = given == null ? CsvColumns.DEFAULT : given;
    byte[] headerBytes = {};
    if (header && in.peek() != InputBytes.END) {
      in.mark();
      try {
        List<byte[]> fields = readRecord();
        headerBytes = in.marked();
        learned = given == null ? CsvColumns.of(CsvColumns.titles(fields)) : given;
      } catch (BadRecordException e) {
        throw new Failure(
            ExitCode.USAGE, "the first line is no header (--no-header?): " + e.reason(), e);
      }
    }
    this.columns = learned;
    this.heading = headerBytes;
  }

  @Override
  public @Nullable Piece next() throws IOException {
    if (in.peek() == InputBytes.END) {
      return null;
    }
    long line = in.line();
    in.mark();
    Entry entry = null;
    String problem = null;
    try {
      List<byte[]> fields = readRecord();
      boolean blank = fields.size() == 1 && fields.getFirst().length == 0;
      entry = blank ? null : columns.entry(fields);
    } catch (BadRecordException e) {
      problem = e.reason();
    }
    byte[] raw = in.marked();
    // At the end of an input whose last line has no end, the line counter has not moved on.
    boolean ended = raw.length > 0 && raw[raw.length - 1] == '\n';
    long lines = Math.max(1, in.line() - line + (ended ? 0 : 1));
    return new Piece(line, lines, in.offset(), raw, entry, problem);
  }

  private List<byte[]> readRecord() throws IOException, BadRecordException {
    List<byte[]> fields = new ArrayList<>();
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    while (true) {
      int b = in.read();
      if (b == '"' && field.size() == 0) {
        b = readQuoted(field);
      } else {
        b = readPlain(b, field);
      }
      fields.add(field.toByteArray());
      field.reset();
      if (b != delimiter) {
        return fields;
      }
      if (fields.size() == MAX_FIELDS) {
        throw damaged("more than " + MAX_FIELDS + " fields");
      }
    }
  }

  /** Reads an unquoted field whose first byte is given; answers what ended it. */
  private int readPlain(int first, ByteArrayOutputStream field)
      throws IOException, BadRecordException {
    int b = first;
    while (b != delimiter && !isRecordEnd(b)) {
      if (b == '"') {
        throw damaged("a quote inside a field that does not begin with one");
      }
      field.write(b);
      checkLength();
      b = in.read();
    }
    return b;
  }

  /** Reads the rest of a quoted field; answers what ended it. */
  private int readQuoted(ByteArrayOutputStream field) throws IOException, BadRecordException {
    long opened = in.line();
    while (true) {
      int b = in.read();
      if (b == InputBytes.END) {
        throw new BadRecordException("the quote opened on line " + opened + " is never closed");
      }
      if (b != '"') {
        field.write(b);
        checkLength();
        continue;
      }
      int next = in.read();
      if (next == '"') {
        field.write('"');
      } else if (next == delimiter || isRecordEnd(next)) {
        return next;
      } else {
        throw damaged("text after a closing quote");
      }
    }
  }

  private boolean isRecordEnd(int b) throws IOException {
    if (b == '\r' && in.peek() == '\n') {
      in.read();
      return true;
    }
    return b == '\n' || b == InputBytes.END;
  }

  private void checkLength() throws IOException, BadRecordException {
    if (in.sinceMark() > InputBytes.MAX_PIECE_BYTES) {
      throw damaged(Pieces.tooLong());
    }
  }

  private BadRecordException damaged(String reason) throws IOException {
    in.readLine();
    return new BadRecordException(reason);
  }

  @Override
  public byte[] heading() {
    return heading.clone();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
