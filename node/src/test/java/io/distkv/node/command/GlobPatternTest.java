package io.distkv.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class GlobPatternTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static boolean matches(String pattern, String text) {
    return GlobPattern.of(bytes(pattern)).matches(bytes(text));
  }

  @Test
  void readsOddPatternsAsRedisDoes() {
    assertThat(matches("h[^e]llo", "hallo")).isTrue();
    assertThat(matches("h[^e]llo", "hello")).isFalse();
    assertThat(matches("[z-a]", "m")).isTrue();
    assertThat(matches("[a-", "a")).isTrue();
    assertThat(matches("[a-", "-")).isTrue();
    assertThat(matches("[", "a")).isFalse();
    assertThat(matches("[^", "a")).isTrue();
    assertThat(matches("[]a", "a")).isFalse();
    assertThat(matches("\\*", "*")).isTrue();
    assertThat(matches("\\*", "x")).isFalse();
    assertThat(matches("\\", "\\")).isTrue();
    assertThat(matches("[\\]]", "]")).isTrue();
    assertThat(matches("***", "anything")).isTrue();
    assertThat(matches("", "")).isTrue();
    assertThat(matches("*", "")).isFalse();
    assertThat(GlobPattern.ignoringCase(bytes("MAX*")).matches(bytes("maxmemory"))).isTrue();
  }

  @Test
  void tellsWhatEveryMatchBeginsWith() {
    assertThat(GlobPattern.of(bytes("user:\\*x?")).literalPrefix()).isEqualTo(bytes("user:*x"));
    assertThat(GlobPattern.of(bytes("*")).literalPrefix()).isEmpty();
  }

  /** Against regular expressions, for patterns without the oddities. */
  @Test
  void matchesWhatTheSameRegularExpressionMatches() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      StringBuilder glob = new StringBuilder();
      StringBuilder regex = new StringBuilder();
      int elements = random.nextInt(7);
      for (int e = 0; e < elements; e++) {
        switch (random.nextInt(6)) {
          case 0 -> append(glob, "*", regex, ".*");
          case 1 -> append(glob, "?", regex, ".");
          case 2 -> append(glob, "[ab]", regex, "[ab]");
          case 3 -> append(glob, "[^a-b]", regex, "[^a-b]");
          case 4 -> append(glob, "\\a", regex, "a");
          default -> append(glob, "b", regex, "b");
        }
      }
      StringBuilder text = new StringBuilder();
      int length = 1 + random.nextInt(7);
      for (int c = 0; c < length; c++) {
        text.append((char) ('a' + random.nextInt(3)));
      }
      assertThat(matches(glob.toString(), text.toString()))
          .as("seed %d: %s on %s", seed, glob, text)
          .isEqualTo(Pattern.compile(regex.toString()).matcher(text).matches());
    }
  }

  private static void append(
      StringBuilder glob, String globPart, StringBuilder regex, String regexPart) {
    glob.append(globPart);
    regex.append(regexPart);
  }

  @Test
  @Timeout(10)
  void takesNoExponentialTime() {
    assertThat(matches("a*".repeat(2_000) + "b", "a".repeat(2_000))).isFalse();
    assertThat(matches("*a".repeat(500), "a".repeat(5_000))).isTrue();
  }
}
