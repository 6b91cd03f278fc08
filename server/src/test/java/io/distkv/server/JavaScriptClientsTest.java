package io.distkv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The two JavaScript clients of Redis, unmodified, against one node: the programs under
 * src/test/javascript, with the versions of their lock file. Skipped where there is no node or npm.
 */
@Timeout(300)
class JavaScriptClientsTest {
  private static final Path PROGRAMS = Path.of("src/test/javascript");
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "node-redis.mjs", "ioredis.mjs");

  /** Below the default, to fit the small heap of the node. */
  private static final int LARGEST_VALUE_BYTES = 4 << 20;

  @TempDir private static Path folder;
  private static Path programs;
  private static NodeProcess node;

  @BeforeAll
  static void start() throws Exception {
    requireTool("node");
    requireTool("npm");
    programs = Files.createDirectory(folder.toRealPath().resolve("programs"));
    for (String file : FILES) {
      Files.copy(PROGRAMS.resolve(file), programs.resolve(file));
    }
    Ended installed = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    requirement(
        installed.status() == 0, "npm ci cannot install the clients: " + installed.output());
    node = NodeProcess.start(folder.toRealPath(), "--set", "limits.value=" + LARGEST_VALUE_BYTES);
  }

  @AfterAll
  static void stop() throws Exception {
    if (node != null) {
      node.terminate();
      assertThat(node.status()).as(node.errors()).isZero();
    }
  }

  private record Ended(int status, String output) {}

  private static void requireTool(String name) throws InterruptedException {
    try {
      requirement(
          new ProcessBuilder(name, "--version")
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start()
                  .waitFor()
              == 0,
          name + " does not run");
    } catch (IOException e) {
      requirement(false, name + " is not installed (Debian: nodejs, npm)");
    }
  }

  /** Skips where something outside is missing, and says why; never in CI. */
  private static void requirement(boolean met, String reason) {
    if (!met) {
      assertThat(System.getenv("CI")).as(reason).isNotEqualTo("true");
      System.out.println("skipped: " + reason);
      assumeTrue(false, reason);
    }
  }

  private static Ended run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(programs.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  private static void passes(String program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("node", program));
    command.add(String.valueOf(node.respPort()));
    command.addAll(List.of(arguments));
    command.add(String.valueOf(LARGEST_VALUE_BYTES));
    Ended ended = run(command.toArray(String[]::new));
    assertThat(ended.status()).as("%s: %s", command, ended.output()).isZero();
    assertThat(ended.output().lines())
        .containsExactly(
            "ok strings",
            "ok expiry",
            "ok transactions",
            "ok pipelining",
            "ok binary",
            "ok bigValues",
            "ok reconnect");
  }

  @ParameterizedTest(name = "RESP{0}")
  @ValueSource(strings = {"2", "3"})
  void nodeRedis(String version) throws Exception {
    passes("node-redis.mjs", version);
  }

  @Test
  void ioredis() throws Exception {
    passes("ioredis.mjs");
  }
}
