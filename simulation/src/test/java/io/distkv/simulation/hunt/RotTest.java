package io.distkv.simulation.hunt;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.simulation.world.Trace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Whatever rots in a node's folder is named by the verifier and by whoever meets it, or touches
 * nothing: fixed seeds in every build, and fresh ones, which are printed, and named by a failure.
 */
class RotTest {

  @Test
  void fixedSeedsFindNothing() {
    hunt("--of", "rot", "--seed", "1", "--seeds", "15");
  }

  @Test
  void freshSeedsFindNothing() {
    long first = new SplittableRandom().nextLong() >>> 1;
    System.out.println("fresh seeds of the rot begin with " + first);
    hunt("--of", "rot", "--seed", Long.toString(first), "--budget", "6s");
  }

  @Test
  void aFewBytesOfManyAreFlippedOneByOne() {
    hunt("--of", "rot-some-bytes", "--seed", "1", "--seeds", "1");
  }

  @Test
  void oneSeedRunsTheSameTwice() {
    Scenario scenario = Scenario.named("rot");
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
