package io.distkv.bench.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * That every benchmark of a part still runs, once and briefly; figures are none of its business.
 */
final class PartsTest {
  @Test
  void everyBenchmarkRuns(@TempDir Path folder) throws Exception {
    // Another run on this machine does no harm, since nobody looks at the figures.
    System.setProperty("jmh.ignoreLock", "true");
    Path results = folder.resolve("results.json");
    int code = new CommandLine(new Parts()).execute("--quick", "--json", results.toString());
    assertThat(code).isZero();
    assertThat(Files.readString(results))
        .contains(
            "JournalBenchmark.append",
            "MemtableBenchmark.get",
            "MemtableBenchmark.put",
            "RaftCoreBenchmark.leader",
            "RaftCoreBenchmark.threeReplicas",
            "RaftIdleBenchmark.second",
            "StampBenchmark.keyHash",
            "StampBenchmark.version",
            "TableBenchmark.decodeBlock",
            "TableBenchmark.filterAbsent",
            "TableBenchmark.getCached");
  }
}
