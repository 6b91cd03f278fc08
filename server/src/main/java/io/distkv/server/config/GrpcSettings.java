package io.distkv.server.config;

import java.time.Duration;

/** How gRPC clients are served. */
public final class GrpcSettings {
  public static final Setting<String> BIND =
      Setting.of(
          "grpc.bind",
          ValueType.ADDRESS,
          "127.0.0.1",
          "The address on which gRPC clients are served.");

  public static final Setting<Integer> PORT =
      Setting.of(
          "grpc.port",
          ValueType.count(0, 65_535),
          "7379",
          "The port for gRPC clients; 0 takes any free one, which the ready line names. The flag"
              + " `--grpc-port` sets it, too.");

  public static final Setting<Integer> CALLS =
      Setting.of(
          "grpc.callsPerConnection",
          ValueType.count(1, 1_000_000),
          "4096",
          "How many calls of one gRPC connection may be under way; a client waits with more.");

  public static final Setting<Integer> CONNECTIONS =
      Setting.of(
          "grpc.connections",
          ValueType.count(1, 1_000_000),
          "4096",
          "How many gRPC connections there may be; one more is closed when it comes. Where the"
              + " system allows too few open files, less.");

  public static final Setting<MemorySize> MEMORY =
      Setting.of(
          "grpc.memory",
          ValueType.memory(ServerSettings.MIB),
          "10%",
          "Memory that messages of more than 64KiB of all gRPC calls together may take; a call that"
              + " needs more is answered with OVERLOADED while its message still comes.");

  public static final Setting<Duration> TIMEOUT =
      Setting.of(
          "grpc.timeout",
          ValueType.duration(Duration.ofMillis(100), Duration.ofHours(1)),
          "30s",
          "How long a gRPC client may take to send a call's message, from its headers to its end;"
              + " of a stream, its first.");

  public static final Setting<Duration> IDLE_TIMEOUT =
      Setting.of(
          "grpc.idleTimeout",
          ValueType.duration(Duration.ofSeconds(1), ValueType.DAY),
          "1h",
          "A gRPC connection without a call for so long is closed; clients open another when they"
              + " need it. One whose client does not answer pings for a minute is closed, too.");

  private GrpcSettings() {}
}
