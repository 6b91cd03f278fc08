package io.distkv.simulation.cluster;

import io.distkv.node.replica.Replica;
import io.distkv.raft.Membership;
import io.distkv.raft.Refusal;
import io.distkv.simulation.cluster.fault.FaultKind;
import io.distkv.simulation.cluster.fault.PlannedFault;
import io.distkv.simulation.cluster.fault.Site;
import io.distkv.simulation.cluster.timeline.Moment;
import io.distkv.simulation.cluster.timeline.Timeline;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedNetwork;
import io.distkv.simulation.world.SimulatedNetwork.Way;
import io.distkv.simulation.world.Tally;
import java.io.IOException;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What goes wrong in a run: each of the planned faults in its time. After {@link #end} everything
 * is mended and nothing goes wrong any more.
 */
final class Faults implements Site {
  private final Cluster cluster;
  private final EventQueue queue;
  private final List<PlannedFault> planned;
  private final Timeline timeline;
  private Set<Way> cut = Set.of();
  private boolean ended;
  private long count;

  /**
   * @param planned those that are to be carried out
   */
  Faults(Cluster cluster, EventQueue queue, List<PlannedFault> planned, Timeline timeline) {
    this.cluster = cluster;
    this.queue = queue;
    this.planned = planned;
    this.timeline = timeline;
    Tally tally = queue.trace().tally();
    for (FaultKind kind : FaultKind.values()) {
      tally.expect(kind.way());
    }
  }

  /** Whether everything is mended, and nothing goes wrong any more. */
  boolean haveEnded() {
    return ended;
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
    timeline.add(
        new Moment.Struck(
            queue.nowNanos(), planned.number(), planned.kind().name(), planned.fault().words()));
    queue.trace().tally().count(planned.kind().way());
    planned.fault().strike(this);
    tellOfWays();
  }

  private void tellOfWays() {
    SortedSet<Way> now = network().cutWays();
    if (!now.equals(cut)) {
      cut = now;
      SortedMap<Long, Integer> waysOf = new TreeMap<>();
      for (Way way : now) {
        waysOf.merge(way.from(), 1, Integer::sum);
        waysOf.merge(way.to(), 1, Integer::sum);
      }
      int waysOfEach = 2 * (cluster.machines().size() - 1);
      timeline.add(new Moment.Cut(queue.nowNanos(), now.size(), waysOf, waysOfEach));
    }
  }

  /** Nothing goes wrong any more: what is down comes back, and all ways are open. */
  void end() {
    ended = true;
    timeline.add(new Moment.Calm(queue.nowNanos()));
    cluster.network().calm();
    tellOfWays();
    cluster.machines().forEach(Machine::mend);
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
      timeline.add(new Moment.Paused(queue.nowNanos(), machine, queue.nowNanos() + nanos));
    }
  }

  @Override
  public void stop(long machine, Runnable then) {
    cluster.machine(machine).stop(then);
  }

  @Override
  public void restartAfter(long machine, long nanos) {
    cluster.machine(machine).restartAfter(nanos);
  }

  @Override
  public SimulatedDisk disk(long machine) {
    return cluster.machine(machine).disk();
  }

  @Override
  public void fillDisk(long machine, long roomBytes) {
    cluster.troubles().full();
    disk(machine).faults().capacityBytes(disk(machine).usedBytes() + roomBytes);
  }

  @Override
  public void makeRoom(long machine) {
    disk(machine).faults().capacityBytes(Long.MAX_VALUE);
  }

  @Override
  public void slowDisk(long machine, long nanos) {
    cluster.machine(machine).slowDisk(nanos);
  }

  @Override
  public boolean rot(long machine, long file, long bit) {
    SimulatedDisk disk = disk(machine);
    List<String> files = RottableFiles.of(disk.files());
    if (files.isEmpty()) {
      return false;
    }
    String rotten = files.get((int) (file % files.size()));
    try {
      long bits = disk.contentOf(rotten).length * (long) Byte.SIZE;
      if (bits == 0) {
        return false;
      }
      disk.spoilBit(rotten, bit % bits);
    } catch (IOException e) {
      throw new IllegalStateException("the disk lists what it has not", e);
    }
    cluster.troubles().rot();
    queue.trace().detail(() -> "a bit of " + rotten + " rots");
    if (!RottableFiles.isTable(rotten) && kill(machine)) {
      start(machine);
    }
    return true;
  }

  @Override
  public void mendRot(long machine) {
    if (!ended) {
      disk(machine).mendBits();
      kill(machine);
      start(machine);
    }
  }

  @Override
  public void handOver(int partition, long to) {
    onReplicas(partition, replica -> replica.handOverTo(to));
  }

  @Override
  public void changeMembers(int partition, Membership target) {
    onReplicas(
        partition,
        replica -> {
          Refusal refusal = replica.changeMembers(target);
          queue.trace().detail(() -> refusal == null ? "the change begins" : "refused: " + refusal);
        });
  }

  private void onReplicas(int partition, Consumer<Replica> task) {
    for (Replica replica : cluster.replicas(partition)) {
      replica.port().lane().complete(() -> task.accept(replica));
    }
  }

  @Override
  public void jumpClock(long machine, long millis) {
    cluster.machine(machine).clock().jumpMillis(millis);
  }

  @Override
  public boolean watchLeaders(int partition, LeaderWatch watch) {
    return cluster.leaderWatches().putIfAbsent(partition, watch) == null;
  }

  @Override
  public void endWatch(int partition) {
    cluster.leaderWatches().remove(partition);
  }

  @Override
  public SimulatedNetwork.Obstacle silence(long machine) {
    NavigableSet<Way> ways = new TreeSet<>();
    for (Machine other : cluster.machines()) {
      if (other.id() != machine) {
        ways.add(new Way(machine, other.id()));
      }
    }
    return network().cut(ways);
  }

  @Override
  public boolean isCalm() {
    return ended;
  }

  @Override
  public void later(long nanos, String what, Runnable task) {
    queue.after(
        nanos,
        what,
        () -> {
          task.run();
          tellOfWays();
        });
  }
}
