package io.distkv.bench.part;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the benchmarks of this package: nanoseconds per operation, and bytes allocated by it. */
@Command(
    name = "bench/parts",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Measures single parts of the storage engine.")
public final class Parts implements Runnable {
  @Option(
      names = "--filter",
      paramLabel = "REGEX",
      defaultValue = "",
      description = "Only benchmarks whose name has this in it, such as Memtable or Table.get.")
  private String filter = "";

  @Option(names = "--quick", description = "One short run of each: whether it works, no figures.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results there, too.")
  private @Nullable String json;

  /** Runs the command line. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Parts()).execute(args));
  }

  @Override
  public void run() {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("io\\.distkv\\.bench\\.part\\..*" + filter)
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .shouldFailOnError(true);
    if (quick) {
      options.forks(0).warmupIterations(0).measurementIterations(1);
      options.measurementTime(TimeValue.milliseconds(10));
    } else {
      options.forks(3).warmupIterations(5).measurementIterations(5);
      options.warmupTime(TimeValue.seconds(2)).measurementTime(TimeValue.seconds(2));
      options.addProfiler("gc");
    }
    if (json != null) {
      options.resultFormat(ResultFormatType.JSON).result(json);
    }
    try {
      new Runner(options.build()).run();
    } catch (RunnerException e) {
      throw new IllegalStateException(e);
    }
  }
}
