package io.distkv.bench.big;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks as much of the Redis protocol as the campaign needs. Requests are
 * buffered until {@link #flush}; replies come in their order. Not thread-safe.
 */
final class RespConnection implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 * 1024;
  private static final byte[] LINE_END = {'\r', '\n'};

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RespConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
  }

  /** Sends a request and waits for its reply. */
  @Nullable Object ask(byte[]... words) throws IOException {
    send(words);
    flush();
    return reply();
  }

  void send(byte[]... words) throws IOException {
    header('*', words.length);
    for (byte[] word : words) {
      header('$', word.length);
      out.write(word);
      out.write(LINE_END);
    }
  }

  void flush() throws IOException {
    out.flush();
  }

  /**
   * The next reply: a String, a Long, a byte array, a list of these, or null.
   *
   * @throws IOException if it is an error, or the connection ended
   */
  @Nullable Object reply() throws IOException {
    int kind = in.read();
    String line = line();
    return switch (kind) {
      case '+' -> line;
      case ':' -> Long.valueOf(line);
      case '$' -> bulk(Integer.parseInt(line));
      case '*' -> array(Integer.parseInt(line));
      case -1 -> throw new EOFException("the node closed the connection");
      default -> throw new IOException("the node answered " + (char) kind + line);
    };
  }

  private byte @Nullable [] bulk(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length || in.skip(LINE_END.length) != LINE_END.length) {
      throw new EOFException("the node closed the connection inside a reply");
    }
    return bytes;
  }

  private List<@Nullable Object> array(int length) throws IOException {
    List<@Nullable Object> elements = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      elements.add(reply());
    }
    return elements;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\r' && next >= 0; next = in.read()) {
      line.append((char) next);
    }
    in.read();
    return line.toString();
  }

  private void header(char kind, int number) throws IOException {
    out.write(kind);
    out.write(Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
    out.write(LINE_END);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
