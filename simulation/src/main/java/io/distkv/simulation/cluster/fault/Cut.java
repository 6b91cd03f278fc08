package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedNetwork.Way;
import io.distkv.simulation.world.SimulatedRandomness;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/**
 * Ways of the network are cut, each in one direction.
 *
 * @param ways that nothing gets through any more
 * @param shape of the cut, in words
 */
record Cut(NavigableSet<Way> ways, String shape, Healing healing) implements Fault {

  /** Two sides that hear nothing from each other; on one of them is a single machine. */
  static Cut isolate(SimulatedRandomness random, Extent extent) {
    long machine = extent.machine(random);
    return new Cut(
        between(extent, id -> id == machine),
        "node " + machine + " is cut off from all others",
        Healing.draw(random));
  }

  /** Two sides that hear nothing from each other. */
  static Cut split(SimulatedRandomness random, Extent extent) {
    NavigableSet<Long> side = extent.side(random);
    return new Cut(
        between(extent, side::contains),
        sides(extent, side) + " are cut off from each other",
        Healing.draw(random));
  }

  /** A machine that hears the others, and that they do not hear. */
  static Cut oneWay(SimulatedRandomness random, Extent extent) {
    long machine = extent.machine(random);
    NavigableSet<Way> ways = between(extent, id -> id == machine);
    ways.removeIf(way -> way.from() != machine);
    return new Cut(
        ways, "nothing that node " + machine + " sends gets through", Healing.draw(random));
  }

  /** Two sides that only one machine can talk to. */
  static Cut bridge(SimulatedRandomness random, Extent extent) {
    long machine = extent.machine(random);
    NavigableSet<Long> side = extent.side(random);
    NavigableSet<Way> ways = between(extent, side::contains);
    ways.removeIf(way -> way.from() == machine || way.to() == machine);
    side.remove(machine);
    return new Cut(
        ways,
        "%s are cut off from each other, and only node %d reaches both"
            .formatted(sides(extent, side, machine), machine),
        Healing.draw(random));
  }

  private static NavigableSet<Way> between(Extent extent, LongPredicate side) {
    NavigableSet<Way> ways = new TreeSet<>();
    for (long from = 1; from <= extent.machines(); from++) {
      for (long to = 1; to <= extent.machines(); to++) {
        if (side.test(from) != side.test(to)) {
          ways.add(new Way(from, to));
        }
      }
    }
    return ways;
  }

  private static String sides(Extent extent, NavigableSet<Long> one, long... neither) {
    NavigableSet<Long> other = new TreeSet<>();
    for (long id = 1; id <= extent.machines(); id++) {
      other.add(id);
    }
    other.removeAll(one);
    for (long id : neither) {
      other.remove(id);
    }
    return nodes(one) + " and " + nodes(other);
  }

  private static String nodes(Collection<Long> ids) {
    return ids.isEmpty()
        ? "no nodes"
        : ids.stream()
            .map(Object::toString)
            .collect(Collectors.joining(" ", ids.size() == 1 ? "node " : "nodes ", ""));
  }

  @Override
  public void strike(Site site) {
    healing.of(site.network().cut(ways), site);
  }

  @Override
  public String words() {
    return shape + healing.words();
  }
}
