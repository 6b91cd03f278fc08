package io.distkv.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What a server says to bytes that are perhaps no request, up to the end of the connection. */
final class RawExchange {
  private RawExchange() {}

  /** Sends a text, byte by byte as it is, and reads until the server closes. */
  static String send(int port, String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return readAll(socket.getInputStream());
    }
  }

  /** The same, and says that nothing follows. */
  static String sendAndEnd(int port, String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      return readAll(socket.getInputStream());
    }
  }

  private static String readAll(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] part = new byte[4_096];
    try {
      for (int count = in.read(part); count >= 0; count = in.read(part)) {
        bytes.write(part, 0, count);
      }
    } catch (java.net.SocketException e) {
      // The server closed before it had read everything.
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** The status of the first answer in what a server said; 0 if there is none. */
  static int status(String said) {
    return said.startsWith("HTTP/1.1 ") ? Integer.parseInt(said.substring(9, 12)) : 0;
  }
}
