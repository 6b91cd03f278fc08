package io.distkv.simulation.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of numbers are written as they are read. */
class NumbersTest {
  @ParameterizedTest
  @ValueSource(strings = {"all", "none", "3", "3,7", "12,40-55", "1-2,999999999999"})
  void whatIsReadIsWritten(String text) {
    assertThat(Numbers.parse(text)).hasToString(text);
  }

  @Test
  void neighboursBecomeRanges() {
    assertThat(Numbers.of(List.of(9L, 3L, 4L, 5L, 7L))).hasToString("3-5,7,9");
    assertThat(Numbers.of(List.of())).isEqualTo(Numbers.NONE);
  }

  @Test
  void itHasWhatItSays() {
    Numbers numbers = Numbers.parse("3,7-9");
    assertThat(List.of(2L, 3L, 4L, 6L, 7L, 8L, 9L, 10L).stream().filter(numbers::contains))
        .containsExactly(3L, 7L, 8L, 9L);
    assertThat(Numbers.ALL.contains(1)).isTrue();
    assertThat(Numbers.NONE.contains(1)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "3,", ",3", "3;4", "-3", "3-", "1-2-3", " 3", "3,x", "1000000000000"})
  void nonsenseIsRefused(String text) {
    assertThatThrownBy(() -> Numbers.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3,7,40-55");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0-3", "5,3", "5,5", "3-5,5", "9-3"})
  void numbersThatDoNotRiseAreRefused(String text) {
    assertThatThrownBy(() -> Numbers.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rise");
  }
}
