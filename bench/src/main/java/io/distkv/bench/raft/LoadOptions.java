package io.distkv.bench.raft;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How much load there is, and for how long. */
final class LoadOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(names = "--in-flight", description = "Proposals at once.", defaultValue = "256")
  int inFlight;

  @Option(names = "--bytes", description = "Bytes of a proposal.", defaultValue = "256")
  int payloadBytes;

  @Option(names = "--seconds", description = "How long to measure.", defaultValue = "20")
  int seconds;

  @Option(
      names = "--warm-up-seconds",
      description = "Load before that, which lets the compilers finish.",
      defaultValue = "20")
  int warmUpSeconds;

  @Option(
      names = "--most",
      description = "Proposals of a run, and of its warm-up, at most.",
      defaultValue = "20000000")
  long most;

  void check() {
    require("--in-flight", inFlight, 1, 10_000);
    require("--bytes", payloadBytes, 1, 1 << 20);
    require("--seconds", seconds, 1, 600);
    require("--warm-up-seconds", warmUpSeconds, 0, 600);
    require("--most", most, 1, 100_000_000);
  }

  private void require(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(), option + " must be from " + least + " to " + most + ", not " + value);
    }
  }

  /** The same options for another process. */
  List<String> toArguments() {
    return List.of(
        "--in-flight=" + inFlight,
        "--bytes=" + payloadBytes,
        "--seconds=" + seconds,
        "--warm-up-seconds=" + warmUpSeconds,
        "--most=" + most);
  }
}
