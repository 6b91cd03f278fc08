package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long it is waited before a retry, and how many there may be. */
class WaitsTest {
  private static final long FIRST = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

  @Test
  void waitsDoubleUpToTheLongest() {
    Backoff longest = new Backoff(FIRST, LONGEST, () -> 1);
    assertThat(longest.nanos(1, 0)).isEqualTo(FIRST);
    assertThat(longest.nanos(2, 0)).isEqualTo(2 * FIRST);
    assertThat(longest.nanos(5, 0)).isEqualTo(16 * FIRST);
    for (int retry : new int[] {7, 40, 64, 99, 10_000}) {
      assertThat(longest.nanos(retry, 0)).isEqualTo(LONGEST);
    }
  }

  @Test
  void theJitterIsFullAndComesOnTopOfWhatTheNodeAsksFor() {
    assertThat(new Backoff(FIRST, LONGEST, () -> 0).nanos(9, 0)).isZero();
    assertThat(new Backoff(FIRST, LONGEST, () -> 0.5).nanos(1, 0)).isEqualTo(FIRST / 2);
    assertThat(new Backoff(FIRST, LONGEST, () -> 0).nanos(1, 100)).isEqualTo(5 * FIRST);
    assertThat(new Backoff(FIRST, LONGEST, () -> 1).nanos(1, 100)).isEqualTo(6 * FIRST);
  }

  @Test
  void theBudgetIsSpentAndEarned() {
    RetryBudget budget = new RetryBudget(2, 0.1);
    assertThat(budget.take()).isTrue();
    assertThat(budget.take()).isTrue();
    assertThat(budget.take()).isFalse();
    for (int i = 0; i < 9; i++) {
      budget.succeeded();
    }
    assertThat(budget.take()).isFalse();
    budget.succeeded();
    assertThat(budget.take()).isTrue();
    assertThat(budget.take()).isFalse();
  }

  @Test
  void theBudgetIsNeverMoreThanAtFirst() {
    RetryBudget budget = new RetryBudget(1, 1);
    for (int i = 0; i < 100; i++) {
      budget.succeeded();
    }
    assertThat(budget.take()).isTrue();
    assertThat(budget.take()).isFalse();
    assertThat(new RetryBudget(0, 1).take()).isFalse();
  }

  @Test
  void aPolicyHasRanges() {
    RetryPolicy policy = RetryPolicy.DEFAULT;
    assertThatThrownBy(() -> policy.withAttempts(0)).hasMessageContaining("attempts");
    assertThatThrownBy(() -> policy.withBudget(1, 1.1)).hasMessageContaining("budgetPerSuccess");
    assertThatThrownBy(() -> policy.withBackoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .hasMessageContaining("longestBackoff");
    assertThat(RetryPolicy.NONE.attempts()).isEqualTo(1);
  }
}
