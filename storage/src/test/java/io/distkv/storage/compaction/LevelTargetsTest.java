package io.distkv.storage.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LevelTargetsTest {
  private static final long MIB = 1L << 20;

  private static LevelTargets targets(long... mebibytes) {
    long[] bytes = new long[mebibytes.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = mebibytes[i] * MIB;
    }
    return LevelTargets.of(bytes, 256 * MIB, 10);
  }

  @Test
  void anEmptyTreeMergesIntoTheLastLevel() {
    assertThat(targets(0, 0, 0, 0, 0, 0, 0).base()).isEqualTo(6);
    assertThat(targets(500, 0, 0, 0, 0, 0, 100).base()).isEqualTo(6);
  }

  @Test
  void aLargeLastLevelGetsLevelsAboveIt() {
    LevelTargets targets = targets(0, 0, 0, 0, 0, 0, 20_000);
    assertThat(targets.base()).isEqualTo(4);
    assertThat(targets.target(4)).isEqualTo(200 * MIB);
    assertThat(targets.target(5)).isEqualTo(2_000 * MIB);
    assertThat(targets.target(6)).isEqualTo(20_000 * MIB);
    assertThat(targets.target(3)).isZero();
  }

  @Test
  void theBaseIsNeverBelowALevelInUse() {
    LevelTargets targets = targets(0, 0, 10, 0, 0, 0, 100);
    assertThat(targets.base()).isEqualTo(2);
    assertThat(targets.target(2)).isGreaterThanOrEqualTo(25 * MIB);
  }

  @Test
  void excessCountsWhatIsOverTheTargets() {
    long[] bytes = {0, 0, 0, 0, 500 * MIB, 1_000 * MIB, 20_000 * MIB};
    LevelTargets targets = LevelTargets.of(bytes, 256 * MIB, 10);
    assertThat(targets.excess(bytes)).isEqualTo(300 * MIB);
  }

  @Test
  void upperLevelsHoldLittleOfTheWhole() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      long last = 1 + random.nextLong(1L << 45);
      long[] bytes = {0, 0, 0, 0, 0, 0, last};
      LevelTargets targets = LevelTargets.of(bytes, 1 << 20, 10);
      long above = 0;
      for (int level = targets.base(); level < 6; level++) {
        above += targets.target(level);
        assertThat(targets.target(level + 1)).as("seed %d", seed).isGreaterThan(0);
      }
      boolean fits = last < (1L << 20) * 100_000;
      assertThat(!fits || above <= last / 8 + (1 << 20)).as("seed %d: %s", seed, targets).isTrue();
    }
  }
}
