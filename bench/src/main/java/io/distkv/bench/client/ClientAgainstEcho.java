package io.distkv.bench.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Measures all sides in turns, each round beginning with another one, and prints the medians. */
@Command(
    name = "bench/client",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Measures the Java client before a node: puts and gets that share messages against calls of"
          + " their own;",
      "and calls to a node against the same calls to a bare server of grpc-java: one that answers on"
          + " its event loop, as a node does, and one with the thread pool that grpc-java gives"
          + " where nothing is said.",
      "Goals: sharing 5 times as fast as calls; a node 0.7 times as fast as the first."
    })
public final class ClientAgainstEcho implements Runnable {
  private static final int FILL_IN_FLIGHT = 256;

  @Option(names = "--runs", description = "Rounds whose median is printed.", defaultValue = "3")
  private int runs;

  @Option(names = "--seconds", description = "Length of a measurement.", defaultValue = "10")
  private int seconds;

  @Option(
      names = "--warm-up-seconds",
      description = "Load of each side before the first round.",
      defaultValue = "20")
  private int warmUpSeconds;

  @Option(names = "--in-flight", description = "Operations at once.", defaultValue = "256")
  private int inFlight;

  @Option(names = "--bytes", description = "Bytes of a value.", defaultValue = "256")
  private int valueBytes;

  @Option(names = "--keys", description = "Keys, in any order.", defaultValue = "100000")
  private int keyCount;

  @Option(
      names = "--only",
      split = ",",
      description = "These sides only: ${COMPLETION-CANDIDATES}.")
  private List<Side> only = List.of();

  @Option(names = "--node", hidden = true, required = true)
  private String node = "";

  @Option(names = "--node-pid", hidden = true, required = true)
  private long nodePid;

  @Option(names = "--other-node", hidden = true)
  private @Nullable String otherNode;

