package io.distkv.simulation.cluster;

import io.distkv.node.replica.Replica;
import io.distkv.raft.RaftOptions;
import io.distkv.simulation.cluster.fault.Site;
import io.distkv.simulation.cluster.invariant.Invariant;
import io.distkv.simulation.cluster.invariant.Look;
import io.distkv.simulation.cluster.invariant.ShadowLog;
import io.distkv.simulation.cluster.timeline.Timeline;
import io.distkv.simulation.disk.SimulatedCrash;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedNetwork;
import io.distkv.simulation.world.SimulatedRandomness;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The machines of a run, and the watch over what must hold on them. */
final class Cluster {
  /** So few keys are looked at often. */
  private static final int SMALL_KEYS = 10;

  private final ClusterOptions options;
  private final RaftOptions groups;
  private final EventQueue queue;
  private final SimulatedNetwork network;
  private final List<Machine> machines = new ArrayList<>();
  private final List<Invariant> invariants;
  private final SortedMap<Long, SortedMap<Long, Watched>> watched = new TreeMap<>();
  private final Changes changes;
  private final DiskTroubles troubles = new DiskTroubles();

  private final SortedMap<Integer, Site.LeaderWatch> leaderWatches = new TreeMap<>();

  /** A replica as it was when it was looked at last. */
  private static final class Watched {
    private final ShadowLog log = new ShadowLog();
    private @Nullable Sight seen;
  }

  Cluster(
      ClusterOptions options,
      EventQueue queue,
      SimulatedRandomness random,
      List<Invariant> invariants,
      Timeline timeline) {
    this.options = options;
    groups = options.node().groups();
    this.queue = queue;
    this.invariants = invariants;
    changes = new Changes(queue, timeline);
    queue.trace().tally().expect(Machine.ENDED_BY_ITSELF);
    network = new SimulatedNetwork(queue, random.fork(), options.network());
    for (long id = 1; id <= options.machines(); id++) {
      long most = options.mostDriftPerMille();
      machines.add(
          new Machine(
              id,
              queue,
              random.fork(),
              network,
              random.between(-most, most),
              options.node(),
              timeline,
              troubles));
      watched.put(id, new TreeMap<>());
    }
  }

  ClusterOptions options() {
    return options;
  }

  List<Machine> machines() {
    return machines;
  }

  Machine machine(long id) {
    return machines.get((int) id - 1);
  }

  SimulatedNetwork network() {
    return network;
  }

  DiskTroubles troubles() {
    return troubles;
  }

  /** The replicas of a partition on nodes that serve. */
  List<Replica> replicas(int partition) {
    List<Replica> replicas = new ArrayList<>();
    for (Machine machine : machines) {
      Machine.Life life = machine.life();
      if (life != null && life.serves()) {
        life.node().replicas().stream()
            .filter(replica -> replica.partition() == partition)
            .forEach(replicas::add);
      }
    }
    return replicas;
  }

  /** Who is told of a partition's leaders: at most one for each. */
  SortedMap<Integer, Site.LeaderWatch> leaderWatches() {
    return leaderWatches;
  }

  /**
   * Lets one event happen, and looks whether everything still holds.
   *
   * @return false if there is none
   */
  boolean step() {
    try {
      if (!queue.step()) {
        return false;
      }
    } catch (SimulatedCrash e) {
      queue.trace().detail(e::getMessage);
    }
    for (Machine machine : machines) {
      Machine.Life life = machine.life();
      if (life != null && life.process().takeRan()) {
        machine.check();
        if (machine.life() == life && life.serves()) {
          look(machine, life);
        }
      }
    }
    return true;
  }

  private void look(Machine machine, Machine.Life life) {
    for (Replica replica : life.replicas()) {
      long group = replica.identity().id();
      Watched of =
          watched
              .computeIfAbsent(machine.id(), _ -> new TreeMap<>())
              .computeIfAbsent(group, _ -> new Watched());
      Sight sight = Sight.of(life.number(), replica);
      if (!sight.equals(of.seen)) {
        changes.tell(machine.id(), group, of.seen, sight);
        queue
            .trace()
            .detail(() -> "node %d, group %d: %s".formatted(machine.id(), group, sight.asText()));
        of.seen = sight;
        of.log.follow(replica.raft());
        check(machine, life, replica, of.log);
        Site.LeaderWatch watch = leaderWatches.get(replica.partition());
        if (sight.leads() && watch != null) {
          watch.seen(machine.id(), sight.term(), sight.committed());
        }
      }
    }
  }

  private void check(Machine machine, Machine.Life life, Replica replica, ShadowLog log) {
    Look look =
        new Look(
            machine.id(),
            life.number(),
            replica.identity().id(),
            replica.raft(),
            groups,
            log,
            replica.appliedIndex(),
            replica.flushedIndex(),
            replica.pendingBytes(),
            options.pendingBytes(),
            new ReplicaContent(machine, replica, options.keys() <= SMALL_KEYS),
            () -> machine.life() == life,
            () -> machine.clock().peekNanos());
    invariants.forEach(invariant -> invariant.check(look));
  }

  /** What a replica holds, if its machine is well. */
  private record ReplicaContent(Machine machine, Replica replica, boolean isSmall)
      implements Look.Content {
    @Override
    public boolean isReadable() {
      return machine.isReadable();
    }

    @Override
    public long digest() {
      return Contents.digest(replica);
    }

    @Override
    public long versionOf(String key) {
      return Contents.versionOf(replica, key);
    }

    @Override
    public String words() {
      return Contents.of(replica);
    }
  }
}
