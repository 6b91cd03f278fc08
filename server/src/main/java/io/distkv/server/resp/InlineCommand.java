package io.distkv.server.resp;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits an inline command, as a person types it into a terminal, into arguments by the rules of
 * Redis: words apart by white space; double quotes with the escapes {@code \n \r \t \b \a \xHH};
 * single quotes with the one escape {@code \'}; a quote that closes must end its word. A zero byte
 * ends the line.
 */
final class InlineCommand {
  private final byte[] line;
  private final int end;
  private int at;

  private InlineCommand(byte[] line, int start, int end) {
    this.line = line;
    this.at = start;
    this.end = end;
  }

  static byte[][] split(byte[] line, int start, int end) throws ProtocolException {
    InlineCommand command = new InlineCommand(line, start, end);
    List<byte[]> words = new ArrayList<>();
    while (command.skipSpace()) {
      words.add(command.word());
    }
    return words.toArray(new byte[0][]);
  }

  private boolean skipSpace() {
    while (isSpace(current())) {
      at++;
    }
    return current() != 0;
  }

  private byte[] word() throws ProtocolException {
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    while (true) {
      byte next = current();
      if (next == ' ' || next == '\n' || next == '\r' || next == '\t' || next == 0) {
        return word.toByteArray();
      }
      at++;
      if (next == '"') {
        doubleQuoted(word);
      } else if (next == '\'') {
        singleQuoted(word);
      } else {
        word.write(next);
        continue;
      }
      if (current() != 0 && !isSpace(current())) {
        throw unbalanced();
      }
      return word.toByteArray();
    }
  }

  private void doubleQuoted(ByteArrayOutputStream word) throws ProtocolException {
    while (current() != '"') {
      byte next = take();
      if (next != '\\' || current() == 0) {
        word.write(next);
      } else if (current() == 'x' && hexDigit(at + 1) >= 0 && hexDigit(at + 2) >= 0) {
        word.write(hexDigit(at + 1) << 4 | hexDigit(at + 2));
        at += 3;
      } else {
        word.write(unescaped(take()));
      }
    }
    at++;
  }

  private void singleQuoted(ByteArrayOutputStream word) throws ProtocolException {
    while (current() != '\'') {
      byte next = take();
      if (next == '\\' && current() == '\'') {
        next = take();
      }
      word.write(next);
    }
    at++;
  }

  private static int unescaped(byte escaped) {
    return switch (escaped) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 7;
      default -> escaped;
    };
  }

  /** The byte at the cursor, or 0 at the end of the line. */
  private byte current() {
    return at < end ? line[at] : 0;
  }

  private byte take() throws ProtocolException {
    byte next = current();
    if (next == 0) {
      throw unbalanced();
    }
    at++;
    return next;
  }

  private int hexDigit(int index) {
    return index < end ? Character.digit(line[index], 16) : -1;
  }

  private static boolean isSpace(byte value) {
    return value == ' ' || (value >= '\t' && value <= '\r');
  }

  private static ProtocolException unbalanced() {
    return new ProtocolException("unbalanced quotes in request");
  }
}
