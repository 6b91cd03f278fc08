package io.distkv.server.metrics;

import static io.distkv.server.metrics.Snapshots.count;
import static io.distkv.server.metrics.Snapshots.counter;
import static io.distkv.server.metrics.Snapshots.gauge;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.function.Consumer;

/** The figures of the Java process itself. */
public final class JvmMetrics implements MetricSource {

  @Override
  public void collect(Consumer<MetricSnapshot> into) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    into.accept(gauge("jvm_heap_used_bytes", "Heap in use", heap.getUsed()));
    into.accept(gauge("jvm_heap_max_bytes", "Largest size of the heap", heap.getMax()));
    into.accept(
        gauge(
            "jvm_threads",
            "Live platform threads",
            ManagementFactory.getThreadMXBean().getThreadCount()));
    CounterSnapshot.Builder collections =
        CounterSnapshot.builder().name("jvm_gc_collections").help("Garbage collections");
    CounterSnapshot.Builder seconds =
        CounterSnapshot.builder().name("jvm_gc_seconds").help("Time in garbage collections");
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      String name = collector.getName();
      collections.dataPoint(count(collector.getCollectionCount(), "collector", name));
      seconds.dataPoint(count(collector.getCollectionTime() / 1e3, "collector", name));
    }
    into.accept(collections.build());
    into.accept(seconds.build());
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.UnixOperatingSystemMXBean system) {
      into.accept(
          counter(
              "process_cpu_seconds",
              "Processor time of the process",
              system.getProcessCpuTime() / 1e9));
      into.accept(
          gauge("process_open_fds", "Open file descriptors", system.getOpenFileDescriptorCount()));
      into.accept(
          gauge(
              "process_max_fds",
              "Most file descriptors that may be open",
              system.getMaxFileDescriptorCount()));
    }
    into.accept(
        gauge(
            "process_uptime_seconds",
            "Time since the process started",
            ManagementFactory.getRuntimeMXBean().getUptime() / 1e3));
  }
}
