package io.distkv.kvctl.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          *        | anything | true
          *        | ''       | true
          a        | a        | true
          a        | ab       | false
          a*       | a        | true
          a*b*c    | axxbyyc  | true
          a*b*c    | axxbyy   | false
          a*ab     | aaab     | true
          **b      | ab       | true
          ?        | a        | true
          ?        | ''       | false
          h?llo    | hello    | true
          h[ae]llo | hallo    | true
          h[ae]llo | hillo    | false
          h[^e]llo | hallo    | true
          h[^e]llo | hello    | false
          h[a-c]o  | hbo      | true
          h[c-a]o  | hbo      | true
          h[a-c]o  | hdo      | false
          \\*       | *        | true
          \\*       | a        | false
          [\\]]     | ]        | true
          a[bc     | ac       | true
          a\\       | a\\       | true
          """)
  void matchesAsRedisDoes(String glob, String key, boolean matches) {
    assertThat(new Glob(glob.getBytes(ISO_8859_1)).matches(key.getBytes(ISO_8859_1)))
        .isEqualTo(matches);
  }

  @Test
  void bytesAbove127CountAsNegativeInRanges() {
    assertThat(new Glob("[\u0080-\u00ff]".getBytes(ISO_8859_1)).matches(new byte[] {(byte) 0x90}))
        .isTrue();
    assertThat(new Glob("[\u0080-a]".getBytes(ISO_8859_1)).matches(new byte[] {1})).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"user/*, user/", "user, user", "*x, ''", "a?b, a", "a[b]c, a", "a\\*b*, a*b"})
  void whatAllBeginWithIsWhatComesBeforeTheFirstWildcard(String glob, String prefix) {
    assertThat(new String(new Glob(glob.getBytes(ISO_8859_1)).literalPrefix(), ISO_8859_1))
        .isEqualTo(prefix);
  }
}
