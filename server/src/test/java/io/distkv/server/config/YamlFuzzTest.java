package io.distkv.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a configuration file holds, reading it ends soon, in settings or in problems. Plain
 * builds run the seeded slice; with {@code JAZZER_FUZZ=1} Jazzer searches.
 */
class YamlFuzzTest {
  private static final List<String> PIECES =
      List.of(
          "resp",
          "port",
          "keyspaces",
          "name",
          ": ",
          "\n",
          "  ",
          "- ",
          "[",
          "]",
          "{",
          "}",
          ", ",
          "'",
          "\"",
          "&a ",
          "*a",
          "<<",
          "? ",
          "| ",
          "> ",
          "!!int ",
          "!x ",
          "%YAML 1.2\n",
          "---\n",
          "...",
          "#",
          "\t",
          "\0",
          "\uFEFF",
          "6379",
          "~",
          "é",
          "\\x",
          "0x1F",
          "1e999",
          ".nan");

  private static List<String> read(String text) {
    List<String> problems = new ArrayList<>();
    YamlSource.read("distkv.yaml", text, problems);
    return problems;
  }

  @FuzzTest(maxDuration = "5s")
  void anyTextIsRead(FuzzedDataProvider data) {
    read(data.consumeRemainingAsString());
  }

  @Test
  void aSliceOfRandomTextsIsRead() {
    for (long seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(30); i >= 0; i--) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      try {
        read(text.toString());
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ": " + text, e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: &a {b: *a}",
        "&a [*a]",
        "keyspaces: &k [*k]",
        "? &a {*a : 1}\n: 2",
        "&a [&b [*a, *b], *b]",
      })
  void anythingThatHoldsItselfIsAProblem(String text) {
    assertThat(read(text)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n!%a", "a: \"\\x\"", "!%zz b"})
  void whatTheParserChokesOnIsAProblem(String text) {
    assertThat(read(text)).singleElement().asString().contains("not YAML: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "a:\n ", "(", "'", "&a [*a, "})
  void anyDepthIsRead(String piece) {
    read(piece.repeat(20_000));
  }
}
