package io.distkv.server;

import io.distkv.base.Clock;
import io.distkv.base.Disk;
import io.distkv.base.Lane;
import io.distkv.base.Workers;
import io.distkv.node.Health;
import io.distkv.node.Node;
import io.distkv.node.NodeEnvironment;
import io.distkv.node.keyspace.SettingMismatchException;
import io.distkv.node.session.SessionContext;
import io.distkv.platform.DataFolderInUseException;
import io.distkv.platform.Platform;
import io.distkv.platform.SystemClock;
import io.distkv.server.config.Configuration;
import io.distkv.server.config.GrpcSettings;
import io.distkv.server.config.HttpSettings;
import io.distkv.server.config.KeyspaceSettings;
import io.distkv.server.config.RunningSettings;
import io.distkv.server.config.ServerSettings;
import io.distkv.server.grpc.GrpcServer;
import io.distkv.server.http.HttpEndpoint;
import io.distkv.server.http.keys.NodeAccess;
import io.distkv.server.metrics.CommandMetrics;
import io.distkv.server.metrics.ConnectionMetrics;
import io.distkv.server.metrics.JvmMetrics;
import io.distkv.server.metrics.MeasuredDisk;
import io.distkv.server.metrics.NodeMetrics;
import io.distkv.server.metrics.UpkeepMetrics;
import io.distkv.server.resp.ClientLimits;
import io.distkv.server.resp.RespServer;
import io.distkv.server.slowlog.SlowOperations;
import io.distkv.server.trace.Tracing;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.Damage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node as a process: starts the parts from the bottom up, says that it is ready, waits for a
 * reason to end, and stops the parts from the top down: clients are answered, then the node
 * flushes, then threads and the data folder are given up.
 */
