package io.distkv.kvctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CompletionTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void theScriptIsOneThatTheShellUnderstands(String shell) throws Exception {
    Ran ran = Ran.kvctl("completion", shell);
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("import", "bench", "bad-file", "distribution");
    Path script = Files.writeString(folder.resolve("completion"), ran.out());
    String[] path = System.getenv().getOrDefault("PATH", "").split(":", -1);
    boolean there = List.of(path).stream().anyMatch(p -> Files.isExecutable(Path.of(p, shell)));
    if (!there) {
      String reason = "skipped: no " + shell + " to read the completion script with";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    assertThat(exitOf(shell, "-n", script.toString())).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash"})
  void theScriptCompletes(String shell) throws Exception {
    Path script = Files.writeString(folder.resolve("c"), Ran.kvctl("completion", shell).out());
    String probe =
        "source "
            + script
            + "; COMP_WORDS=(kvctl imp); COMP_CWORD=1; _complete_kvctl; [[ ${COMPREPLY[0]} == import ]]";
    assertThat(exitOf(shell, "-c", probe)).isZero();
  }

  private int exitOf(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    return process.waitFor();
  }
}
