package io.distkv.server;

import io.distkv.node.NodeHost;
import io.distkv.node.command.NodeControl;
import io.distkv.node.command.SlowLog;
import io.distkv.node.session.CommandObserver;
import io.distkv.server.config.RunningSettings;
import io.distkv.server.metrics.CommandMetrics;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this process answers for its node: CONFIG and its part of INFO. */
final class ServerHost implements NodeHost {
  private final RunningSettings settings;
  private final CommandMetrics commands;
  private final SlowLog slowLog;
  private volatile int respPort;

  ServerHost(RunningSettings settings, CommandMetrics commands, SlowLog slowLog) {
    this.settings = settings;
    this.commands = commands;
    this.slowLog = slowLog;
  }

  /** Redis clients are served on this port from now on. */
  void listening(int port) {
    respPort = port;
  }

  @Override
  public List<NodeControl.Setting> settings() {
    return settings.all().entrySet().stream()
        .map(entry -> new NodeControl.Setting(entry.getKey(), entry.getValue()))
        .toList();
  }

  @Override
  public @Nullable String set(List<NodeControl.Setting> changes) {
    Map<String, String> byName = new LinkedHashMap<>();
    changes.forEach(change -> byName.put(change.name(), change.value()));
    return settings.change(byName);
  }

  @Override
  public List<NodeControl.Field> serverFields() {
    return List.of(
        new NodeControl.Field("distkv_version", BuildVersion.TEXT),
        new NodeControl.Field("java_version", Runtime.version().toString()),
        new NodeControl.Field(
            "os", System.getProperty("os.name") + " " + System.getProperty("os.version")),
        new NodeControl.Field("process_id", String.valueOf(ProcessHandle.current().pid())),
        new NodeControl.Field("tcp_port", String.valueOf(respPort)),
        new NodeControl.Field(
            "uptime_in_seconds",
            String.valueOf(ManagementFactory.getRuntimeMXBean().getUptime() / 1000)));
  }

  @Override
  public CommandObserver commandObserver(int lane) {
    return commands.observer(lane);
  }

  @Override
  public SlowLog slowLog() {
    return slowLog;
  }

  @Override
  public List<NodeControl.Field> memoryFields() {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    return List.of(
        new NodeControl.Field("used_memory", String.valueOf(heap.getUsed())),
        new NodeControl.Field("used_memory_human", human(heap.getUsed())),
        new NodeControl.Field("maxmemory", String.valueOf(heap.getMax())),
        new NodeControl.Field("maxmemory_human", human(heap.getMax())),
        new NodeControl.Field("maxmemory_policy", "noeviction"));
  }

  private static String human(long bytes) {
    return String.format(java.util.Locale.ROOT, "%.2fM", bytes / (1024.0 * 1024));
  }
}