  @Option(names = "--other-node-pid", hidden = true)
  private long otherNodePid;

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new ClientAgainstEcho())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(args));
  }

  @Override
  public void run() {
    Map<Side, List<Result>> results = new EnumMap<>(Side.class);
    List<Side> sides = sides();
    Work work = new Work(keyCount, valueBytes);
    try (Echo echo = Echo.start(valueBytes)) {
      fill(node, work);
      if (otherNode != null) {
        fill(otherNode, work);
      }
      for (Side side : sides) {
        System.err.println("warming up: " + side.title());
        measure(side, echo, work, warmUpSeconds);
      }
      for (int round = 0; round < runs; round++) {
        for (int i = 0; i < sides.size(); i++) {
          Side side = sides.get((round + i) % sides.size());
          Result result = measure(side, echo, work, seconds);
          System.err.printf(
              Locale.ROOT,
              "run %d of %d: %s: %.0f/s%n",
              round + 1,
              runs,
              side.title(),
              result.rate());
          results.computeIfAbsent(side, _ -> new ArrayList<>()).add(result);
        }
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("the comparison stopped: " + e.getMessage(), e);
    }
    print(results);
  }

  /** Those asked for; else all for which there is a server. */
  private List<Side> sides() {
    List<Side> served =
        Stream.of(Side.values())
            .filter(side -> otherNode != null || side.before() != Side.Before.OTHER_NODE)
            .toList();
    if (!served.containsAll(only)) {
      throw new ParameterException(
          new CommandLine(this), "there is no other node: --beside FOLDER names it");
    }
    return only.isEmpty() ? served : only;
  }

  /** All keys are there, so that reads find something. */
  private static void fill(String address, Work work) throws InterruptedException {
    Semaphore free = new Semaphore(FILL_IN_FLIGHT);
    try (var client = io.distkv.client.DistKv.connect(address)) {
      var keyspace = client.keyspace("default", byte[].class, byte[].class).async();
      for (int i = 0; i < work.keyCount(); i++) {
        free.acquire();
        var _ = keyspace.put(work.key(i), work.value()).whenComplete((_, _) -> free.release());
      }
      free.acquire(FILL_IN_FLIGHT);
    }
  }

  private Result measure(Side side, Echo echo, Work work, int lengthSeconds)
      throws InterruptedException {
    String address =
        switch (side.before()) {
          case ECHO -> echo.address();
          case POOLED_ECHO -> echo.pooledAddress();
          case NODE -> node;
          case OTHER_NODE -> requireNonNull(otherNode);
        };
    ProcessHandle server =
        switch (side.before()) {
          case ECHO, POOLED_ECHO -> echo.process();
          case NODE -> ProcessHandle.of(nodePid).orElseThrow();
          case OTHER_NODE -> ProcessHandle.of(otherNodePid).orElseThrow();
        };
    try (Contender contender = side.connect(address, work)) {
      return new Load(contender, inFlight)
          .run(Duration.ofSeconds(lengthSeconds), Long.MAX_VALUE, server);
    }
  }

  /** The bare servers, in a process of their own. */
  private record Echo(Process started, String address, String pooledAddress)
      implements AutoCloseable {

    static Echo start(int valueBytes) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(ProcessHandle.current().info().command().orElse("java"));
      command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.addAll(List.of(EchoServer.class.getName(), Integer.toString(valueBytes)));
      Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
      BufferedReader output = process.inputReader(UTF_8);
      String addresses = output.readLine();
      if (addresses == null) {
        throw new IOException("the bare servers did not start");
      }
      String[] each = addresses.split(" ", 2);
      return new Echo(process, each[0], each[1]);
    }

    ProcessHandle process() {
      return started.toHandle();
    }

    @Override
    public void close() {
      started.destroy();
    }
  }

  private void print(Map<Side, List<Result>> results) {
    Map<Side, Result> medians = new EnumMap<>(Side.class);
    results.forEach((side, each) -> medians.put(side, Result.median(each)));
    System.out.printf(
        Locale.ROOT,
        "%d B, %d in flight, medians of %d runs of %d s%n",
        valueBytes,
        inFlight,
        runs,
        seconds);
    System.out.printf("%-44s%12s%10s%10s%14s%n", "", "per s", "p50, ms", "p99, ms", "server µs");
    medians.forEach((side, result) ->
        System.out.printf(
            Locale.ROOT,
            "%-44s%12.0f%10.2f%10.2f%14.2f%n",
            side.title(),
            result.rate(),
            result.medianMillis(),
            result.tailMillis(),
            result.serverMicros()));
    ratio(medians, Side.SHARED_PUT, Side.UNARY_PUT, "put: sharing against calls, goal 5");
    ratio(medians, Side.SHARED_GET, Side.UNARY_GET, "get: sharing against calls");
    ratio(medians, Side.SHARED_PUT, Side.SHARED_PUT_DIRECT, "put: what virtual threads leave");
    ratio(
        medians, Side.SHARED_PUT_POOL, Side.SHARED_PUT_DIRECT, "put: what the common pool leaves");
    ratio(medians, Side.NODE_GET, Side.ECHO_GET, "Get: node against bare server, goal 0.7");
    ratio(medians, Side.NODE_GET, Side.POOL_ECHO_GET, "Get: node against one with a pool");
    ratio(medians, Side.NODE_PUT, Side.ECHO_PUT, "Put: node against bare server, goal 0.7");
    ratio(medians, Side.NODE_PUT, Side.POOL_ECHO_PUT, "Put: node against one with a pool");
    ratio(medians, Side.NODE_GET, Side.OTHER_GET, "Get: node against the other");
    ratio(medians, Side.NODE_PUT, Side.OTHER_PUT, "Put: node against the other");
  }

  private static void ratio(Map<Side, Result> medians, Side side, Side against, String title) {
    Result measured = medians.get(side);
    Result base = medians.get(against);
    if (measured != null && base != null) {
      System.out.printf(Locale.ROOT, "%-44s%11.2fx%n", title, measured.rate() / base.rate());
    }
  }
}
