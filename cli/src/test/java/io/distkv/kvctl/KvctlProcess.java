package io.distkv.kvctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** kvctl as a process of its own, which can be killed. */
final class KvctlProcess {
  private KvctlProcess() {}

  /** Starts it with the test's class path; what it prints goes to a file in the folder. */
  static Process start(Path folder, String... arguments) throws IOException {
    return start(folder, Map.of(), arguments);
  }

  static Process start(Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.distkv.kvctl.Main"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("kvctl.log").toFile())
        .start();
  }

  static String output(Path folder) throws IOException {
    return Files.readString(folder.resolve("kvctl.log"));
  }
}
