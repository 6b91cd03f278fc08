package io.distkv.bench.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads one key from a node and from a server that does nothing else, in turns. */
@Command(
    name = "bench/http",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Reads one key over HTTP from a node and from a bare server of the same library, in turns,"
            + " and prints medians of the rates, the processor time of the servers, and ratios.")
final class HttpAgainstBare implements Callable<Integer> {
  @Option(names = "--node", required = true, description = "PORT:PROCESS of the node")
  private String node = "";

  @Option(names = "--bare", required = true, description = "PORT:PROCESS of the bare server")
  private String bare = "";

  @Option(names = "--path", required = true, description = "what is read")
  private String path = "";

  @Option(names = "--value-bytes", description = "size of the value (${DEFAULT-VALUE})")
  private int valueBytes = 256;

  @Option(names = "--connections", description = "at a time (${DEFAULT-VALUE})")
  private int connections = 8;

  @Option(names = "--runs", description = "rounds; each measures both (${DEFAULT-VALUE})")
  private int runs = 5;

  @Option(names = "--seconds", description = "of one measurement (${DEFAULT-VALUE})")
  private int seconds = 5;

  @Option(names = "--seconds-warm-up", description = "of each server (${DEFAULT-VALUE})")
  private int warmUpSeconds = 20;

  private HttpAgainstBare() {}

  /** Measures what the command line says. */
  public static void main(String... args) {
    System.exit(new CommandLine(new HttpAgainstBare()).execute(args));
  }

  /** What one measurement found. */
  private record Rate(double perSecond, double cpuMicros) {}

  /** A server to be measured. */
  private record Server(String name, int port, long process) {
    static Server of(String name, String text) {
      String[] parts = text.split(":", 2);
      return new Server(name, Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
    }
  }

  @Override
  public Integer call() throws Exception {
    List<Server> servers = List.of(Server.of("node", node), Server.of("bare", bare));
    try (KeepAliveClient client = new KeepAliveClient(servers.getFirst().port())) {
      byte[] value = new byte[valueBytes];
      client.call(KeepAliveClient.head("PUT", path, valueBytes), value);
    }
    for (Server server : servers) {
      System.err.println("warming up " + server.name() + " for " + warmUpSeconds + " s");
      measure(server, warmUpSeconds);
    }
    Map<String, List<Rate>> rates = new LinkedHashMap<>();
    for (int run = 0; run < runs; run++) {
      for (Server server : run % 2 == 0 ? servers : servers.reversed()) {
        Rate rate = measure(server, seconds);
        System.err.printf(
            "run %d of %d: %s %.0f/s%n", run + 1, runs, server.name(), rate.perSecond());
        rates.computeIfAbsent(server.name(), any -> new ArrayList<>()).add(rate);
      }
    }
    Rate base = median(rates.getOrDefault("bare", List.of()));
    System.out.printf(
        "%-6s %12s %12s %8s %10s%n", "server", "requests/s", "CPU us/op", "ratio", "CPU ratio");
    for (Server server : servers) {
      Rate rate = median(rates.getOrDefault(server.name(), List.of()));
      System.out.printf(
          "%-6s %12.0f %12.2f %7.2fx %9.2fx%n",
          server.name(),
          rate.perSecond(),
          rate.cpuMicros(),
          rate.perSecond() / base.perSecond(),
          rate.cpuMicros() / base.cpuMicros());
    }
    return 0;
  }

  private Rate measure(Server server, int forSeconds) throws Exception {
    long cpuBefore = cpuMillis(server.process());
    long begin = System.nanoTime();
    long end = begin + forSeconds * 1_000_000_000L;
    List<FutureTask<Long>> loads = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      FutureTask<Long> load = new FutureTask<>(() -> load(server.port(), end));
      loads.add(load);
      Thread.ofPlatform().name("load-" + i).start(load);
    }
    long requests = 0;
    for (FutureTask<Long> load : loads) {
      requests += await(load);
    }
    double elapsedSeconds = (System.nanoTime() - begin) / 1e9;
    double cpuMicros = (cpuMillis(server.process()) - cpuBefore) * 1_000.0;
    return new Rate(requests / elapsedSeconds, cpuMicros / requests);
  }

  private static long await(FutureTask<Long> load) throws Exception {
    try {
      return load.get();
    } catch (ExecutionException e) {
      throw new IOException("a connection failed", e);
    }
  }

  private long load(int port, long end) throws IOException {
    byte[] request = KeepAliveClient.head("GET", path, 0);
    long requests = 0;
    try (KeepAliveClient client = new KeepAliveClient(port)) {
      while (System.nanoTime() < end) {
        int status = client.call(request);
        if (status != 200) {
          throw new IOException("answered with " + status);
        }
        requests++;
      }
    }
    return requests;
  }

  /** Processor time of a process, as Linux counts it: in hundredths of a second. */
  private static long cpuMillis(long process) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10;
  }

  private static Rate median(List<Rate> rates) {
    double[] perSecond = rates.stream().mapToDouble(Rate::perSecond).sorted().toArray();
    double[] cpu = rates.stream().mapToDouble(Rate::cpuMicros).sorted().toArray();
    if (rates.isEmpty()) {
      throw new IllegalStateException("nothing was measured: " + Arrays.toString(perSecond));
    }
    return new Rate(perSecond[perSecond.length / 2], cpu[cpu.length / 2]);
  }
}
