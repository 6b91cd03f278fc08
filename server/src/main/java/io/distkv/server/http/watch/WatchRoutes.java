package io.distkv.server.http.watch;

import io.distkv.server.http.exchange.BodyMemory;
import io.distkv.server.http.exchange.BodyRule;
import io.distkv.server.http.exchange.Route;
import io.distkv.server.http.keys.NodeCalls;
import java.util.List;

/** The route to the changes of keys. */
public final class WatchRoutes {
  private final OpenStreams streams = new OpenStreams();
  private final WatchHandler handler;

  /**
   * @param memory in which changes are counted while they are sent
   */
  public WatchRoutes(NodeCalls node, BodyMemory memory) {
    handler = new WatchHandler(node, memory, streams);
  }

  public List<Route> routes() {
    return List.of(
        new Route(
            "GET",
            "/v1/keyspaces/{keyspace}/watch",
            Route.Kind.STREAM,
            BodyRule.NONE,
            handler::watch));
  }

  /** Ends all streams; their clients are told where to go on. */
  public void endAll() {
    streams.endAll();
  }
}
