package io.distkv.storage.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpirySpreadTest {

  @Test
  void whateverTheExpiriesTheTimeIsNeverTooEarlyAndNotMuchTooLate() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      long[] expiries = new long[1 + random.nextInt(300)];
      int bits = 1 + random.nextInt(61);
      long base = random.nextLong() >>> (3 + random.nextInt(60));
      ExpirySpread spread = new ExpirySpread();
      for (int i = 0; i < expiries.length; i++) {
        expiries[i] = base + (random.nextLong() >>> (64 - bits));
        spread.add(expiries[i]);
      }
      Arrays.sort(expiries);
      assertThat(spread.total()).isEqualTo(expiries.length);
      long span = expiries[expiries.length - 1] - expiries[0];
      for (int wanted = 1; wanted <= expiries.length; wanted++) {
        long exact = expiries[wanted - 1];
        assertThat(spread.atWhich(wanted) - exact)
            .as("seed %d, %d of %d", seed, wanted, expiries.length)
            .isBetween(0L, span / 16);
      }
      assertThat(spread.atWhich(expiries.length)).isEqualTo(expiries[expiries.length - 1]);
    }
  }

  @Test
  void theFirstAndTheLastTimesThereAreCountToo() {
    ExpirySpread spread = new ExpirySpread();
    spread.add(-5);
    spread.add(Long.MAX_VALUE - 1);
    spread.add(Long.MAX_VALUE);
    assertThat(spread.atWhich(1)).isBetween(-5L, Long.MAX_VALUE / 16);
    assertThat(spread.atWhich(2)).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> spread.atWhich(4)).isInstanceOf(IllegalArgumentException.class);
  }
}
