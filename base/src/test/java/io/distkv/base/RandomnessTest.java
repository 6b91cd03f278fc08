package io.distkv.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RandomnessTest {

  @Test
  void aBoundedNumberIsNeverNegativeNorAtTheBound() {
    for (long extreme : new long[] {0, 1, 9, 10, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      Randomness randomness = () -> extreme;
      assertThat(randomness.below(10)).isBetween(0, 9);
      assertThat(randomness.below(1)).isZero();
    }
  }

  @Test
  void aBoundBelowOneIsRefused() {
    Randomness randomness = () -> 5;
    assertThatThrownBy(() -> randomness.below(0)).hasMessageContaining("at least 1, not 0");
  }
}
