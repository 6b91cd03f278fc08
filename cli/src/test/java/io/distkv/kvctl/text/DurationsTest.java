package io.distkv.kvctl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {
  @Test
  void readsNumbersWithUnits() {
    assertThat(Durations.parse("250us")).isEqualTo(Duration.ofNanos(250_000));
    assertThat(Durations.parse("1.5s")).isEqualTo(Duration.ofMillis(1_500));
    assertThat(Durations.parse("2h")).isEqualTo(Duration.ofHours(2));
    assertThat(Durations.parse("7d")).isEqualTo(Duration.ofDays(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-1s", "5 s", "1w", "0s", "99999999999d", "1e3s"})
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void showsTheTwoLargestUnits() {
    assertThat(Durations.show(Duration.ofMillis(1_250))).isEqualTo("1.25 s");
    assertThat(Durations.show(Duration.ofSeconds(61))).isEqualTo("1m 1s");
    assertThat(Durations.show(Duration.ofMinutes(125))).isEqualTo("2h 5m");
    assertThat(Durations.show(Duration.ofHours(51))).isEqualTo("2d 3h");
  }
}
