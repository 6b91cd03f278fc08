package io.distkv.storage.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.Clock;
import io.distkv.storage.MemoryDisk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedBudgetsTest {
  private final List<String> asked = new ArrayList<>();

  @Test
  void theLargestMemtableIsFrozenFirst() {
    MemtableBudget budget = new MemtableBudget(1_000);
    MemtableBudget.Account small = budget.open(() -> asked.add("small"));
    MemtableBudget.Account large = budget.open(() -> asked.add("large"));
    small.report(200, 0);
    large.report(600, 0);
    assertThat(asked).isEmpty();
    small.report(290, 0);
    small.report(300, 0);
    assertThat(asked).containsExactly("large");
    large.report(0, 600);
    small.report(400, 0);
    assertThat(asked).containsExactly("large");
    large.report(100, 0);
    assertThat(budget.usedBytes()).isEqualTo(500);
    small.report(800, 0);
    assertThat(asked).containsExactly("large", "small");
    small.close();
    assertThat(budget.usedBytes()).isEqualTo(100);
  }

  @Test
  void nobodyIsAskedWhileHalfOfAllIsOnItsWay() {
    MemtableBudget budget = new MemtableBudget(1_000);
    MemtableBudget.Account first = budget.open(() -> asked.add("first"));
    MemtableBudget.Account second = budget.open(() -> asked.add("second"));
    first.report(100, 600);
    second.report(400, 0);
    assertThat(asked).isEmpty();
    first.report(100, 200);
    second.report(800, 0);
    assertThat(asked).containsExactly("second");
    first.report(200, 0);
    assertThat(asked).containsExactly("second");
  }

  /** Else the large writes of all other trees would wait for ever, and nobody would be asked. */
  @Test
  void whatATreeHoldsThatWillFlushNothingIsUsedButNotAwaited() {
    MemtableBudget budget = new MemtableBudget(1_000);
    MemtableBudget.Account broken = budget.open(() -> asked.add("broken"));
    MemtableBudget.Account other = budget.open(() -> asked.add("other"));
    broken.report(100, 700);
    other.report(200, 0);
    assertThat(budget.awaitsFlush()).isTrue();
    assertThat(asked).isEmpty();
    broken.strand();
    assertThat(budget.usedBytes()).isEqualTo(1_000);
    assertThat(budget.awaitsFlush()).isFalse();
    other.report(250, 0);
    assertThat(asked).containsExactly("other");
    other.report(10, 250);
    assertThat(budget.awaitsFlush()).isTrue();
    broken.report(100, 300);
    assertThat(budget.usedBytes()).isEqualTo(660);
    broken.close();
    assertThat(budget.usedBytes()).isEqualTo(260);
  }

  @Test
  void aTreeOverTheBudgetIsFlushed() {
    TestReplica replica = new TestReplica(1, new MemoryDisk(), TreeOptions.DEFAULT, 0, 50_000);
    for (int i = 0; i < 3_000; i++) {
      replica.put("k" + i, "some value", i + 1);
      replica.sync();
      replica.world.runSome(3);
    }
    replica.world.runAll();
    assertThat(replica.flushes).hasSizeGreaterThan(2);
    assertThat(replica.tree.statistics().memtableBytes()).isLessThan(70_000);
  }

  @Test
  void aSlotGoesToWhoWaitsLongest() {
    CompactionSlots slots = new CompactionSlots(1);
    assertThat(slots.tryTake(true, () -> asked.add("none"))).isTrue();
    assertThat(slots.tryTake(true, () -> asked.add("first"))).isFalse();
    assertThat(slots.tryTake(true, () -> asked.add("second"))).isFalse();
    slots.passOn();
    assertThat(asked).isEmpty();
    slots.release();
    assertThat(asked).containsExactly("first");
    slots.passOn();
    assertThat(asked).containsExactly("first", "second");
    assertThat(slots.tryTake(true, () -> asked.add("third"))).isTrue();
    slots.release();
    assertThat(asked).containsExactly("first", "second");
  }

  @Test
  void whoOnlyHasSpaceToWinWaitsForTheOthers() {
    CompactionSlots slots = new CompactionSlots(1);
    assertThat(slots.tryTake(false, () -> asked.add("none"))).isTrue();
    assertThat(slots.tryTake(false, () -> asked.add("patient"))).isFalse();
    assertThat(slots.tryTake(true, () -> asked.add("first urgent"))).isFalse();
    assertThat(slots.tryTake(true, () -> asked.add("second urgent"))).isFalse();
    slots.release();
    slots.passOn();
    slots.passOn();
    assertThat(asked).containsExactly("first urgent", "second urgent", "patient");
  }

  @Test
  void theRateIsHeldOnAverageAndAllowsABurst() {
    long[] now = {0};
    Clock clock =
        new Clock() {
          @Override
          public long wallMillis() {
            return 0;
          }

          @Override
          public long monotonicNanos() {
            return now[0];
          }
        };
    IoRate rate = new IoRate(clock, 1_000_000);
    assertThat(rate.take(100_000)).isZero();
    assertThat(rate.take(50_000)).isEqualTo(50_000_000L);
    assertThat(rate.take(50_000)).isEqualTo(100_000_000L);
    now[0] = 100_000_000L;
    assertThat(rate.take(0)).isZero();
    now[0] = 10_000_000_000L;
    assertThat(rate.take(200_000)).isEqualTo(100_000_000L);
    assertThat(new IoRate(clock, Long.MAX_VALUE).take(Long.MAX_VALUE)).isZero();
  }

  @Test
  void senselessSizesAreRefused() {
    TestWorld world = new TestWorld(1);
    assertThatThrownBy(() -> new MemtableBudget(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CompactionSlots(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new IoRate(world, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TreeOptions.DEFAULT.withMemtableBytes(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("memtableBytes");
    assertThatThrownBy(() -> TreeOptions.DEFAULT.withCompressions(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("compressions");
  }
}
