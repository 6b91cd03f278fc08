package io.distkv.bench.tree;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the tree and RocksDB in turns, in one process on one disk, and prints the medians and
 * their ratio. The order of the two alternates from run to run, and each run of each side starts
 * from an empty folder.
 */
@Command(
    name = "bench/tree",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Measures the tree and its journal against RocksDB, side by side.")
public final class TreeAgainstRocksDb implements Runnable {
  private static final int SYNCED_WRITERS = 16;
  private static final int READS_AFTER_REOPEN = 100_000;

  /** One reopen lasts a third of a second, which a single pause of the machine could decide. */
  private static final int REOPENS = 5;

  private static final OperatingSystemMXBean MACHINE =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  @Option(names = "--keys", description = "Keys to fill with.", defaultValue = "2000000")
  private int keys;

  @Option(names = "--value-bytes", description = "Bytes of a value.", defaultValue = "100")
  private int valueBytes;

  @Option(names = "--runs", description = "Rounds whose median is printed.", defaultValue = "3")
  private int runs;

  @Option(
      names = "--warm-up-keys",
      description = "Keys of the unmeasured first round, which lets the compilers finish.",
      defaultValue = "1000000")
  private int warmUpKeys;

  @Option(names = "--memtable-mib", description = "Memtable of each side.", defaultValue = "64")
  private int memtableMib;

  @Option(names = "--cache-mib", description = "Block cache of each side.", defaultValue = "512")
  private int cacheMib;

  @Option(
      names = "--puts-per-turn",
      description = "Puts the tree logs with one write.",
      defaultValue = "1")
  private int putsPerTurn;

  @Option(names = "--only", description = "One side only: tree or rocksdb.", defaultValue = "")
  private String only = "";

  @Option(names = "--folder", description = "Where to work; emptied.", required = true)
  private Path folder = Path.of("");

  public static void main(String[] args) {
    System.exit(new CommandLine(new TreeAgainstRocksDb()).execute(args));
  }

  @Override
  public void run() {
    try {
      compare();
    } catch (Exception e) {
      throw new IllegalStateException("the comparison stopped: " + e.getMessage(), e);
    }
  }

  private void compare() throws Exception {
    Workload workload = new Workload(keys, valueBytes);
    System.out.println(workload);
    List<Contender> contenders = contenders();
    Map<String, Map<Measurement, List<Double>>> results = new LinkedHashMap<>();
    if (warmUpKeys > 0) {
      for (Contender contender : contenders) {
        System.err.println("warming up " + contender.name());
        measure(contender, new Workload(warmUpKeys, valueBytes));
      }
    }
    for (int run = 0; run < runs; run++) {
      for (Contender contender : run % 2 == 0 ? contenders : contenders.reversed()) {
        System.err.println("run " + (run + 1) + " of " + runs + ": " + contender.name());
        measure(contender, workload)
            .forEach((measurement, value) -> {
              System.err.println("  " + measurement.title() + ": " + written(value).strip());
              results
                  .computeIfAbsent(contender.name(), ignored -> new EnumMap<>(Measurement.class))
                  .computeIfAbsent(measurement, ignored -> new ArrayList<>())
                  .add(value);
            });
      }
    }
    print(contenders, results);
  }

  private List<Contender> contenders() {
    List<Contender> contenders = new ArrayList<>();
    if (!only.equals("rocksdb")) {
      contenders.add(new TreeContender(mebibytes(memtableMib), mebibytes(cacheMib), putsPerTurn));
    }
    if (!only.equals("tree")) {
      contenders.add(new RocksDbContender(mebibytes(memtableMib), mebibytes(cacheMib)));
    }
    return contenders;
  }

  private Map<Measurement, Double> measure(Contender contender, Workload workload)
      throws Exception {
    Map<Measurement, Double> result = new EnumMap<>(Measurement.class);
    Path home = folder.resolve(contender.name());
    empty(home);
    int reads = Math.min(1_000_000, workload.keyCount());
    contender.open(home);
    try {
      long processorBefore = MACHINE.getProcessCpuTime();
      result.put(
          Measurement.FILL, perSecond(workload.keyCount(), () -> contender.fill(workload, 0)));
      result.put(
          Measurement.OVERWRITE,
          perSecond(workload.keyCount(), () -> contender.fill(workload, workload.keyCount())));
      double microseconds = (MACHINE.getProcessCpuTime() - processorBefore) / 1e3;
      result.put(Measurement.FILL_PROCESSOR, microseconds / (2.0 * workload.keyCount()));
      contender.settle();
      contender.readRandom(workload, reads, 1);
      result.put(
          Measurement.READ_CACHED,
          perSecond(reads, () -> contender.readRandom(workload, reads, 2)));
      contender.scan(workload, reads / 50, 3);
      result.put(
          Measurement.SCAN, perSecond(reads / 20, () -> contender.scan(workload, reads / 20, 4)));
      contender.close();
      // Closed, so that no table is counted that is only waiting to be deleted.
      result.put(Measurement.SIZE, tableBytes(home) / 1e6);
      result.put(Measurement.READ_REOPENED, readReopened(contender, home, workload));
      contender.open(home);
      int perWriter = 5_000;
      result.put(
          Measurement.PUT_SYNCED,
          perSecond(
              (long) SYNCED_WRITERS * perWriter,
              () -> contender.putSynced(workload, SYNCED_WRITERS, perWriter)));
    } finally {
      contender.close();
      empty(home);
    }
    return result;
  }

  /** Median over several reopens, each with an empty block cache; the files stay in memory. */
  private static double readReopened(Contender contender, Path home, Workload workload)
      throws Exception {
    List<Double> perSecond = new ArrayList<>();
    for (int reopen = 0; reopen < REOPENS; reopen++) {
      long seed = 5L + reopen;
      contender.open(home);
      perSecond.add(
          perSecond(
              READS_AFTER_REOPEN, () -> contender.readRandom(workload, READS_AFTER_REOPEN, seed)));
      contender.close();
    }
    System.err.println(
        "  reopened: "
            + perSecond.stream().map(v -> String.format(Locale.ROOT, "%.0f", v)).toList());
    return median(perSecond);
  }

  private interface Step {
    void run() throws Exception;
  }

  private static double perSecond(long operations, Step step) throws Exception {
    long began = System.nanoTime();
    step.run();
    return operations * 1e9 / (System.nanoTime() - began);
  }

  /** Bytes in table files alone: logs and manifests are of other kinds on the two sides. */
  private static long tableBytes(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      return files
          .filter(file -> file.toString().endsWith(".sst"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
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

  private static void print(
      List<Contender> contenders, Map<String, Map<Measurement, List<Double>>> results) {
    StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-50s", "median"));
    contenders.forEach(c -> line.append(String.format(Locale.ROOT, "%12s", c.name())));
    System.out.println(line + (contenders.size() > 1 ? "   ratio" : ""));
    for (Measurement measurement : Measurement.values()) {
      line.setLength(0);
      line.append(String.format(Locale.ROOT, "%-50s", measurement.title()));
      List<Double> medians = new ArrayList<>();
      for (Contender contender : contenders) {
        double median =
            median(
                results
                    .getOrDefault(contender.name(), Map.of())
                    .getOrDefault(measurement, List.of(Double.NaN)));
        medians.add(median);
        line.append(written(median));
      }
      if (medians.size() == 2) {
        line.append(String.format(Locale.ROOT, "%7.2fx", medians.get(0) / medians.get(1)));
        line.append(measurement.lessIsBetter() ? " (less is better)" : "");
      }
      System.out.println(line);
    }
  }

  private static String written(double value) {
    return String.format(Locale.ROOT, value < 1_000 ? "%12.2f" : "%12.0f", value);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  private static long mebibytes(int count) {
    return (long) count << 20;
  }
}
