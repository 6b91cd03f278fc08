package io.distkv.simulation.world;

import io.distkv.node.NodeEvents;
import io.distkv.node.NodeHost;
import io.distkv.node.command.NodeControl;
import io.distkv.node.session.CommandObserver;
import io.distkv.storage.cache.BlockCache;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The process around a simulated node: has no settings, and remembers what it is told. */
public final class SimulatedHost implements NodeHost, NodeEvents {
  private boolean started;
  private @Nullable Throwable failure;
  private @Nullable Throwable defect;

  public boolean hasStarted() {
    return started;
  }

  /** Why the node ended by itself. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** What went wrong in it while it goes on. */
  public @Nullable Throwable defect() {
    return defect;
  }

  /** The same, of which nothing is said any more. */
  public @Nullable Throwable takeDefect() {
    Throwable taken = defect;
    defect = null;
    return taken;
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
    started = true;
  }

  @Override
  public void failed(Throwable cause) {
    failure = cause;
  }

  @Override
  public void defect(Throwable cause) {
    defect = cause;
  }

  @Override
  public BlockCache blockCache(long capacityBytes) {
    return BlockCache.repeatable(capacityBytes);
  }
}
