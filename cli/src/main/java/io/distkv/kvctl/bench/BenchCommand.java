package io.distkv.kvctl.bench;

import io.distkv.kvctl.Action;
import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import io.distkv.kvctl.text.Durations;
import io.distkv.kvctl.wire.ConnectionException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "bench",
    header = "Measures throughput and latency of a node.",
    description = {
      "Closed loop (the default): each connection sends its next requests when the last are answered;",
      "the figure to look at is throughput. Open loop (--rate): requests are due at that rate whatever",
      "the node does, and latency counts from when each was due, so that a stall shows in full (no",
      "coordinated omission); the figures to look at are the percentiles.",
      "",
      "Writes keys that begin with --key-prefix and leaves them there."
    },
    footer = {
      "",
      "Examples:",
      "  kvctl bench",
      "  kvctl bench --rate 20000 --duration 60s --read-ratio 0.9 --distribution zipf",
      "  kvctl bench --connections 1 --pipeline 16 --count 1000000 --value-size 100 -o json",
      "  kvctl delete --pattern 'bench/*' --yes"
    })
public final class BenchCommand extends Action {
  private static final int MAX_CONNECTIONS = 10_000;
  private static final int MAX_PIPELINE = 10_000;
  private static final int MAX_VALUE_BYTES = 16 << 20;
  private static final long MAX_KEYS = 1_000_000_000L;
  private static final double MAX_RATE = 100_000_000;
  private static final int OPEN_PIPELINE = 128;
  private static final Duration LONGEST = Duration.ofDays(1);

  @Option(
      names = {"-c", "--connections"},
      paramLabel = "N",
      defaultValue = "50",
      description = "Connections (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = {"-P", "--pipeline"},
      paramLabel = "N",
      description = "Requests under way on each connection (default: 1; with --rate 128).")
  private @Nullable Integer pipeline;

  @Option(
      names = "--rate",
      paramLabel = "OPS",
      description = "Operations a second over all connections: an open loop.")
  private @Nullable Double rate;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description = "How long to measure (default: 10s; with --count at most a day).")
  private @Nullable Duration duration;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "How many operations to measure.")
  private @Nullable Long count;

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      defaultValue = "3s",
      description = "How long to run before measuring (default: ${DEFAULT-VALUE}; 'none').")
  @SuppressWarnings("NullAway.Init")
  private String warmUp;

  @Option(
      names = "--read-ratio",
      paramLabel = "SHARE",
      defaultValue = "0.5",
      description = "Share of reads, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double readRatio;

  @Option(
      names = {"-d", "--value-size"},
      paramLabel = "BYTES",
      defaultValue = "256",
      description = "Size of values (default: ${DEFAULT-VALUE}).")
  private int valueBytes;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "100000",
      description = "How many keys (default: ${DEFAULT-VALUE}).")
  private long keys;

  @Option(
      names = "--distribution",
      paramLabel = "NAME",
      defaultValue = "uniform",
      description = "Which keys come: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private KeyChooser.Distribution distribution;

  @Option(
      names = "--zipf-exponent",
      paramLabel = "X",
      defaultValue = "0.99",
      description = "How uneven zipf is (default: ${DEFAULT-VALUE}).")
  private double zipfExponent;

  @Option(
      names = "--key-prefix",
      paramLabel = "TEXT",
      defaultValue = "bench/",
      description = "What all keys begin with (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private String keyPrefix;

  @Option(
      names = "--no-fill",
      description = "Do not write all keys first; reads may then find nothing.")
  private boolean noFill;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Where randomness begins (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  protected ExitCode act() throws ConnectionException {
    BenchPlan plan = plan();
    BenchRun run = new BenchRun(kvctl(), plan);
    if (!noFill && readRatio > 0) {
      run.fill();
    }
    Measurements measurements = run.run();
    // Clears the flag, too: output would else be refused on the way.
    boolean interrupted = Thread.interrupted();
    BenchReport report = new BenchReport(plan, measurements);
    if (kvctl().json()) {
      report.printJson(shell());
    } else {
      report.printTable(shell());
    }
    if (interrupted) {
      throw Failure.interrupted(null);
    }
    return measurements.failures() == 0 ? ExitCode.DONE : ExitCode.PARTIAL;
  }

  private BenchPlan plan() {
    int depth = pipeline != null ? pipeline : rate == null ? 1 : OPEN_PIPELINE;
    require(connections, 1, MAX_CONNECTIONS, "--connections");
    require(depth, 1, MAX_PIPELINE, "--pipeline");
    require(valueBytes, 0, MAX_VALUE_BYTES, "--value-size");
    require(keys, 1, MAX_KEYS, "--keys");
    require(count == null ? 1 : count, 1, Long.MAX_VALUE - 1, "--count");
    if (rate != null && !(rate > 0 && rate <= MAX_RATE)) {
      throw Failure.usage("--rate is " + rate + ", but it is more than 0 and at most 100000000");
    }
    if (!(readRatio >= 0 && readRatio <= 1)) {
      throw Failure.usage("--read-ratio is " + readRatio + ", but it goes from 0 to 1");
    }
    if (!(zipfExponent > 0 && zipfExponent <= 10)) {
      throw Failure.usage("--zipf-exponent is " + zipfExponent + ", but it goes up to 10 from 0");
    }
    Duration measured = duration;
    if (measured == null) {
      measured = count == null ? Duration.ofSeconds(10) : LONGEST;
    }
    return new BenchPlan(
        kvctl().respTarget(),
        connections,
        depth,
        rate == null ? 0 : rate,
        warmUp.equals("none") ? Duration.ZERO : parse(warmUp),
        measured.compareTo(LONGEST) > 0 ? LONGEST : measured,
        count == null ? Long.MAX_VALUE : count,
        readRatio,
        valueBytes,
        keys,
        KeyChooser.of(distribution, keys, zipfExponent),
        keyPrefix,
        seed);
  }

  private static Duration parse(String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, "--warm-up: " + e.getMessage(), e);
    }
  }

  private static void require(long value, long least, long most, String option) {
    if (value < least || value > most) {
      throw Failure.usage(
          "%s is %d, but it goes from %d to %d".formatted(option, value, least, most));
    }
  }
}
