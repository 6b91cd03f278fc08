package io.distkv.kvctl;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Debian's redis-server, which syncs every write, in a folder of the test's. */
public final class RedisNode implements TestNode {
  private static final String PROGRAM = "redis-server";
  private static final int ATTEMPTS = 100;

  private final Path folder;
  private final int port;
  private Process process;

  private RedisNode(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  /** Starts one; without the program the test is skipped, except where everything must be there. */
  public static RedisNode start(Path folder) throws IOException {
    boolean there =
        List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).stream()
            .anyMatch(part -> Files.isExecutable(Path.of(part, PROGRAM)));
    if (!there) {
      String reason = "skipped: no " + PROGRAM + " on the PATH (apt-get install redis-server)";
      if ("true".equals(System.getenv("CI"))) {
        fail(reason);
      }
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    int port = TestNode.freePort();
    RedisNode node = new RedisNode(folder, port, launch(folder, port));
    node.awaitReady();
    return node;
  }

  private static Process launch(Path folder, int port) throws IOException {
    return new ProcessBuilder(
            List.of(
                PROGRAM,
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--save",
                "",
                "--appendonly",
                "yes",
                "--appendfsync",
                "always"))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("redis.log").toFile())
        .start();
  }

  private void awaitReady() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
        socket.setSoTimeout(5_000);
        socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
        if (socket.getInputStream().read() == '+') {
          return;
        }
      } catch (IOException e) {
        // Not yet.
      }
      pause();
    }
    throw new IOException(Files.readString(folder.resolve("redis.log")));
  }

  private void pause() throws IOException {
    try {
      process.waitFor(50, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public String scheme() {
    return "resp://";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void crashAndRestart() throws IOException {
    close();
    process = launch(folder, port);
    awaitReady();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
