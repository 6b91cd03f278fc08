package io.distkv.simulation.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.VirtualTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Faults are values that follow from the dice alone. */
class FaultDiceTest {
  private static final long EVERY = VirtualTime.SECOND;
  private static final long UNTIL = 30 * VirtualTime.SECOND;

  private static List<PlannedFault> draw(long seed, int machines) {
    return FaultDice.draw(new SimulatedRandomness(seed), new Extent(machines, 4), EVERY, UNTIL);
  }

  @Test
  void theSameSeedDrawsTheSame() {
    assertThat(draw(7, 5)).isNotEmpty().isEqualTo(draw(7, 5)).isNotEqualTo(draw(8, 5));
  }

  @Test
  void numbersGoWithTime() {
    List<PlannedFault> faults = draw(7, 5);
    for (int i = 0; i < faults.size(); i++) {
      assertThat(faults.get(i).number()).isEqualTo(i + 1);
      assertThat(faults.get(i).atNanos())
          .isBetween(i == 0 ? 0 : faults.get(i - 1).atNanos(), UNTIL);
    }
  }

  /** What a fault draws, more of it for more machines, shifts none of those after it. */
  @Test
  void whatOneDrawsIsNothingToTheOthers() {
    List<PlannedFault> few = draw(7, 2);
    List<PlannedFault> many = draw(7, 9);
    assertThat(few).isNotEqualTo(many);
    assertThat(few.stream().map(PlannedFault::atNanos))
        .containsExactlyElementsOf(many.stream().map(PlannedFault::atNanos).toList());
    assertThat(few.stream().map(PlannedFault::kind))
        .containsExactlyElementsOf(many.stream().map(PlannedFault::kind).toList());
  }

  @Test
  void everyKindIsDrawnAndHasWords() {
    Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
    for (long seed = 0; seed < 50; seed++) {
      for (PlannedFault fault : draw(seed, 5)) {
        kinds.add(fault.kind());
        assertThat(fault.fault().words()).isNotBlank().doesNotEndWith(".");
      }
    }
    assertThat(kinds).containsExactlyInAnyOrder(FaultKind.values());
  }

  @Test
  void wordsSayWhatHappens() {
    assertThat(new Pause(3, 1_500_000).words()).isEqualTo("node 3 stands still for 1.5 ms");
    assertThat(new ClockJump(2, -90_000).words())
        .isEqualTo("the clock of node 2 is set back by 90.00 s");
  }
}
