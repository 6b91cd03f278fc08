package io.distkv.simulation.hunt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line hands a history to the checker, and its exit status on. */
class CheckOptionTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final CrashHunt hunt = new CrashHunt(new PrintStream(out, true, StandardCharsets.UTF_8));

  @TempDir Path folder;

  @Test
  void aFileIsCheckedInPlaceOfAHunt() throws IOException {
    Path file = folder.resolve("history.jsonl");
    Files.writeString(
        file,
        """
        {"process":0,"type":"invoke","f":"read","key":"k","value":null,"time":1}
        {"process":0,"type":"ok","f":"read","key":"k","value":"invented","time":2}
        """);
    assertThat(hunt.run(new String[] {"--check", file.toString()})).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("key \"k\": NOT linearizable");
  }

  @Test
  void helpNamesIt() {
    assertThat(hunt.run(new String[] {"--check", "--help"})).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("--check FILE", "--steps N");
  }
}