final class ServerProcess {
  private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);

  /** How long a node that failed may take for its stop. */
  private static final long BROKEN_STOP_MILLIS = 10_000;

  private final Configuration configuration;
  private final PrintWriter out;
  private final UpkeepMetrics upkeep = new UpkeepMetrics();
  private final ProcessState state = new ProcessState(upkeep);
  private final RunningSettings settings;
  private final Tracing tracing;
  private final ClientLimits clientLimits = new ClientLimits();
  private volatile @Nullable Node node;

  ServerProcess(Configuration configuration, PrintWriter out) {
    this.configuration = configuration;
    this.out = out;
    this.settings = new RunningSettings(configuration.settings(), answersForRedisClients());
    this.tracing = tracing(configuration.get(ServerSettings.TRACING_ENDPOINT));
  }

  private static Tracing tracing(String endpoint) {
    Clock clock = new SystemClock();
    return endpoint.equals("off") ? Tracing.off(clock) : Tracing.start(clock, endpoint);
  }

  /** What Redis clients ask CONFIG GET for that is no setting here. */
  private Map<String, String> answersForRedisClients() {
    String sync =
        switch (configuration.keyspaces().getFirst().get(KeyspaceSettings.DURABILITY)) {
          case COMMIT -> "always";
          case INTERVAL -> "everysec";
          case NONE -> "no";
        };
    return Map.of(
        "save", "",
        "appendonly", "yes",
        "appendfsync", sync,
        "maxmemory", "0",
        "maxmemory-policy", "noeviction",
        "proto-max-bulk-len", String.valueOf(RespServer.MAX_BULK_BYTES));
  }

  /** Runs the node until it is stopped or fails. */
  ExitStatus run() throws StartFailure, IOException, InterruptedException {
    Logs.configure(
        configuration.get(ServerSettings.LOG_FORMAT), configuration.get(ServerSettings.LOG_LEVEL));
    configuration.warnings().forEach(LOG::warn);
    NodeSettings.heapWarning(configuration, Runtime.getRuntime().maxMemory()).ifPresent(LOG::warn);
    ListenAddress resp =
        ListenAddress.of(
            configuration, ServerSettings.RESP_BIND, ServerSettings.RESP_PORT, "--resp-port");
    ListenAddress http =
        ListenAddress.of(configuration, HttpSettings.BIND, HttpSettings.PORT, "--http-port");
    ListenAddress grpc =
        ListenAddress.of(configuration, GrpcSettings.BIND, GrpcSettings.PORT, "--grpc-port");
    if (!resp.isLoopback() || !http.isLoopback() || !grpc.isLoopback()) {
      LOG.warn(
          "INSECURE: listening beyond loopback without passwords and encryption (insecure: true)");
    }
    resp.requireFree();
    http.requireFree();
    grpc.requireFree();
    OpenFiles files = OpenFiles.of(OpenFiles.limit(), configuration.get(ServerSettings.OPEN_FILES));
    StopSignals.handle(state::signalled);
    settings.follow(ServerSettings.LOG_LEVEL, Logs::setLevel);
    // Beside the rest, since it takes as long as all the rest together.
    FutureTask<HttpEndpoint> httpStart =
        new FutureTask<>(() ->
            HttpEndpoint.start(
                NodeSettings.http(
                    configuration, files, http.address(), Runtime.getRuntime().maxMemory()),
                this::health,
                this::damaged,
                tracing,
                state::defect));
    Thread.ofVirtual().name("http-start").start(httpStart);
    Platform platform = startPlatform();
    try {
      return serve(platform, files, resp, grpc, http, httpStart);
    } finally {
      platform.close();
    }
  }

  private Platform startPlatform() throws StartFailure {
    Path data = Path.of(configuration.get(ServerSettings.DATA));
    if (Files.exists(data) && !Files.isDirectory(data)) {
      throw new StartFailure(
          ExitStatus.CONFIGURATION, "data: " + data + " is a file; it must be a folder");
    }
    try {
      return Platform.start(data, NodeSettings.platform(configuration), state);
    } catch (DataFolderInUseException e) {
      throw new StartFailure(
          ExitStatus.UNAVAILABLE,
          e.getMessage() + "; stop it, or choose another with --data DIR",
          e);
    } catch (IOException e) {
      throw new StartFailure(ExitStatus.FAILED, "cannot use the data folder " + data + ": " + e, e);
    }
  }

  private ExitStatus serve(
      Platform platform,
      OpenFiles files,
      ListenAddress resp,
      ListenAddress grpc,
      ListenAddress http,
      FutureTask<HttpEndpoint> httpStart)
      throws StartFailure, InterruptedException {
    SlowOperations slow = SlowOperations.start(platform.clock());
    settings.follow(ServerSettings.SLOW_OPERATIONS_KEPT, slow::keep);
    CommandMetrics commands = new CommandMetrics(platform.lanes().lanes().size(), slow::add);
    settings.follow(ServerSettings.SLOW_OPERATION, limit -> commands.setSlowNanos(limit.toNanos()));
    settings.follow(ServerSettings.TRACING_SHARE, tracing::setShare);
    settings.follow(ServerSettings.TRACING_CALLERS, tracing::setFollowsCallers);
    MeasuredDisk disk = new MeasuredDisk(platform.disk(), platform.clock());
    ServerHost host = new ServerHost(settings, commands, slow);
    Node running = startNode(platform, files, disk, host);
    node = running;
    RespServer front = null;
    GrpcServer calls = null;
    HttpEndpoint pages = null;
    try {
      if (state.awaitStarted()) {
        pages = finish(httpStart, http);
        front = listen(platform, files, running, resp);
        host.listening(front.address().getPort());
        calls = listenForCalls(platform, files, running, grpc);
        pages.serve(
            new NodeAccess(
                running.id(),
                platform.clock(),
                platform.lanes().lanes(),
                running.homeLane(),
                running::unaryCalls,
                running::watches,
                running.inPlaceReads()::tryRead,
                running::hotKeys));
        pages.add(new ConnectionMetrics(front.counters(), front.memory()));
        pages.add(calls.metrics());
        pages.add(commands);
        pages.add(new NodeMetrics(running));
        pages.add(upkeep);
        pages.add(disk);
        pages.add(new JvmMetrics());
        if (tracing.metrics() != null) {
          pages.add(tracing.metrics());
        }
        if (state.failure() == null) {
          announce(running, front, calls, pages);
        }
        state.awaitEnd();
        LOG.info("stopping");
      }
    } finally {
      if (front != null) {
        front.stop(configuration.get(ServerSettings.STOP_TIMEOUT).toNanos());
      }
      if (calls != null) {
        calls.stop(configuration.get(ServerSettings.STOP_TIMEOUT).toNanos());
      }
      if (pages != null) {
        pages.stopServing(configuration.get(ServerSettings.STOP_TIMEOUT).toNanos());
      }
      tracing.close();
      CompletableFuture<Boolean> stopped = new CompletableFuture<>();
      running.stop(() -> stopped.complete(true));
      if (!state.awaitStopped(stopped, BROKEN_STOP_MILLIS)) {
        LOG.error("the node failed so that it cannot stop in order; the next start recovers it");
      }
      if (pages != null) {
        pages.close();
      }
      slow.close();
    }
    Throwable failure = state.failure();
    if (failure == null) {
      return ExitStatus.DONE;
    }
    LOG.error("the node has ended because it failed: {}; {}", reason(failure), advice(failure));
    return ExitStatus.FAILED;
  }

  private static String reason(Throwable failure) {
    return failure instanceof IOException && failure.getMessage() != null
        ? failure.getMessage()
        : failure.toString();
  }

  private static String advice(Throwable failure) {
    return failure instanceof IOException
        ? "mend the disk or its folder, then start the node again: what it acknowledged is there"
        : "this is a defect of DistKV; the lines above tell its place";
  }

  private Node startNode(Platform platform, OpenFiles files, Disk disk, ServerHost host)
      throws StartFailure {
    try {
      return Node.start(
          environment(platform, disk), NodeSettings.node(configuration, files), host, state);
    } catch (SettingMismatchException e) {
      throw new StartFailure(ExitStatus.CONFIGURATION, String.valueOf(e.getMessage()), e);
    } catch (CorruptionException e) {
      throw new StartFailure(ExitStatus.FAILED, "the data folder is damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StartFailure(ExitStatus.FAILED, "cannot read the data folder: " + e, e);
    }
  }

  private static NodeEnvironment environment(Platform platform, Disk disk) {
    List<Workers> syncs = new ArrayList<>();
    for (Lane lane : platform.lanes().lanes()) {
      syncs.add(platform.sync(lane.index()));
    }
    return new NodeEnvironment(
        disk,
        platform.clock(),
        platform.newRandomness(),
        platform.lanes().lanes(),
        syncs,
        platform.reads(),
        platform.background());
  }

  private static HttpEndpoint finish(FutureTask<HttpEndpoint> httpStart, ListenAddress http)
      throws StartFailure, InterruptedException {
    try {
      return httpStart.get();
    } catch (ExecutionException e) {
      throw http.failure(rootOf(e));
    }
  }

  private static Exception rootOf(Exception e) {
    Exception root = e;
    while (root.getCause() instanceof Exception cause) {
      root = cause;
    }
    return root;
  }

  private RespServer listen(Platform platform, OpenFiles files, Node running, ListenAddress resp)
      throws StartFailure {
    long most =
        files.clients()
            - files.eighth(configuration.get(HttpSettings.CONNECTIONS))
            - files.eighth(configuration.get(GrpcSettings.CONNECTIONS));
    settings.follow(
        ServerSettings.MAX_CLIENTS,
        count -> {
          if (count > most) {
            LOG.warn(
                "clients.max {} is more than the open files that the system allows: {} it is"
                    + " (see ulimit -n)",
                count,
                most);
          }
          clientLimits.setMaxClients((int) Math.min(count, most));
        });
    settings.follow(
        ServerSettings.IDLE_TIMEOUT, timeout -> clientLimits.setIdleNanos(timeout.toNanos()));
    settings.follow(ServerSettings.OUTPUT_LIMIT, clientLimits::setOutputBytes);
    settings.follow(ServerSettings.IN_FLIGHT, clientLimits::setInFlight);
    settings.follow(ServerSettings.IN_FLIGHT_BYTES, clientLimits::setInFlightBytes);
    settings.follow(
        ServerSettings.CLIENT_MEMORY,
        size -> clientLimits.setMemoryBytes(size.bytes(Runtime.getRuntime().maxMemory())));
    try {
      return RespServer.start(
          platform.lanes(),
          platform.clock(),
          new RespServer.Options(
              resp.address(), configuration.get(ServerSettings.RESP_BACKLOG), running.homeLane()),
          clientLimits,
          (lane, address, localAddress, output) ->
              new NodeConversation(
                  running.open(new SessionContext(lane, address, localAddress, output)), tracing));
    } catch (IOException e) {
      throw resp.failure(e);
    }
  }

  private GrpcServer listenForCalls(
      Platform platform, OpenFiles files, Node running, ListenAddress grpc) throws StartFailure {
    try {
      return GrpcServer.start(
          platform.lanes(),
          platform.clock(),
          NodeSettings.grpc(
              configuration,
              files,
              grpc.address(),
              running.homeLane(),
              Runtime.getRuntime().maxMemory()),
          running::unaryCalls,
          running::watches,
          tracing,
          state::defect);
    } catch (IOException e) {
      throw grpc.failure(rootOf(e));
    }
  }

  private void announce(Node running, RespServer front, GrpcServer calls, HttpEndpoint pages) {
    Path data = Path.of(configuration.get(ServerSettings.DATA)).toAbsolutePath().normalize();
    String resp = ListenAddress.print(front.address());
    String http = ListenAddress.print(pages.address());
    String grpc = ListenAddress.print(calls.address());
    LOG.info(
        "distkv {} serves Redis clients on {}, gRPC on {}, HTTP on {}",
        BuildVersion.TEXT,
        resp,
        grpc,
        http);
    out.printf(
        "ready node=%s resp=%s http=%s grpc=%s data=%s%n", running.id(), resp, http, grpc, data);
    out.flush();
  }

  private List<Damage> damaged() {
    Node running = node;
    return running == null ? List.of() : running.damaged();
  }

  private Health health() {
    Node running = node;
    if (state.failure() != null) {
      return Health.FAILED;
    }
    return running == null ? Health.STARTING : running.health();
  }
}
