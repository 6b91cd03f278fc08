package io.distkv.server.http;

import io.distkv.base.Limits;
import io.distkv.node.Health;
import io.distkv.server.BuildVersion;
import io.distkv.server.http.connection.Connections;
import io.distkv.server.http.console.ConsolePages;
import io.distkv.server.http.console.FiguresPage;
import io.distkv.server.http.exchange.BodyMemory;
import io.distkv.server.http.exchange.CodedBodies;
import io.distkv.server.http.exchange.Cors;
import io.distkv.server.http.exchange.Dispatcher;
import io.distkv.server.http.exchange.Gate;
import io.distkv.server.http.exchange.Gates;
import io.distkv.server.http.exchange.Hosts;
import io.distkv.server.http.exchange.Route;
import io.distkv.server.http.exchange.RouteMetrics;
import io.distkv.server.http.exchange.Routes;
import io.distkv.server.http.exchange.TransportProblems;
import io.distkv.server.http.keys.KeyRoutes;
import io.distkv.server.http.keys.NodeAccess;
import io.distkv.server.http.keys.NodeCalls;
import io.distkv.server.http.keyspaces.KeyspaceRoutes;
import io.distkv.server.http.watch.WatchRoutes;
import io.distkv.server.metrics.MetricSource;
import io.distkv.server.trace.Tracing;
import io.distkv.storage.Damage;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Serves HTTP: the data of the node, and what operators and their tools ask. It answers from the
 * first moment of a start, so that a long recovery can be watched; requests for data are answered
 * from {@link #serve} until {@link #stopServing}.
 *
 * <p>Each connection has a virtual thread of its own. A handler may wait on it, and reaches the
 * node's data by a task for a lane.
 */
public final class HttpEndpoint implements AutoCloseable {
  /** A key with every byte escaped, and room for what is around it. */
  private static final int MOST_REQUEST_LINE_BYTES = 3 * Limits.MAX_KEY_BYTES + 16 * 1024;

  private final List<MetricSource> sources = new CopyOnWriteArrayList<>();
  private final NodeCalls node;
  private final WatchRoutes watches;
  private final Gates gates;
  private final Routes routes;
  private final Connections connections;
  private final WebServer server;
  private final InetSocketAddress bound;

  private HttpEndpoint(
      HttpOptions options,
      Supplier<Health> health,
      Supplier<List<Damage>> damaged,
      Tracing tracing,
      Consumer<Throwable> defects) {
    BodyMemory memory = new BodyMemory(options.memoryBytes());
    node = new NodeCalls(memory);
    watches = new WatchRoutes(node, memory);
    gates =
        new Gates(
            new Gate(options.requests(), "HTTP requests (http.requests)"),
            new Gate(options.watches(), "watches over HTTP (http.watches)"));
    List<Route> all = new ArrayList<>(new OperationsPages(sources, health, damaged).routes());
    all.addAll(new KeyRoutes(node, options.valueBytes(), options.bodyBytes()).routes());
    all.addAll(watches.routes());
    all.addAll(new KeyspaceRoutes(node, options.bodyBytes()).routes());
    all.addAll(new OpenApiPage().routes());
    all.addAll(new FiguresPage(sources, health, node, BuildVersion.TEXT).routes());
    all.addAll(new ConsolePages().routes());
    routes = new Routes(all);
    Http1Config protocol =
        Http1Config.builder()
            .maxPrologueLength(MOST_REQUEST_LINE_BYTES)
            .maxHeadersSize(TransportProblems.MOST_HEADER_BYTES)
            .buildPrototype();
    connections =
        new Connections(
            protocol, options.timeout(), () -> largeHead(memory), TransportProblems.late());
    RouteMetrics metrics = new RouteMetrics(routes, gates, memory, connections);
    sources.add(metrics);
    // A body that is a little too long is let through to be refused here: Helidon would close the
    // connection while its client still sends, and who is cut off so does not see why.
    int mostPayloadBytes =
        Math.max(options.valueBytes(), options.bodyBytes()) + Dispatcher.MOST_DRAINED_BYTES;
    Dispatcher dispatcher =
        new Dispatcher(
            routes,
            gates,
            memory,
            mostPayloadBytes,
            options.requestTimeout().toNanos(),
            new Hosts(options.hosts()),
            new Cors(options.origins()),
            metrics,
            tracing,
            defects);
    server = listen(options, connections, dispatcher, mostPayloadBytes);
    bound = new InetSocketAddress(options.address().getAddress(), server.port());
  }

  private static WebServer listen(
      HttpOptions options, Connections connections, Dispatcher dispatcher, int mostPayloadBytes) {
    return WebServer.builder()
        .address(options.address().getAddress())
        .port(options.address().getPort())
        .backlog(options.backlog())
        .shutdownHook(false)
        .maxTcpConnections(options.connections())
        .maxPayloadSize(mostPayloadBytes)
        .idleConnectionTimeout(options.idleTimeout())
        .idleConnectionPeriod(options.idleTimeout().dividedBy(2))
        .protocolsDiscoverServices(false)
        .addConnectionSelector(connections)
        .contentEncoding(new CodedBodies())
        .directHandlers(TransportProblems.handlers())
        .routing(routing -> routing.addFilter(dispatcher))
        .build()
        .start();
  }

  private static Optional<Runnable> largeHead(BodyMemory memory) {
    return memory.tryTake(MOST_REQUEST_LINE_BYTES).map(share -> share::release);
  }

  /**
   * Starts to listen.
   *
   * @param damaged the files that were found damaged, with a finding of each
   * @param tracing follows requests for data
   * @param defects told of what a handler threw
   */
  public static HttpEndpoint start(
      HttpOptions options,
      Supplier<Health> health,
      Supplier<List<Damage>> damaged,
      Tracing tracing,
      Consumer<Throwable> defects) {
    return new HttpEndpoint(options, health, damaged, tracing, defects);
  }

  /** From now on requests for data are answered. */
  public void serve(NodeAccess access) {
    node.serve(access);
    gates.open();
  }

  /**
   * Takes no more requests for data, ends the streams, and waits for what is under way, at most for
   * so long.
   */
  public void stopServing(long timeoutNanos) throws InterruptedException {
    gates.close();
    watches.endAll();
    long begin = System.nanoTime();
    gates.data().awaitEmpty(timeoutNanos);
    gates.streams().awaitEmpty(timeoutNanos - (System.nanoTime() - begin));
  }

  /** Shows the figures of one more source. */
  public void add(MetricSource source) {
    sources.add(source);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return bound;
  }

  /** All that is served. */
  Routes routes() {
    return routes;
  }

  @Override
  public void close() {
    server.stop();
    connections.close();
  }
}
