package io.distkv.simulation.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryCheckTest {
  private final History history = new History();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @TempDir Path folder;

  @Test
  void everyKeyHasItsVerdict() throws IOException {
    read(0, "a", null);
    read(0, "b", null);
    assertThat(check()).isZero();
    assertThat(lines())
        .containsExactly(
            "key \"a\": linearizable (steps: 1)",
            "key \"b\": linearizable (steps: 1)",
            "keys: 2 linearizable, 0 not, 0 undecided");
  }

  @Test
  void aViolationIsShown() throws IOException {
    hard();
    read(99, "b", "never written");
    assertThat(check("--steps", "1000")).isEqualTo(1);
    assertThat(lines())
        .contains(
            "key \"a\": undecided (steps: 1000); a larger budget may decide it",
            "key \"b\": NOT linearizable (steps: 0)",
            "    process 99: read -> \"never written\" [0 to 0 ns]",
            "keys: 0 linearizable, 1 not, 1 undecided");
  }

  @Test
  void undecidedIsNeitherGoodNorBad() throws IOException {
    hard();
    read(99, "b", null);
    assertThat(check("--steps", "1000")).isEqualTo(2);
    assertThat(lines()).endsWith("keys: 1 linearizable, 0 not, 1 undecided");
  }

  @Test
  void whatCannotBeCheckedIsExplained() throws IOException {
    Path file = folder.resolve("history");
    assertThat(run(file.toString())).isEqualTo(3);
    assertThat(lines()).singleElement().asString().startsWith("cannot read " + file);
    Files.writeString(file, "no history");
    assertThat(run(file.toString())).isEqualTo(3);
    assertThat(lines()).last().asString().startsWith(file + ", line 1: it is not JSON");
    for (String[] args :
        new String[][] {{}, {"f", "--steps"}, {"f", "--steps", "x"}, {"f", "g", "1"}}) {
      assertThat(run(args)).isEqualTo(3);
      assertThat(lines()).last().asString().startsWith("--check needs a file");
    }
  }

  private void hard() {
    for (int i = 0; i < 30; i++) {
      history.invoke(i, "a", new Operation.Add(3L << i), 0);
    }
    history.invoke(30, "a", new Operation.Add(2), 0);
    history.ok(30, new Answer.Sum(1L << 29), 0);
  }

  private void read(int process, String key, @Nullable String value) {
    history.invoke(process, key, new Operation.Read(), 0);
    history.ok(process, new Answer.Value(value), 0);
  }

  private int check(String... options) throws IOException {
    Path file = folder.resolve("history.jsonl");
    try (OutputStream to = Files.newOutputStream(file)) {
      HistoryFormat.write(history, to);
    }
    String[] args = new String[options.length + 1];
    args[0] = file.toString();
    System.arraycopy(options, 0, args, 1, options.length);
    return run(args);
  }

  private int run(String... args) {
    return new HistoryCheck(new PrintStream(out, true, StandardCharsets.UTF_8)).run(List.of(args));
  }

  private List<String> lines() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
