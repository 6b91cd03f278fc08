package io.distkv.server.http.keyspaces;

import io.distkv.server.http.exchange.BodyRule;
import io.distkv.server.http.exchange.Route;
import io.distkv.server.http.keys.NodeCalls;
import java.util.ArrayList;
import java.util.List;

/** The routes to the keyspaces themselves. */
public final class KeyspaceRoutes {
  private static final String KEYSPACES = "/v1/keyspaces";
  private static final String KEYSPACE = KEYSPACES + "/{keyspace}";

  private final KeyspaceHandlers keyspaces;
  private final int mostJsonBytes;

  /**
   * @param mostJsonBytes of a JSON body
   */
  public KeyspaceRoutes(NodeCalls node, int mostJsonBytes) {
    keyspaces = new KeyspaceHandlers(node);
    this.mostJsonBytes = mostJsonBytes;
  }

  /** All of them. */
  public List<Route> routes() {
    List<Route> routes =
        new ArrayList<>(Route.reading(KEYSPACES, Route.Kind.DATA, keyspaces::list));
    BodyRule json = BodyRule.json(mostJsonBytes);
    routes.add(new Route("POST", KEYSPACES, Route.Kind.DATA, json, keyspaces::create));
    routes.addAll(Route.reading(KEYSPACE, Route.Kind.DATA, keyspaces::describe));
    routes.add(new Route("PATCH", KEYSPACE, Route.Kind.DATA, json, keyspaces::alter));
    routes.add(new Route("DELETE", KEYSPACE, Route.Kind.DATA, BodyRule.NONE, keyspaces::drop));
    return routes;
  }
}
