package io.distkv.server.http.keys;

import io.distkv.server.http.exchange.BodyRule;
import io.distkv.server.http.exchange.Route;
import java.util.ArrayList;
import java.util.List;

/**
 * The routes to the data of a node. A key is one segment of the path, whatever it is made of, and
 * what is done with it stands in a segment of its own: so no key can be mistaken for it.
 */
public final class KeyRoutes {
  private static final String KEYSPACE = "/v1/keyspaces/{keyspace}";
  private static final String KEYS = KEYSPACE + "/keys";
  private static final String KEY = KEYS + "/{key}";

  private final NodeCalls node;
  private final int mostValueBytes;
  private final int mostJsonBytes;

  /**
   * @param mostValueBytes of a value
   * @param mostJsonBytes of a JSON body
   */
  public KeyRoutes(NodeCalls node, int mostValueBytes, int mostJsonBytes) {
    this.node = node;
    this.mostValueBytes = mostValueBytes;
    this.mostJsonBytes = mostJsonBytes;
  }

  /** All of them. */
  public List<Route> routes() {
    KeyHandlers keys = new KeyHandlers(node);
    List<Route> routes = new ArrayList<>(Route.reading(KEY, Route.Kind.DATA, keys::get));
    routes.add(data("PUT", KEY, BodyRule.bytes(mostValueBytes), keys::put));
    routes.add(data("DELETE", KEY, BodyRule.NONE, keys::delete));
    BatchHandler batches = new BatchHandler(node);
    routes.add(data("POST", KEY + "/increment", BodyRule.json(mostJsonBytes), batches::increment));
    routes.add(data("POST", KEYSPACE + "/batch", BodyRule.json(mostJsonBytes), batches::batch));
    routes.addAll(Route.reading(KEYS, Route.Kind.DATA, new ListHandler(node)::list));
    return routes;
  }

  private static Route data(String method, String template, BodyRule body, Route.Handler handler) {
    return new Route(method, template, Route.Kind.DATA, body, handler);
  }
}
