package io.distkv.server.grpc;

import io.distkv.base.Clock;
import io.distkv.base.ErrorCode;
import io.distkv.base.Lane;
import io.distkv.base.Limits;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.session.UnaryCalls;
import io.distkv.node.watch.LaneWatches;
import io.distkv.platform.Lanes;
import io.distkv.server.metrics.MetricSource;
import io.distkv.server.trace.Tracing;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Serves {@code distkv.v1}, health and reflection. Connections live on the lanes' event loops, and
 * handlers run there and never block; so a call costs no change of threads.
 */
public final class GrpcServer {
  /** The largest batch, and room for what is around its keys and values. */
  private static final int MOST_MESSAGE_BYTES = Limits.MAX_BATCH_BYTES + 4 * 1024 * 1024;

  private static final int MOST_METADATA_BYTES = 16 * 1024;

  /** A connection that is silent for so long is asked whether anybody is there. */
  private static final long PING_SECONDS = 40;

  private static final long PING_TIMEOUT_SECONDS = 20;

  /**
   * Messages may come compressed, as to every server of gRPC; but answers do not offer it. That is
   * a header of every answer, for node and client to work on, and clients that compress do so
   * without an offer.
   */
  private static final DecompressorRegistry DECOMPRESSORS =
      DecompressorRegistry.emptyInstance()
          .with(Codec.Identity.NONE, false)
          .with(new Codec.Gzip(), false);

  private static final Reply.Failure STOPPING =
      Errors.of(ErrorCode.NO_QUORUM, "the node stops; watch again from where this ends");

  private final HealthStatusManager health = new HealthStatusManager();
  private final List<CallLane> callLanes = new ArrayList<>();
  private final CallMetrics metrics;
  private final Server server;

  /**
   * How it listens.
   *
   * @param address to listen on; port 0 takes any free one
   * @param backlog how many connections may wait in the operating system
   * @param homeLane that serves all connections; -1 for each in turn
   * @param callsPerConnection how many of one connection may be under way
   * @param connections how many there may be; one more is closed
   * @param memoryBytes that large messages may take together
   * @param timeout for the first message of a call
   * @param idleTimeout after which a connection without a call is closed
   */
  public record Options(
      InetSocketAddress address,
      int backlog,
      int homeLane,
      int callsPerConnection,
      int connections,
      long memoryBytes,
      Duration timeout,
      Duration idleTimeout) {}

  private GrpcServer(
      Lanes lanes,
      Clock clock,
      Options options,
      IntFunction<UnaryCalls> calls,
      IntFunction<LaneWatches> watches,
      Tracing tracing,
      Consumer<Throwable> defects)
      throws IOException {
    List<ServerServiceDefinition> services =
        List.of(
            new KeyValueService(tracing).definition(),
            new KeyspacesService().bindService(),
            new NodesService().bindService(),
            health.getHealthService().bindService(),
            ProtoReflectionServiceV1.newInstance().bindService());
    MessageMemory memory = new MessageMemory(options.memoryBytes());
    EventLoopGroup loops =
        options.homeLane() < 0 ? lanes.eventLoops() : lanes.eventLoop(options.homeLane());
    LongAdder refusedConnections = new LongAdder();
    BoundedEventLoops serving =
        new BoundedEventLoops(loops, options.connections(), refusedConnections::increment);
    metrics =
        new CallMetrics(
            services, lanes.lanes().size(), memory, serving::connections, refusedConnections::sum);
    for (Lane lane : lanes.lanes()) {
      UnaryCalls unaryCalls = calls.apply(lane.index());
      long timeoutNanos = options.timeout().toNanos();
      CallLane callLane =
          new CallLane(
              lane,
              unaryCalls,
              watches.apply(lane.index()),
              new InboundCalls(lane, unaryCalls::turnNanos, clock, timeoutNanos, memory, metrics),
              new PrintedBlocks());
      callLanes.add(callLane);
      lane.complete(callLane::begin);
    }
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(options.address())
            .bossEventLoopGroup(lanes.eventLoop(lanes.lanes().size() - 1))
            .workerEventLoopGroup(serving)
            .channelType(lanes.serverSocketType())
            .withOption(ChannelOption.SO_BACKLOG, options.backlog())
            .withOption(ChannelOption.SO_REUSEADDR, true)
            .directExecutor()
            .decompressorRegistry(DECOMPRESSORS)
            .maxInboundMessageSize(MOST_MESSAGE_BYTES)
            .maxInboundMetadataSize(MOST_METADATA_BYTES)
            .maxConcurrentCallsPerConnection(options.callsPerConnection())
            .permitKeepAliveTime(10, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .handshakeTimeout(options.timeout().toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionIdle(options.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .addStreamTracerFactory(new InboundFactory())
            // Of two the second is the outer one.
            .intercept(new TraceInterceptor(tracing))
            .intercept(new CallGuard(defects));
    services.forEach(builder::addService);
    server = builder.build().start();
  }

  /** Makes calls known to their lanes as soon as their headers are there. */
  private static final class InboundFactory extends ServerStreamTracer.Factory {
    @Override
    public ServerStreamTracer newServerStreamTracer(String methodName, Metadata headers) {
      return CallLane.current().inbound().begin(methodName, headers);
    }
  }

  /**
   * Starts to listen.
   *
   * @param calls those of each lane of the node
   * @param watches likewise
   * @param tracing follows calls
   * @param defects told of what a handler threw
   * @throws IOException if the address is taken or is none of this machine's
   */
  public static GrpcServer start(
      Lanes lanes,
      Clock clock,
      Options options,
      IntFunction<UnaryCalls> calls,
      IntFunction<LaneWatches> watches,
      Tracing tracing,
      Consumer<Throwable> defects)
      throws IOException {
    return new GrpcServer(lanes, clock, options, calls, watches, tracing, defects);
  }

  /** Its figures. */
  public MetricSource metrics() {
    return metrics;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) List.copyOf(server.getListenSockets()).getFirst();
  }

  /**
   * Takes no new calls, waits for those under way, and cancels what is left. Not to be called on a
   * lane.
   *
   * @param timeoutNanos how long to wait
   */
  public void stop(long timeoutNanos) throws InterruptedException {
    health.enterTerminalState();
    server.shutdown();
    // They would go on for ever.
    callLanes.forEach(lane -> lane.lane().complete(() -> lane.watches().endAll(STOPPING)));
    if (!server.awaitTermination(timeoutNanos, TimeUnit.NANOSECONDS)) {
      server.shutdownNow();
      server.awaitTermination(1, TimeUnit.SECONDS);
    }
  }
}
