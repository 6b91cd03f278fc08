package io.distkv.simulation.cluster;

import io.distkv.node.replica.Replica;
import io.distkv.raft.Position;
import io.distkv.raft.Raft;
import io.distkv.raft.Role;
import io.distkv.simulation.cluster.invariant.Invariant;
import io.distkv.simulation.cluster.invariant.Look;
import io.distkv.simulation.cluster.invariant.ShadowLog;
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
  private static final String SNAPSHOT_INSTALLED = "snapshot installed";
  private static final String LOG_CUT = "log cut";
  private static final String LEADER_DEPOSED = "leader deposed";

  private final ClusterOptions options;
  private final EventQueue queue;
  private final SimulatedNetwork network;
  private final List<Machine> machines = new ArrayList<>();
  private final List<Invariant> invariants;
  private final SortedMap<Long, SortedMap<Long, Watched>> watched = new TreeMap<>();
  private long lastValue;

  /** A replica as it was when it was looked at last. */
  private static final class Watched {
    private final ShadowLog log = new ShadowLog();
    private @Nullable Sight seen;
  }

  /** What a look depends on: as long as it is the same, nothing need be checked. */
  private record Sight(
      int life,
      Role role,
      long term,
      long committed,
      Position last,
      Position base,
      long applied,
      long flushed,
      long readableUntilNanos) {

    String asText() {
      return "%s of term %d, log from %d/%d to %d/%d, committed %d, applied %d, in tables %d"
          .formatted(
              role,
              term,
              base.index(),
              base.term(),
              last.index(),
              last.term(),
              committed,
              applied,
              flushed);
    }
  }

  Cluster(
      ClusterOptions options,
      EventQueue queue,
      SimulatedRandomness random,
      List<Invariant> invariants) {
    this.options = options;
    this.queue = queue;
    this.invariants = invariants;
    List.of(SNAPSHOT_INSTALLED, LOG_CUT, LEADER_DEPOSED).forEach(queue.trace().tally()::expect);
    network = new SimulatedNetwork(queue, random.fork(), options.network());
    for (long id = 1; id <= options.machines(); id++) {
      long most = options.mostDriftPerMille();
      machines.add(
          new Machine(
              id, queue, random.fork(), network, random.between(-most, most), options.node()));
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

  /** A value that nobody has written. */
  long nextValue() {
    return lastValue += 1000;
  }

  /**
   * Lets one event happen, and looks whether everything still holds.
   *
   * @return false if there is none
   */
  boolean step() {
    if (!queue.step()) {
      return false;
    }
    for (Machine machine : machines) {
      Machine.Life life = machine.life();
      if (life != null && life.process().takeRan()) {
        machine.check();
        if (life.serves()) {
          look(machine, life);
        }
      }
    }
    return true;
  }

  private void look(Machine machine, Machine.Life life) {
    for (Replica replica : life.node().replicas()) {
      long group = replica.identity().id();
      Watched of =
          watched
              .computeIfAbsent(machine.id(), _ -> new TreeMap<>())
              .computeIfAbsent(group, _ -> new Watched());
      Raft raft = replica.raft();
      Sight sight =
          new Sight(
              life.number(),
              raft.role(),
              raft.term(),
              raft.committed(),
              raft.last(),
              raft.base(),
              replica.appliedIndex(),
              replica.flushedIndex(),
              raft.readableUntilNanos());
      if (!sight.equals(of.seen)) {
        count(of.seen, sight);
        queue
            .trace()
            .detail(() -> "node %d, group %d: %s".formatted(machine.id(), group, sight.asText()));
        of.seen = sight;
        of.log.follow(raft);
        check(machine, life, replica, of.log);
      }
    }
  }

  private void count(@Nullable Sight before, Sight now) {
    if (before != null && before.life() == now.life()) {
      if (now.base().index() > before.applied()) {
        queue.trace().tally().count(SNAPSHOT_INSTALLED);
      }
      if (now.last().index() < before.last().index()) {
        queue.trace().tally().count(LOG_CUT);
      }
      if (before.role() == Role.LEADER && now.role() != Role.LEADER) {
        queue.trace().tally().count(LEADER_DEPOSED);
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
            options.raft(),
            log,
            replica.appliedIndex(),
            replica.flushedIndex(),
            () -> machine.life() == life,
            () -> machine.clock().peekNanos());
    invariants.forEach(invariant -> invariant.check(look));
  }
}
