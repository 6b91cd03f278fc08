package io.distkv.kvctl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A node of DistKV as a process of its own, in a folder of the test's. */
final class DistkvNode implements TestNode {
  private final Path folder;
  private final int port;
  private Process process;

  private DistkvNode(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  static DistkvNode start(Path folder) throws IOException {
    Process process = launch(folder, 0);
    String ready = awaitReady(folder, process);
    int port = Integer.parseInt(ready.replaceAll(".* resp=[^ ]*:([0-9]+) .*", "$1"));
    return new DistkvNode(folder, port, process);
  }

  private static Process launch(Path folder, int port) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.distkv.server.Main",
                "start",
                "--data",
                folder.resolve("data").toString(),
                "--resp-port",
                Integer.toString(port),
                "--http-port",
                "0",
                "--grpc-port",
                "0"))
        .redirectError(folder.resolve("distkv.log").toFile())
        .start();
  }

  /** The line that says that the node serves; nothing else is printed there. */
  private static String awaitReady(Path folder, Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null || !line.startsWith("ready ")) {
      throw new IOException("no node: " + line + Files.readString(folder.resolve("distkv.log")));
    }
    return line;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void crashAndRestart() throws IOException {
    close();
    process = launch(folder, port);
    awaitReady(folder, process);
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
