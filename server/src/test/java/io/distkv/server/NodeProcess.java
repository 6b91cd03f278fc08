package io.distkv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, run from the class path of the tests. */
final class NodeProcess implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile(
          "ready node=([0-9a-f]{16}) resp=127\\.0\\.0\\.1:(\\d+) http=127\\.0\\.0\\.1:(\\d+)"
              + " grpc=127\\.0\\.0\\.1:(\\d+) data=(.+)");
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final BufferedReader out;
  private final Path errors;
  private int respPort;
  private int httpPort;
  private int grpcPort;

  private NodeProcess(Process process, Path errors) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.errors = errors;
  }

  /** Starts a process without waiting for anything. */
  static NodeProcess run(Path folder, String... arguments) throws IOException {
    return run(List.of(), folder, arguments);
  }

  /** Like {@link #run}, in a process that cannot write a file larger than so many KiB. */
  static NodeProcess runWithLargestFile(int kibibytes, Path folder, String... arguments)
      throws IOException {
    String limit = "ulimit -f " + kibibytes + "; exec \"$@\"";
    return run(List.of("bash", "-c", limit, "bash"), folder, arguments);
  }

  /** Like {@link #run}, in a process that cannot have more than so many files open. */
  static NodeProcess runWithOpenFiles(int files, Path folder, String... arguments)
      throws IOException {
    String limit = "ulimit -n " + files + "; exec \"$@\"";
    return run(List.of("bash", "-c", limit, "bash"), folder, arguments);
  }

  private static NodeProcess run(List<String> wrapper, Path folder, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "io.distkv.server.Main"));
    command.addAll(List.of(arguments));
    Path errors = Files.createTempFile(folder, "errors", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(errors.toFile())
            .start();
    return new NodeProcess(process, errors);
  }

  /** Starts a node on free ports and waits until it is ready. */
  static NodeProcess start(Path folder, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "start",
                "--data",
                "data",
                "--resp-port",
                "0",
                "--http-port",
                "0",
                "--grpc-port",
                "0"));
    arguments.addAll(List.of(more));
    NodeProcess node = run(folder, arguments.toArray(String[]::new));
    String line = node.out.readLine();
    Matcher ready = READY.matcher(String.valueOf(line));
    assertThat(ready.matches()).as("%s, then %s", line, node.errors()).isTrue();
    node.respPort = Integer.parseInt(ready.group(2));
    node.httpPort = Integer.parseInt(ready.group(3));
    node.grpcPort = Integer.parseInt(ready.group(4));
    assertThat(ready.group(5)).isEqualTo(folder.resolve("data").toString());
    return node;
  }

  int respPort() {
    return respPort;
  }

  int httpPort() {
    return httpPort;
  }

  int grpcPort() {
    return grpcPort;
  }

  long pid() {
    return process.pid();
  }

  /** All that it still prints, until it ends. */
  String restOfOutput() throws IOException {
    StringBuilder rest = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      rest.append(line).append('\n');
    }
    return rest.toString();
  }

  String errors() throws IOException {
    return Files.readString(errors);
  }

  /** Sends SIGTERM. */
  void terminate() {
    // Process.destroy would close our end of its streams, too.
    process.toHandle().destroy();
  }

  /** Sends SIGKILL and waits for the end. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    status();
  }

  /** Waits for the end. */
  int status() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("ended").isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
