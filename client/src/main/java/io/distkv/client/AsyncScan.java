package io.distkv.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a range in order, page by page, without waiting: a page is asked for when its reader
 * wants it, which is all the back-pressure there need be. A page is what the node sends in one
 * message: up to 1,000 keys and about 1 MiB, unless one is larger. If a connection breaks, the scan
 * goes on behind the last page that was given.
 *
 * <p>Pages, and not a {@link java.util.concurrent.Flow.Publisher}: they fit the futures of the
 * other operations, need no subscriber with rules of its own, and make a publisher in a few lines
 * for who wants one.
 *
 * <p>Thread-safe; one page at a time is under way. To be closed, unless it is read to its end or
 * has failed.
 *
 * @param <T> what each key is given as
 */
public final class AsyncScan<T> implements AutoCloseable {
  private final Scan<T> scan;
  private final Executor executor;
  private final AtomicBoolean underWay = new AtomicBoolean();

  AsyncScan(Scan<T> scan, Executor executor) {
    this.scan = scan;
    this.executor = executor;
  }

  /**
   * The next page.
   *
   * @return its keys, in order; an empty list at the end of the range, or if the scan was closed.
   *     Completed by the client's executor; fails as {@link Scan#hasNext} does, and with {@link
   *     IllegalStateException} while another page is under way
   */
  public CompletableFuture<List<T>> nextPage() {
    return onThread(scan::page);
  }

  /** It waits for the node on a thread of its own, which is virtual and costs next to nothing. */
  private <R extends @Nullable Object> CompletableFuture<R> onThread(Supplier<R> work) {
    if (!underWay.compareAndSet(false, true)) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("the page before is still under way"));
    }
    CompletableFuture<R> future = new CompletableFuture<>();
    Thread.ofVirtual().name("distkv-client-scan").start(() -> run(work, future));
    return future;
  }

  private <R extends @Nullable Object> void run(Supplier<R> work, CompletableFuture<R> future) {
    Runnable settling;
    try {
      R result = work.get();
      settling = () -> future.complete(result);
    } catch (RuntimeException | Error e) {
      settling = () -> future.completeExceptionally(e);
    }
    underWay.set(false);
    try {
      executor.execute(settling);
    } catch (RejectedExecutionException e) {
      future.completeExceptionally(e);
    }
  }

  /**
   * Reads to the end of the range.
   *
   * @param consumer is given each key, in order, one after the other, on a virtual thread; may
   *     block
   * @return completed when it was given all; fails as {@link #nextPage} does, or with what the
   *     consumer has thrown, which ends the scan
   */
  public CompletableFuture<Void> forEach(Consumer<? super T> consumer) {
    return onThread(() -> {
      try (scan) {
        scan.forEachRemaining(consumer);
      }
      return null;
    });
  }

  /** Ends the scan, if it has not ended yet: the node stops reading. */
  @Override
  public void close() {
    scan.close();
  }
}
