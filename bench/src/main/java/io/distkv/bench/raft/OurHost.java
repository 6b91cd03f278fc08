package io.distkv.bench.raft;

import io.distkv.node.NodeEvents;
import io.distkv.node.NodeHost;
import io.distkv.node.command.NodeControl;
import io.distkv.node.session.CommandObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

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
  public List<NodeControl.Setting> settings() {
    return List.of();
  }

  @Override
  public @Nullable String set(List<NodeControl.Setting> changes) {
    return "nothing can be set here";
  }

  @Override
  public List<NodeControl.Field> serverFields() {
    return List.of();
  }

  @Override
  public CommandObserver commandObserver(int lane) {
    return (spec, nanos, failed) -> {};
  }

  @Override
  public List<NodeControl.Field> memoryFields() {
    return List.of();
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
