package io.distkv.node.command;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The real redis-server on a free port of the loopback, keeping nothing, with one connection. */
final class RedisServer implements AutoCloseable {
  private final Process process;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  private RedisServer(Process process, Socket socket) throws IOException {
    this.process = process;
    this.socket = socket;
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    out = socket.getOutputStream();
  }

  /** Starts it; where it is not installed, skips the test, but never in continuous integration. */
  static RedisServer start(Path folder) throws Exception {
    boolean installed =
        List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
            .anyMatch(bin -> Files.isExecutable(Path.of(bin, "redis-server")));
    if (!installed && !"true".equals(System.getenv("CI"))) {
      System.out.println("skipped: redis-server is not installed, so there is nothing to compare");
      Assumptions.abort("redis-server is not installed");
    }
    int port = freePort();
    Process process =
        new ProcessBuilder(
                "redis-server",
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("redis.log").toFile())
            .start();
    return new RedisServer(process, connect(process, port));
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static Socket connect(Process process, int port) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        return socket;
      } catch (IOException e) {
        if (System.nanoTime() > deadline || process.waitFor(20, TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          throw new IOException("redis-server does not answer", e);
        }
      }
    }
  }

  /** Sends a command and gives the whole reply as it came, bytes as ISO 8859-1 characters. */
  String call(List<byte[]> words) {
    try {
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.writeBytes(("*" + words.size() + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      for (byte[] word : words) {
        request.writeBytes(("$" + word.length + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(word);
        request.writeBytes(new byte[] {'\r', '\n'});
      }
      out.write(request.toByteArray());
      out.flush();
      ByteArrayOutputStream reply = new ByteArrayOutputStream();
      copyReply(reply);
      return reply.toString(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void copyReply(ByteArrayOutputStream reply) throws IOException {
    String header = readLine(reply);
    int count = "$=*%~>".indexOf(header.charAt(0)) < 0 ? -1 : length(header);
    switch (header.charAt(0)) {
      case '$', '=' -> {
        if (count >= 0) {
          reply.writeBytes(in.readNBytes(count + 2));
        }
      }
      case '*', '~', '>' -> copyReplies(count, reply);
      case '%' -> copyReplies(2 * count, reply);
      default -> {
        // The line was all.
      }
    }
  }

  private static int length(String header) {
    return Integer.parseInt(header.substring(1));
  }

  private void copyReplies(int count, ByteArrayOutputStream reply) throws IOException {
    for (int i = 0; i < count; i++) {
      copyReply(reply);
    }
  }

  private String readLine(ByteArrayOutputStream reply) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("redis-server closed the connection after: " + line);
      }
      reply.write(c);
      if (c == '\n') {
        return line.substring(0, line.length() - 1);
      }
      line.append((char) c);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    process.destroyForcibly();
  }
}
