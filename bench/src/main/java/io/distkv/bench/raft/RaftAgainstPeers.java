package io.distkv.bench.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures three replicas in one process for each contender in turns, each run in a new process on
 * an empty folder, and prints the medians and the ratios. Each round begins with another contender.
 */
@Command(
    name = "bench/raft",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Measures the consensus core on real journals against SOFAJRaft and Apache Ratis.",
      "Three replicas in one process, every log synced before it counts."
    })
public final class RaftAgainstPeers implements Runnable {
  @Option(names = "--runs", description = "Rounds whose median is printed.", defaultValue = "3")
  private int runs;

  @Option(
      names = "--only",
      split = ",",
      description = "These contenders only: ${COMPLETION-CANDIDATES}.",
      defaultValue = "OURS,JRAFT,RATIS")
  private List<Side> sides = List.of();

  @Mixin private LoadOptions load = new LoadOptions();

  @Option(
      names = "--idle",
      paramLabel = "GROUPS",
      description =
          "Measures instead what three nodes take that have so many groups with nothing to do: a"
              + " power of two, up to 4096.",
      defaultValue = "0")
  private int idleGroups;

  @Option(names = "--folder", description = "Where to work; emptied.", required = true)
  private Path folder = Path.of("");

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new RaftAgainstPeers())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(args));
  }

  @Override
  public void run() {
    load.check();
    if (idleGroups > 0) {
      IdleGroups.measure(folder, idleGroups, load.seconds);
      return;
    }
    SortedMap<Side, List<Result>> results = new TreeMap<>();
    try {
      for (int round = 0; round < runs; round++) {
        for (int i = 0; i < sides.size(); i++) {
          Side side = sides.get((round + i) % sides.size());
          System.err.println("run " + (round + 1) + " of " + runs + ": " + side);
          Result result = runApart(side);
          System.err.println("  " + result.toLine());
          results.computeIfAbsent(side, ignored -> new ArrayList<>()).add(result);
        }
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("the comparison stopped: " + e.getMessage(), e);
    }
    print(results);
  }

  private Result runApart(Side side) throws IOException, InterruptedException {
    Path home = folder.resolve(side.name().toLowerCase(Locale.ROOT));
    empty(home);
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), RaftRun.class.getName()));
    command.addAll(List.of("--contender=" + side.name(), "--folder=" + home));
    command.addAll(load.toArguments());
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    Thread stop = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(stop);
    List<String> lines;
    try (BufferedReader output = process.inputReader(UTF_8)) {
      lines = output.lines().toList();
    }
    int code = process.waitFor();
    Runtime.getRuntime().removeShutdownHook(stop);
    empty(home);
    if (code != 0 || lines.isEmpty()) {
      throw new IllegalStateException(side + " ended with " + code);
    }
    return Result.ofLine(lines.getLast());
  }

  private static void empty(Path home) throws IOException {
    if (Files.exists(home)) {
      try (Stream<Path> files = Files.walk(home)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(home);
  }

  private void print(SortedMap<Side, List<Result>> results) {
    StringBuilder head = new StringBuilder(String.format(Locale.ROOT, "%-34s", ""));
    results.keySet().forEach(side -> head.append(String.format(Locale.ROOT, "%12s", side)));
    Side first = results.firstKey();
    results.keySet().stream()
        .skip(1)
        .forEach(side -> head.append(String.format(Locale.ROOT, "%22s", first + "/" + side)));
    System.out.println(
        load.payloadBytes + " B, " + load.inFlight + " in flight, medians of " + runs + " runs");
    System.out.println(head);
    SortedMap<Side, Result> medians = new TreeMap<>();
    results.forEach((side, each) -> medians.put(side, Result.median(each)));
    for (Result.Measure measure : Result.Measure.values()) {
      StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-34s", measure.title()));
      double own = Double.NaN;
      StringBuilder ratios = new StringBuilder();
      for (Side side : medians.keySet()) {
        double value = medians.getOrDefault(side, new Result(new TreeMap<>())).value(measure);
        line.append(
            String.format(
                Locale.ROOT, measure == Result.Measure.RATE ? "%12.0f" : "%12.2f", value));
        if (side == first) {
          own = value;
        } else {
          ratios.append(String.format(Locale.ROOT, "%21.2fx", own / value));
        }
      }
      System.out.println(line.append(ratios));
    }
  }
}
