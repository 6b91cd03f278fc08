package io.distkv.kvctl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.kvctl.Failure;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AsOfTest {
  private static final Instant NOW = Instant.parse("2026-11-28T20:00:00Z");

  private static AsOf parse(String text) {
    return AsOf.parse("--as-of", text, NOW);
  }

  @Test
  void versionsTimesAndLengthsOfTimeAreRead() {
    assertThat(parse("117695262482890752")).isEqualTo(new AsOf.Version(117695262482890752L));
    assertThat(parse("1m")).isEqualTo(new AsOf.Moment(NOW.minusSeconds(60)));
    assertThat(parse("2026-11-28T19:45:00Z"))
        .isEqualTo(new AsOf.Moment(Instant.parse("2026-11-28T19:45:00Z")));
    assertThat(parse("2026-11-28T19:45:00+01:00"))
        .isEqualTo(new AsOf.Moment(Instant.parse("2026-11-28T18:45:00Z")));
    LocalDateTime local = LocalDateTime.parse("2026-11-27T10:00:00");
    assertThat(parse("2026-11-27T10:00:00"))
        .isEqualTo(new AsOf.Moment(local.atZone(ZoneId.systemDefault()).toInstant()));
    assertThat(parse("2026-11-27"))
        .isEqualTo(
            new AsOf.Moment(local.toLocalDate().atStartOfDay(ZoneId.systemDefault()).toInstant()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          soon                 | no length of time ago such as 1m
          1x                   | no length of time ago such as 1m
          0                    | versions go from 1 to
          99999999999999999999 | versions go from 1 to
          2026-11-28T20:00:01Z | lies ahead
          60y                  | no length of time ago such as 1m
          1969-01-01T00:00:00Z | before 1970
          """)
  void othersAreRefusedByWhatIsWrongWithThem(String text, String sentence) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("--as-of")
        .hasMessageContaining(sentence);
  }
}
