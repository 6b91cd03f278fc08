package io.distkv.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node in a process of its own, started by a command as somebody's file has it. */
final class ArchiveNode implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile(
          "ready node=[0-9a-f]{16} resp=127\\.0\\.0\\.1:(\\d+) http=127\\.0\\.0\\.1:(\\d+)"
              + " grpc=127\\.0\\.0\\.1:(\\d+) data=(.+)");
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final BufferedReader out;
  private final Path log;
  private final HttpClient http = HttpClient.newHttpClient();
  private int respPort;
  private int httpPort;
  private Path data = Path.of("");

  private ArchiveNode(Process process, Path log) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.log = log;
  }

  /**
   * Starts it on free ports of loopback, and waits until it is ready.
   *
   * @param command that starts a node; what makes it listen there is added to its end
   * @param environment for it, besides PATH, HOME and JAVA_HOME
   */
  static ArchiveNode start(Path folder, List<String> command, Map<String, String> environment)
      throws IOException {
    List<String> whole = new ArrayList<>(command);
    for (String protocol : List.of("resp", "http", "grpc")) {
      whole.addAll(List.of("--set", protocol + ".bind=127.0.0.1", "--set", protocol + ".port=0"));
    }
    Path log = Files.createTempFile(folder, "node", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(whole).directory(folder.toFile()).redirectError(log.toFile());
    builder.environment().keySet().retainAll(List.of("PATH", "HOME"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    ArchiveNode node = new ArchiveNode(builder.start(), log);
    String line = node.out.readLine();
    Matcher ready = READY.matcher(String.valueOf(line));
    if (!ready.matches()) {
      node.close();
      throw new AssertionError(whole + ": " + line + ", then " + node.log());
    }
    node.respPort = Integer.parseInt(ready.group(1));
    node.httpPort = Integer.parseInt(ready.group(2));
    node.data = Path.of(ready.group(4));
    return node;
  }

  int httpPort() {
    return httpPort;
  }

  /** Where it says that it keeps its data. */
  Path data() {
    return data;
  }

  /** The process that the command became. */
  ProcessHandle process() {
    return process.toHandle();
  }

  /** What it logged so far. */
  String log() throws IOException {
    return Files.readString(log);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  /** Writes a value over HTTP; the status of the answer. */
  int put(String keyspace, String key, byte[] value) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/v1/keyspaces/" + keyspace + "/keys/" + key))
            .PUT(BodyPublishers.ofByteArray(value))
            .build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  /** Sends a command over the Redis protocol; the first line of the reply. */
  String command(String line) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), respPort)) {
      OutputStream to = socket.getOutputStream();
      to.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
      to.flush();
      try (BufferedReader from =
          new BufferedReader(
              new java.io.InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
        return String.valueOf(from.readLine());
      }
    }
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + httpPort + path);
  }

  /** Sends SIGTERM and waits for the end; the exit status. */
  int terminate() throws InterruptedException {
    // Process.destroy would close our end of its streams, too.
    process.toHandle().destroy();
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("ended").isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    http.close();
  }
}
