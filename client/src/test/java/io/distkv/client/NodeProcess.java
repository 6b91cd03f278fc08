package io.distkv.client;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real node as a process of its own, in a folder of the test's; it can be killed and started. */
public final class NodeProcess implements Closeable {
  private final Path folder;
  private Process process;
  private String ready;

  private NodeProcess(Path folder) throws IOException {
    this.folder = folder;
    this.process = launch(0);
    this.ready = awaitReady();
  }

  /** With the keyspaces that every node has. */
  public static NodeProcess startPlain(Path folder) throws IOException {
    Files.writeString(folder.resolve("node.yaml"), "");
    return new NodeProcess(folder);
  }

  /** With keyspaces "default", which has a history of ten minutes, and "parts", of 8 partitions. */
  static NodeProcess start(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("node.yaml"),
        """
        keyspaces:
          - name: default
            number: 0
            history: 10m
          - name: parts
            number: 1
            partitions: 8
        """);
    return new NodeProcess(folder);
  }

  private Process launch(int port) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.distkv.server.Main", "start"));
    command.addAll(List.of("--config", folder.resolve("node.yaml").toString()));
    command.addAll(List.of("--data", folder.resolve("data").toString()));
    command.addAll(List.of("--resp-port", "0", "--http-port", "0"));
    command.addAll(List.of("--grpc-port", Integer.toString(port)));
    return new ProcessBuilder(command).redirectError(folder.resolve("node.log").toFile()).start();
  }

  /** The line that says that the node serves has its addresses; nothing else is printed there. */
  private String awaitReady() throws IOException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null || !line.startsWith("ready ")) {
      throw new IOException("no node: " + line + Files.readString(folder.resolve("node.log")));
    }
    return line;
  }

  /** Where it speaks gRPC. */
  String address() {
    return address("grpc");
  }

  /** Where it speaks a protocol: resp, http or grpc. */
  public String address(String protocol) {
    return ready.replaceAll(".* " + protocol + "=([^ ]+) .*", "$1");
  }

  /** Kills it as kill -9 does. */
  void kill() throws IOException {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Has it stop in good order. */
  public void stop() throws IOException {
    process.destroy();
    awaitEnd();
  }

  private void awaitEnd() throws IOException {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Starts it again, at the same address. */
  public void startAgain() throws IOException {
    String address = address();
    process = launch(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
    ready = awaitReady();
  }

  @Override
  public void close() throws IOException {
    kill();
  }
}
