package io.distkv.simulation.hunt;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.simulation.world.Trace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same operations under many configurations give the same answers: fixed seeds in every build,
 * and fresh ones, which are printed, and named by a failure.
 */
class VariantsTest {
  private static final String FRESH_BUDGET = "6s";

  @ParameterizedTest
  @CsvSource({"tree-variants, 20", "node-variants, 10"})
  void fixedSeedsShowNoDifference(String scenario, String seeds) {
    hunt("--of", scenario, "--seed", "1", "--seeds", seeds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tree-variants", "node-variants"})
  void freshSeedsShowNoDifference(String scenario) {
    long first = new SplittableRandom().nextLong() >>> 1;
    System.out.println("fresh seeds of the " + scenario + " begin with " + first);
    hunt("--of", scenario, "--seed", Long.toString(first), "--budget", FRESH_BUDGET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tree-variants", "node-variants"})
  void oneSeedRunsTheSameTwice(String name) {
    Scenario scenario = Scenario.named(name);
    String hash = scenario.run(5, new Trace()).traceHash();
    assertThat(scenario.run(5, new Trace()).traceHash()).isEqualTo(hash);
    assertThat(scenario.run(6, new Trace()).traceHash()).isNotEqualTo(hash);
  }

  private static void hunt(String... args) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int exitCode = new CrashHunt(out).run(args);
    assertThat(exitCode).as(bytes.toString(StandardCharsets.UTF_8)).isZero();
  }
}
