package io.distkv.client;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One connection for each address. Thread-safe. */
final class Connections {
  private final List<Connection> all;
  private final AtomicInteger turn = new AtomicInteger();

  Connections(ClientOptions options, Timer timer, Backoff backoff) {
    Consumer<Health> listener = options.healthListener();
    Runnable changed = () -> tell(options.executor(), listener);
    all =
        options.addresses().stream()
            .map(address -> new Connection(address, options, timer, backoff, changed))
            .toList();
  }

  private void tell(Executor executor, Consumer<Health> listener) {
    try {
      executor.execute(() -> listener.accept(health()));
    } catch (RejectedExecutionException e) {
      // The user's executor takes nothing any more: then nobody wants to know.
    }
  }

  void open() {
    all.forEach(Connection::open);
  }

  /**
   * The next one in turn: of those that are up, if any is; else of those that may come up.
   *
   * @param not the one that an attempt has just failed on, which is taken only if there is no other
   */
  Connection choose(@Nullable Connection not) {
    if (all.size() == 1) {
      return all.getFirst();
    }
    int from = Math.floorMod(turn.getAndIncrement(), all.size());
    Connection up = first(from, each -> each.isUp() && each != not);
    if (up == null) {
      up = first(from, Connection::isUp);
    }
    if (up == null) {
      up = first(from, each -> !each.isDown() && each != not);
    }
    return up == null ? all.get(from) : up;
  }

  private @Nullable Connection first(int from, Predicate<Connection> wanted) {
    for (int i = 0; i < all.size(); i++) {
      Connection each = all.get((from + i) % all.size());
      if (wanted.test(each)) {
        return each;
      }
    }
    return null;
  }

  Health health() {
    return new Health(all.stream().map(Connection::health).toList());
  }

  void close() {
    all.forEach(Connection::close);
    try {
      for (Connection each : all) {
        each.awaitClosed(TimeUnit.SECONDS.toNanos(5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
