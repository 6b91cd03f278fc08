package io.distkv.storage.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WriteThrottleTest {
  private static final TreeOptions OPTIONS = TreeOptions.DEFAULT;

  @Test
  void nobodyWaitsWhileUpkeepKeepsUp() {
    double pressure = WriteThrottle.pressure(OPTIONS, 20, OPTIONS.baseLevelBytes() * 8, 1);
    assertThat(WriteThrottle.delayNanos(pressure, 1 << 20)).isZero();
  }

  @Test
  void everyArrearSlowsDown() {
    assertThat(WriteThrottle.pressure(OPTIONS, 30, 0, 0)).isBetween(0.4, 0.6);
    assertThat(WriteThrottle.pressure(OPTIONS, 0, OPTIONS.baseLevelBytes() * 20, 0))
        .isBetween(0.4, 0.6);
    assertThat(WriteThrottle.pressure(OPTIONS, 0, 0, 3)).isBetween(0.4, 0.6);
  }

  @Test
  void aFullBudgetSlowsDown() {
    MemtableBudget budget = new MemtableBudget(1_000);
    MemtableBudget.Account account = budget.open(() -> {});
    account.report(800, 0);
    assertThat(WriteThrottle.pressure(budget)).isNegative();
    account.report(800, 400);
    assertThat(WriteThrottle.pressure(budget)).isBetween(0.9, 1.1);
  }

  /** No step of pressure changes the rate by much, and none stops writers. */
  @Test
  void delaysGrowSmoothlyUpToABound() {
    long before = WriteThrottle.delayNanos(0.001, 1_000);
    assertThat(before).isBetween(1L, 50_000L);
    for (double pressure = 0.01; pressure < 3; pressure += 0.01) {
      long delay = WriteThrottle.delayNanos(pressure, 1_000);
      assertThat(delay).isGreaterThanOrEqualTo(before);
      assertThat(delay).isLessThan(before * 107 / 100 + 10);
      before = delay;
    }
    assertThat(WriteThrottle.delayNanos(1, 4 << 20)).isEqualTo(100_000_000L);
    assertThat(WriteThrottle.delayNanos(1, 1000)).isLessThan(100_000_000L);
  }

  @Test
  void aFlushIsAwaitedWhereMemtablesAreFullAndOneIsDue() {
    MemtableBudget budget = new MemtableBudget(1_000);
    MemtableBudget.Account account = budget.open(() -> {});
    account.report(1_000, 0);
    assertThat(budget.awaitsFlush()).isFalse(); // or nothing would ever come to an end
    account.report(100, 899);
    assertThat(budget.awaitsFlush()).isFalse();
    account.report(100, 900);
    assertThat(budget.awaitsFlush()).isTrue();
    account.report(100, 0);
    assertThat(budget.awaitsFlush()).isFalse();
  }

  /** A rate that does not fall with the size of writes would outrun every flush. */
  @Test
  void largeWritesWaitLongerAndLongestFarBehind() {
    assertThat(WriteThrottle.delayNanos(1, 16 << 20)).isEqualTo(400_000_000L);
    assertThat(WriteThrottle.delayNanos(4, 16 << 20)).isEqualTo(1_600_000_000L);
  }

  /**
   * Writers that come as fast as they are let, against upkeep of a steady speed: the arrears settle
   * instead of swinging between free run and standstill.
   */
  @Test
  void arrearsSettleWhereUpkeepFollows() {
    double drainBytesPerSecond = 20.0 * (1 << 20);
    double debt = 0;
    long longestNanos = 0;
    double low = Double.MAX_VALUE;
    double high = 0;
    int writeBytes = 4_000;
    for (int i = 0; i < 3_000_000; i++) {
      double pressure = WriteThrottle.pressure(OPTIONS, 0, (long) debt, 0);
      long delay = WriteThrottle.delayNanos(pressure, writeBytes);
      longestNanos = Math.max(longestNanos, delay);
      double seconds = (delay + 10_000) / 1e9;
      debt = Math.max(0, debt + writeBytes - drainBytesPerSecond * seconds);
      if (i > 2_900_000) {
        low = Math.min(low, debt);
        high = Math.max(high, debt);
      }
    }
    assertThat(longestNanos).isLessThan(1_000_000);
    assertThat(high - low).isLessThan(OPTIONS.baseLevelBytes() * 0.1);
    assertThat(high).isLessThan(OPTIONS.baseLevelBytes() * 32.0);
  }
}
