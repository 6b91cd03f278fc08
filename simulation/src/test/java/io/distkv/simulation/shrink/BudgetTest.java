package io.distkv.simulation.shrink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Either bound ends it. */
class BudgetTest {
  private long nowNanos = 50;

  @Test
  void runsAreCounted() {
    Budget budget = new Budget(2, 1_000, () -> nowNanos);
    assertThat(budget.take()).isTrue();
    assertThat(budget.isSpent()).isFalse();
    assertThat(budget.take()).isTrue();
    assertThat(budget.isSpent()).isTrue();
    assertThat(budget.take()).isFalse();
    assertThat(budget.runs()).isEqualTo(2);
  }

  @Test
  void timeRunsOut() {
    Budget budget = new Budget(100, 1_000, () -> nowNanos);
    nowNanos += 999;
    assertThat(budget.take()).isTrue();
    nowNanos++;
    assertThat(budget.take()).isFalse();
    assertThat(budget.runs()).isEqualTo(1);
  }
}
