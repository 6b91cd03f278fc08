package io.distkv.server.http.console;

import io.distkv.node.Health;
import io.distkv.node.hotkeys.HotKey;
import io.distkv.node.hotkeys.HotKeys;
import io.distkv.server.http.exchange.Answer;
import io.distkv.server.http.exchange.Exchange;
import io.distkv.server.http.exchange.JsonText;
import io.distkv.server.http.exchange.Route;
import io.distkv.server.http.keys.NodeAccess;
import io.distkv.server.http.keys.NodeCalls;
import io.distkv.server.metrics.MetricSource;
import io.helidon.http.HeaderNames;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All figures of the process in one JSON text: those of {@code /metrics} under the same names, and
 * the keys that were asked for most of late. They count from the start of the process: who wants
 * rates asks twice.
 */
public final class FiguresPage {
  private static final int MOST_HOT_KEYS = 20;
  private static final long PATIENCE_SECONDS = 5;

  private final List<MetricSource> sources;
  private final Supplier<Health> health;
  private final NodeCalls node;
  private final String version;

  /**
   * @param sources of the figures; more may come while the node starts
   * @param version of the software
   */
  public FiguresPage(
      List<MetricSource> sources, Supplier<Health> health, NodeCalls node, String version) {
    this.sources = sources;
    this.health = health;
    this.node = node;
    this.version = version;
  }

  public List<Route> routes() {
    return Route.page("/v1/figures", this::figures);
  }

  private Answer figures(Exchange exchange) {
    exchange.query();
    NodeAccess access = node.ifServing();
    JsonText json = new JsonText();
    json.object(() -> {
      json.field("state", health.get().name().toLowerCase(Locale.ROOT));
      json.field("version", version);
      if (access != null) {
        json.field("node", access.nodeId());
        json.number("atMillis", access.clock().wallMillis());
        json.object("hotKeys", () -> hotKeys(json, access));
      }
      json.object("figures", () -> new FigureText(json).put(sources));
    });
    return Answer.json(json).header(HeaderNames.CACHE_CONTROL, "no-store");
  }

  private static void hotKeys(JsonText json, NodeAccess access) {
    HotKeys hot = ask(access);
    if (hot == null) {
      return;
    }
    json.number("samples", hot.samples());
    json.list(
        "keys",
        () -> {
          for (HotKey key : hot.keys()) {
            json.object(() -> {
              json.field("keyspace", key.keyspace());
              json.bytes("key", ByteBuffer.wrap(key.key()), false);
              json.number("samples", key.samples());
            });
          }
        });
  }

  /** Null if the lanes do not answer: what else there is to show is all the more of interest. */
  private static @Nullable HotKeys ask(NodeAccess access) {
    CompletableFuture<HotKeys> asked = new CompletableFuture<>();
    access.hotKeys().ask(MOST_HOT_KEYS, asked::complete);
    try {
      return asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
