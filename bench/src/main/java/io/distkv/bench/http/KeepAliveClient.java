package io.distkv.bench.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection on which requests follow each other. For one thread. */
final class KeepAliveClient implements AutoCloseable {
  private static final String LENGTH = "content-length:";

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  KeepAliveClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    out = socket.getOutputStream();
  }

  /** The head of a request. */
  static byte[] head(String method, String path, int bodyBytes) {
    String length = bodyBytes == 0 ? "" : "Content-Length: " + bodyBytes + "\r\n";
    return (method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + length + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Sends a request and reads the whole answer; gives its status. */
  int call(byte[]... request) throws IOException {
    for (byte[] part : request) {
      out.write(part);
    }
    String line = readLine();
    long left = 0;
    for (String header = readLine(); !header.isEmpty(); header = readLine()) {
      if (header.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
        left = Long.parseLong(header.substring(LENGTH.length()).strip());
      }
    }
    in.skipNBytes(left);
    return Integer.parseInt(line.substring(9, 12));
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
