package io.distkv.kvctl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "17, 17", "17B, 17", "2KiB, 2048", "3MiB, 3145728", "1TiB, 1099511627776"})
  void amountsAreRead(String text, long bytes) {
    assertThat(Sizes.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.5MiB", "-1", "1MB", "999999999999TiB", "MiB"})
  void othersAreNone(String text) {
    assertThatThrownBy(() -> Sizes.parse(text)).hasMessageContaining("'" + text + "'");
  }

  @Test
  void amountsAreShownInTheLargestUnit() {
    assertThat(Sizes.show(1_023)).isEqualTo("1023 B");
    assertThat(Sizes.show(1_536)).isEqualTo("1.5 KiB");
    assertThat(Sizes.show(10L << 30)).isEqualTo("10.0 GiB");
  }
}
