package io.distkv.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A watch that calls a listener: one event after the other, in order, on a virtual thread of its
 * own. The listener may block; then nothing more is asked of the node. What it throws ends the
 * watch.
 *
 * <p>Thread-safe. To be closed when it is not wanted any more; the listener itself may do that.
 */
public final class Watching implements AutoCloseable {
  private final CompletableFuture<Long> begun = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile @Nullable Watch<?, ?> watch;
  private volatile boolean closed;

  private Watching() {}

  static <K, V> Watching start(
      Supplier<Watch<K, V>> begin, Consumer<? super WatchEvent<K, V>> listener) {
    Watching watching = new Watching();
    Thread.ofVirtual().name("distkv-client-watch").start(() -> watching.run(begin, listener));
    return watching;
  }

  private <K, V> void run(
      Supplier<Watch<K, V>> begin, Consumer<? super WatchEvent<K, V>> listener) {
    try (Watch<K, V> opened = begin.get()) {
      // Before it looks whether it was closed: who closes it does so the other way round.
      watch = opened;
      begun.complete(opened.throughVersion());
      while (!closed && opened.hasNext()) {
        listener.accept(opened.next());
      }
      ended.complete(null);
    } catch (RuntimeException | Error e) {
      begun.completeExceptionally(e);
      ended.completeExceptionally(e);
    }
  }

  /**
   * When it has begun: what is written from then on is told.
   *
   * @return the version behind which it began; fails as the watch does if it does not begin
   */
  public CompletableFuture<Long> begun() {
    return begun.copy();
  }

  /**
   * When it has ended: normally because it was closed; else with why, such as {@link
   * HistoryGoneException}, or what the listener has thrown.
   *
   * @return what is completed then
   */
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  /** Ends the watch; no event is given any more after the one that the listener has, if any. */
  @Override
  public void close() {
    closed = true;
    Watch<?, ?> opened = watch;
    if (opened != null) {
      opened.close();
    }
    begun.cancel(false);
    ended.complete(null);
  }
}
