package io.distkv.kvctl.transfer;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A buffered input that knows its offset and line, and keeps what was read since {@link #mark}.
 *
 * <p>Line ends are LF; a CR before one is the business of the format.
 */
final class InputBytes implements Closeable {
  static final int END = -1;

  /** More than the largest value needs, written with six characters for each byte. */
  static final int MAX_PIECE_BYTES = 120 << 20;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 18];
  private int position;
  private int limit;
  private long offsetOfBuffer;
  private long line = 1;
  private ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private int keptFrom;

  /** How many bytes since the mark were over the bound, and so not kept. */
  private long dropped;

  InputBytes(InputStream in) throws IOException {
    this.in = in;
    skipByteOrderMark();
  }

  private void skipByteOrderMark() throws IOException {
    while (limit < BYTE_ORDER_MARK.length) {
      int count = in.read(buffer, limit, buffer.length - limit);
      if (count < 0) {
        break;
      }
      limit += count;
    }
    boolean marked = limit >= BYTE_ORDER_MARK.length;
    for (int i = 0; marked && i < BYTE_ORDER_MARK.length; i++) {
      marked = buffer[i] == BYTE_ORDER_MARK[i];
    }
    position = marked ? BYTE_ORDER_MARK.length : 0;
    mark();
  }

  /** The number of the line that the next byte is on. */
  long line() {
    return line;
  }

  /** The offset of the next byte. */
  long offset() {
    return offsetOfBuffer + position;
  }

  /** Goes forward to an offset that lies on a piece's border, where the given line begins. */
  void skipTo(long target, long lineThere) throws IOException {
    while (offsetOfBuffer + limit < target) {
      if (!fill()) {
        throw new EOFException("the input ends before offset " + target);
      }
    }
    position = (int) (target - offsetOfBuffer);
    line = lineThere;
    mark();
  }

  /** The next byte, 0 to 255, or {@link #END}. */
  int read() throws IOException {
    if (position == limit && !fill()) {
      return END;
    }
    int next = buffer[position++] & 0xff;
    if (next == '\n') {
      line++;
    }
    return next;
  }

  /** The next byte without taking it, or {@link #END}. */
  int peek() throws IOException {
    return position == limit && !fill() ? END : buffer[position] & 0xff;
  }

  /** Takes all up to and including the next line end, or to the end of the input. */
  void readLine() throws IOException {
    while (position < limit || fill()) {
      int i = position;
      while (i < limit && buffer[i] != '\n') {
        i++;
      }
      boolean found = i < limit;
      position = found ? i + 1 : i;
      if (found) {
        line++;
        return;
      }
    }
  }

  /** Begins to keep what is read. */
  void mark() {
    if (kept.size() > 0) {
      // Not reset: that would hold on to the memory of the largest piece.
      kept = new ByteArrayOutputStream();
    }
    keptFrom = position;
    dropped = 0;
  }

  /** How many bytes were read since the mark. */
  long sinceMark() {
    return (long) kept.size() + dropped + position - keptFrom;
  }

  /** The bytes read since the mark; at most {@link #MAX_PIECE_BYTES} of them. */
  byte[] marked() {
    int room = (int) Math.min(position - keptFrom, MAX_PIECE_BYTES - (long) kept.size());
    if (kept.size() == 0) {
      return Arrays.copyOfRange(buffer, keptFrom, keptFrom + room);
    }
    kept.write(buffer, keptFrom, room);
    keptFrom += room;
    return kept.toByteArray();
  }

  private boolean fill() throws IOException {
    int length = position - keptFrom;
    int room = Math.min(length, MAX_PIECE_BYTES - kept.size());
    kept.write(buffer, keptFrom, room);
    dropped += length - room;
    offsetOfBuffer += limit;
    position = 0;
    limit = 0;
    keptFrom = 0;
    int count = in.read(buffer, 0, buffer.length);
    limit = Math.max(count, 0);
    return count > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
