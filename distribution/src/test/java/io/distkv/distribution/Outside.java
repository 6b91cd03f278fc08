package io.distkv.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Programs of this machine that are not ours. */
final class Outside {

  private Outside() {}

  /** How a program ended, and all that it printed. */
  record Ended(int status, String output) {
    void well() {
      assertThat(status).as(output).isZero();
    }
  }

  /** Skips the test where the program is missing, and says so; never in CI. */
  static void require(String program, String debianPackage) {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      if (Path.of(folder, program).toFile().canExecute()) {
        return;
      }
    }
    String reason = program + " is not installed (Debian: " + debianPackage + ")";
    assertThat(System.getenv("CI")).as(reason).isNotEqualTo("true");
    System.out.println("skipped: " + reason);
    assumeTrue(false, reason);
  }

  /** Runs a program to its end. */
  static Ended run(Path folder, String... command) throws IOException, InterruptedException {
    return run(folder, List.of(command));
  }

  static Ended run(Path folder, List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }
}
