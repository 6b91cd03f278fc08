package io.distkv.simulation.world;

import io.distkv.node.NodeEvents;
import io.distkv.node.NodeHost;
import io.distkv.storage.cache.BlockCache;
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
