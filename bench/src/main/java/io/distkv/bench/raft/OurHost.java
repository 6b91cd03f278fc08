package io.distkv.bench.raft;

import io.distkv.node.NodeEvents;
import io.distkv.node.NodeHost;
import java.util.concurrent.CompletableFuture;

/** The process around a node: has no settings, and ends where anything goes wrong. */
final class OurHost implements NodeHost, NodeEvents {
  private final CompletableFuture<Void> started = new CompletableFuture<>();

  /** Ends the process. */
  static void halt(String where, Throwable failure) {
    System.err.println(where + " failed");
    failure.printStackTrace();
    Runtime.getRuntime().halt(1);
  }

  /** Completed when the node serves. */
  CompletableFuture<Void> whenStarted() {
    return started;
  }

  @Override
  public void recovering(int journal, long doneBytes, long totalBytes) {}

  @Override
  public void started() {
    started.complete(null);
  }

  @Override
  public void failed(Throwable cause) {
    halt("a node", cause);
  }

  @Override
  public void defect(Throwable cause) {
    halt("a node", cause);
  }
}
