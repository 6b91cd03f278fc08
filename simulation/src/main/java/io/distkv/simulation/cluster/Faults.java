package io.distkv.simulation.cluster;

import io.distkv.simulation.cluster.fault.FaultKind;
import io.distkv.simulation.cluster.fault.PlannedFault;
import io.distkv.simulation.cluster.fault.Site;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedNetwork;
import io.distkv.simulation.world.Tally;
import java.util.List;

/**
 * What goes wrong in a run: each of the planned faults in its time. After {@link #end} everything
 * is mended and nothing goes wrong any more.
 */
final class Faults implements Site {
  private final Cluster cluster;
  private final EventQueue queue;
  private final List<PlannedFault> planned;
  private boolean ended;
  private long count;

  /**
   * @param planned those that are to be carried out
   */
  Faults(Cluster cluster, EventQueue queue, List<PlannedFault> planned) {
    this.cluster = cluster;
    this.queue = queue;
    this.planned = planned;
    Tally tally = queue.trace().tally();
    for (FaultKind kind : FaultKind.values()) {
      tally.expect(kind.way());
    }
  }

  /** How many there have been. */
  long count() {
    return count;
  }

  /** Queues them all. */
  void begin() {
    for (PlannedFault fault : planned) {
      queue.after(fault.atNanos() - queue.nowNanos(), "fault", () -> strike(fault));
    }
  }

  private void strike(PlannedFault planned) {
    if (ended) {
      return;
    }
    count++;
    queue.trace().event("fault", planned.kind().name(), planned.number(), 0);
    queue.trace().detail(() -> planned.fault().words());
    queue.trace().tally().count(planned.kind().way());
    planned.fault().strike(this);
  }

  /** Nothing goes wrong any more: what is down comes back, and all ways are open. */
  void end() {
    ended = true;
    cluster.network().calm();
    cluster.machines().forEach(machine -> start(machine.id()));
  }

  @Override
  public SimulatedNetwork network() {
    return cluster.network();
  }

  @Override
  public boolean kill(long machine) {
    boolean wasUp = cluster.machine(machine).isUp();
    cluster.machine(machine).kill();
    return wasUp;
  }

  @Override
  public boolean cutPower(long machine) {
    boolean wasUp = cluster.machine(machine).isUp();
    cluster.machine(machine).cutPower();
    return wasUp;
  }

  @Override
  public void start(long machine) {
    if (!cluster.machine(machine).isUp()) {
      cluster.machine(machine).start();
    }
  }

  @Override
  public void pause(long machine, long nanos) {
    Machine.Life life = cluster.machine(machine).life();
    if (life != null) {
      life.process().pause(nanos);
    }
  }

  @Override
  public void jumpClock(long machine, long millis) {
    cluster.machine(machine).clock().jumpMillis(millis);
  }

  @Override
  public void later(long nanos, String what, Runnable task) {
    queue.after(nanos, what, task);
  }
}
