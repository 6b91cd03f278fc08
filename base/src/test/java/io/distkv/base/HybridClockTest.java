package io.distkv.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HybridClockTest {
  private long wallMillis = 1_000;
  private final HybridClock clock =
      new HybridClock(
          new Clock() {
            @Override
            public long wallMillis() {
              return wallMillis;
            }

            @Override
            public long monotonicNanos() {
              return 0;
            }
          });

  @Test
  void stampsRiseWhileTheWallClockStands() {
    long first = clock.next();
    assertThat(first).isEqualTo(Version.ofMillis(1_000));
    assertThat(clock.next()).isEqualTo(first + 1);
  }

  @Test
  void stampsRiseWhenTheWallClockJumpsBack() {
    long before = clock.next();
    wallMillis = 10;
    assertThat(clock.next()).isGreaterThan(before);
    assertThat(clock.nowMillis()).isEqualTo(1_000);
  }

  @Test
  void aFullCounterCarriesIntoTheMilliseconds() {
    for (int i = 0; i < 65_536; i++) {
      clock.next();
    }
    assertThat(Version.toString(clock.next())).isEqualTo("1001.0");
  }

  @Test
  void anObservedStampIsNeverGivenAgain() {
    clock.observe(Version.ofMillis(5_000) + 7);
    assertThat(clock.next()).isEqualTo(Version.ofMillis(5_000) + 8);
  }

  @Test
  void aStampTellsItsParts() {
    long version = Version.ofMillis(42) + 3;
    assertThat(Version.millis(version)).isEqualTo(42);
    assertThat(Version.counter(version)).isEqualTo(3);
  }
}
