package io.distkv.server;

import io.distkv.node.NodeEvents;
import io.distkv.storage.Damage;
import io.distkv.storage.tree.TreeListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the outside world and the node tell the process: that the node serves, that it failed, that
 * the operator wants it to stop. Any thread.
 */
final class ProcessState implements NodeEvents, Thread.UncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
  private static final int INTERRUPTED = 130;

  private final TreeListener trees;
  private final CompletableFuture<Boolean> started = new CompletableFuture<>();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

  /** Done once something failed: from then on the node may never come to the end of its stop. */
  private final CompletableFuture<Boolean> broken = new CompletableFuture<>();

  private volatile @Nullable Throwable failure;
  private volatile boolean stopping;

  ProcessState(TreeListener trees) {
    this.trees = trees;
  }

  @Override
  public TreeListener trees() {
    return trees;
  }

  @Override
  public void recovering(int journal, long doneBytes, long totalBytes) {
    LOG.info("recovering journal {}: {} of {} bytes", journal, doneBytes, totalBytes);
  }

  @Override
  public void started() {
    started.complete(true);
  }

  @Override
  public void failed(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    LOG.error("the node cannot go on", cause);
    broken.complete(true);
    ended.complete(true);
  }

  @Override
  public void defect(Throwable cause) {
    LOG.error("defect: the node goes on, but something needs a look", cause);
  }

  @Override
  public void damaged(Damage damage) {
    LOG.error(
        "DAMAGED {}; what it holds there is answered with CORRUPTION, everything else is served;"
            + " see Damage in docs/operations.md",
        damage);
  }

  /** A task threw what nobody expected: what it worked on may be half changed. */
  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    LOG.error(
        stopping
            ? "defect on {} while the node stops"
            : "defect on {}: the node stops rather than go on with a broken state",
        thread.getName());
    failed(thrown);
  }

  /** The first signal stops the node in order; the second ends the process at once. */
  void signalled() {
    if (stopping) {
      LOG.warn("asked to stop a second time: ending at once; the next start recovers the rest");
      Runtime.getRuntime().halt(INTERRUPTED);
    }
    stopping = true;
    ended.complete(true);
  }

  /**
   * Waits until the node serves.
   *
   * @return false if it was asked to stop, or failed, before
   */
  boolean awaitStarted() {
    CompletableFuture.anyOf(started, ended).join();
    return !ended.isDone();
  }

  /** Waits until the node failed or is asked to stop. */
  void awaitEnd() {
    ended.join();
    stopping = true;
  }

  /**
   * Waits until the node has stopped; where something failed, before or meanwhile, no longer than
   * the patience from then on.
   *
   * @param stopped done when it has
   * @return whether it has
   */
  boolean awaitStopped(CompletableFuture<?> stopped, long patienceMillis)
      throws InterruptedException {
    CompletableFuture.anyOf(stopped, broken).join();
    try {
      stopped.get(patienceMillis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a stop does not fail: it ends, or it does not", e);
    }
  }

  /** Why the node failed; null if it did not. */
  @Nullable Throwable failure() {
    return failure;
  }
}
