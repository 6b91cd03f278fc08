package io.distkv.kvctl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void wordsAreThoseOfAShell() {
    assertThat(Words.of("  put a  b ")).containsExactly("put", "a", "b");
    assertThat(Words.of("put 'a b' \"c d\"")).containsExactly("put", "a b", "c d");
    assertThat(Words.of("put a'b 'c ''")).containsExactly("put", "ab c", "");
    assertThat(Words.of("put '\\n' \"\\\"\\n\\\\\" a\\ b\\\\"))
        .containsExactly("put", "\\n", "\"\\n\\", "a b\\");
    assertThat(Words.of("")).isEmpty();
    assertThat(Words.of("  # a comment 'of one'")).isEmpty();
    assertThat(Words.of("put #a")).containsExactly("put", "#a");
  }

  @Test
  void quotesAreClosed() {
    assertThatThrownBy(() -> Words.of("put 'a")).hasMessageContaining("' is not closed");
    assertThatThrownBy(() -> Words.of("put \"a")).hasMessageContaining("\" is not closed");
  }
}
