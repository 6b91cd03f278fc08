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
  private record Ports(int resp, int grpc) {}

  private final Path folder;
  private final Ports ports;
  private final boolean overResp;
  private Process process;

  private DistkvNode(Path folder, Ports ports, boolean overResp, Process process) {
    this.folder = folder;
    this.ports = ports;
    this.overResp = overResp;
    this.process = process;
  }

  /** One whose address is that of gRPC. */
  static DistkvNode start(Path folder) throws IOException {
    return start(folder, false);
  }

  /** One whose address is that of RESP. */
  static DistkvNode startForResp(Path folder) throws IOException {
    return start(folder, true);
  }

  private static DistkvNode start(Path folder, boolean overResp) throws IOException {
    Process process = launch(folder, new Ports(0, 0));
    String ready = awaitReady(folder, process);
    return new DistkvNode(
        folder, new Ports(port(ready, "resp"), port(ready, "grpc")), overResp, process);
  }

  private static int port(String ready, String name) {
    return Integer.parseInt(ready.replaceAll(".* " + name + "=[^ ]*:([0-9]+) .*", "$1"));
  }

  private static Process launch(Path folder, Ports ports) throws IOException {
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
                Integer.toString(ports.resp()),
                "--http-port",
                "0",
                "--grpc-port",
                Integer.toString(ports.grpc())))
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
  public String scheme() {
    return overResp ? "resp://" : "";
  }

  @Override
  public int port() {
    return overResp ? ports.resp() : ports.grpc();
  }

  @Override
  public void crashAndRestart() throws IOException {
    close();
    process = launch(folder, ports);
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
