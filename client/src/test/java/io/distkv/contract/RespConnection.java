package io.distkv.contract;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A connection that speaks the Redis protocol, version 2 or 3: one command, then its reply. */
final class RespConnection implements Closeable {
  private static final int MOST_SILENCE_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RespConnection(int port, int version) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(MOST_SILENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    Reply hello = call(words("HELLO", Integer.toString(version)));
    if (hello instanceof Reply.Failure failure) {
      throw new IOException(failure.line());
    }
  }

  /** A reply, of either version of the protocol. */
  sealed interface Reply {
    /** An error line. */
    record Failure(String line) implements Reply {}

    /** A line. */
    record Simple(String text) implements Reply {}

    /** A number. */
    record Int(long value) implements Reply {}

    /** Bytes. */
    record Bulk(ByteString bytes) implements Reply {
      String text() {
        return bytes.toStringUtf8();
      }
    }

    /** Nothing. */
    record Null() implements Reply {}

    /** A list, or keys and values of a map in turn. */
    record Array(List<Reply> elements) implements Reply {}
  }

  /** Words of characters that are one byte each. */
  static List<ByteString> words(String... words) {
    List<ByteString> all = new ArrayList<>();
    for (String word : words) {
      all.add(ByteString.copyFrom(word, StandardCharsets.ISO_8859_1));
    }
    return all;
  }

  Reply call(List<ByteString> words) throws IOException {
    out.write(line("*" + words.size()));
    for (ByteString word : words) {
      out.write(line("$" + word.size()));
      word.writeTo(out);
      out.write(line(""));
    }
    out.flush();
    return read();
  }

  private static byte[] line(String text) {
    return (text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  private Reply read() throws IOException {
    String line = readLine();
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> new Reply.Simple(rest);
      case '-' -> new Reply.Failure(rest);
      case ':' -> new Reply.Int(Long.parseLong(rest));
      case '_' -> new Reply.Null();
      case '$' -> {
        int length = Integer.parseInt(rest);
        yield length < 0 ? new Reply.Null() : bulk(length);
      }
      case '*' -> {
        int length = Integer.parseInt(rest);
        yield length < 0 ? new Reply.Null() : array(length);
      }
      case '%' -> array(2 * Integer.parseInt(rest));
      default -> throw new IOException("a reply that begins with " + line);
    };
  }

  private Reply bulk(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length || !readLine().isEmpty()) {
      throw new EOFException("the connection ended within a reply");
    }
    return new Reply.Bulk(ByteString.copyFrom(bytes));
  }

  private Reply array(int length) throws IOException {
    List<Reply> elements = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      elements.add(read());
    }
    return new Reply.Array(elements);
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    int each = in.read();
    while (each != '\r') {
      if (each < 0) {
        throw new EOFException("the node closed the connection");
      }
      line.append((char) each);
      each = in.read();
    }
    if (in.read() != '\n') {
      throw new IOException("a line that does not end with CR LF: " + line);
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
