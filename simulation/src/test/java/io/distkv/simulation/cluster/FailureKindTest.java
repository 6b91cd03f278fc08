package io.distkv.simulation.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.simulation.world.Violation;
import org.junit.jupiter.api.Test;

/** Failures are the same if nothing but figures tells them apart. */
class FailureKindTest {
  private static FailureKind of(String message) {
    return FailureKind.of(new Violation(message));
  }

  @Test
  void anInvariantIsItsName() {
    assertThat(of("LogMatching: node 1, group 2: one way"))
        .isEqualTo(of("LogMatching: node 7, group 0: another way"))
        .isNotEqualTo(of("ElectionSafety: node 1, group 2: one way"));
  }

  @Test
  void figuresAndLaterLinesDoNotCount() {
    assertThat(of("key \"k1\": NOT linearizable (steps: 52)\nan order"))
        .isEqualTo(of("key \"k0\": NOT linearizable (steps: 7)\nanother"))
        .isNotEqualTo(of("waited in vain for the last answers for 120.0 s"));
  }

  @Test
  void theCauseCounts() {
    FailureKind one =
        FailureKind.of(new Violation("node 1 met a defect", new Violation("position 5")));
    FailureKind same =
        FailureKind.of(new Violation("node 2 met a defect", new Violation("position 77")));
    FailureKind other =
        FailureKind.of(new Violation("node 2 met a defect", new Violation("no such file")));
    assertThat(one).isEqualTo(same).isNotEqualTo(other);
  }

  @Test
  void anExceptionIsItsKindAndItsPlace() {
    assertThat(FailureKind.of(here("x"))).isEqualTo(FailureKind.of(here("x")));
    assertThat(FailureKind.of(here("x"))).isNotEqualTo(FailureKind.of(new RuntimeException("x")));
  }

  private static RuntimeException here(String message) {
    return new IllegalStateException(message);
  }
}
