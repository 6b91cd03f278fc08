package io.distkv.bench.raft;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What three nodes in this process take whose groups have nothing to do. */
final class IdleGroups {
  private static final OperatingSystemMXBean MACHINE =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final long SECOND_MILLIS = 1_000;
  private static final int PATIENCE_SECONDS = 300;

  private IdleGroups() {}

  /** Starts the nodes in an empty folder, waits until all groups sleep, measures and prints. */
  static void measure(Path folder, int groups, int seconds) {
    OurContender contender = new OurContender();
    try {
      List<OurNode> nodes = contender.open(folder, groups);
      awaitSleep(nodes, groups);
      double percent = processorPercent(seconds);
      System.out.printf(
          Locale.ROOT,
          "%d groups of three replicas, asleep, on three nodes in one process: %.2f %% of a"
              + " processor over %d s%n",
          groups,
          percent,
          seconds);
      contender.close();
    } catch (Exception e) {
      throw new IllegalStateException("the idle groups stopped: " + e.getMessage(), e);
    }
  }

  private static void awaitSleep(List<OurNode> nodes, int groups) throws Exception {
    for (int second = 0; second < PATIENCE_SECONDS; second++) {
      long led = 0;
      long asleep = 0;
      for (OurNode node : nodes) {
        OurNode.Groups now = node.groups();
        led += now.led();
        asleep += now.asleep();
      }
      System.err.println("  " + led + " groups are led, " + asleep + " replicas are asleep");
      if (led == groups && asleep == (long) nodes.size() * groups) {
        return;
      }
      Thread.sleep(SECOND_MILLIS);
    }
    throw new IllegalStateException("not all groups sleep after " + PATIENCE_SECONDS + " s");
  }

  private static double processorPercent(int seconds) throws InterruptedException {
    long processorBefore = MACHINE.getProcessCpuTime();
    long began = System.nanoTime();
    Thread.sleep(seconds * SECOND_MILLIS);
    double nanos = System.nanoTime() - began;
    return 100 * (MACHINE.getProcessCpuTime() - processorBefore) / nanos;
  }
}
