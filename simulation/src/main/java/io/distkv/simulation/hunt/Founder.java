package io.distkv.simulation.hunt;

import io.distkv.node.command.CommandTable;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Tally;
import io.distkv.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A client over all of a run that makes keyspaces, alters them and has them dropped, and uses them
 * in between. What it was told must hold after every restart: a keyspace is there or not, as it was
 * said, is like it was said to be, and holds what its acknowledged writes leave; and what was under
 * way is wholly there or not at all.
 */
final class Founder {
  static final int MOST = 3;
  static final int FIRST_NUMBER = 100;
  private static final String NAME = "made-";
  private static final String CREATED = "a creation under way ";
  private static final String DROPPED = "a drop under way ";
  private static final String ALTERED = "an alteration under way ";
  private static final String HAPPENED = "had happened";
  private static final String NOT_HAPPENED = "had not happened";

  private final Owner owner;
  private final CommandDice dice;
  private final CommandTable table;
  private final Tally tally;
  private final List<Made> made = new ArrayList<>();

  Founder(CommandTable table, SimulatedRandomness random, Tally tally) {
    this.table = table;
    this.tally = tally;
    owner = new Owner("founder", List.of(), table, random);
    dice = new CommandDice(owner, random, random.pick(10, 100, 3_000, 60_000));
    for (String what : List.of(CREATED, DROPPED, ALTERED)) {
      tally.expect(what + HAPPENED);
      tally.expect(what + NOT_HAPPENED);
    }
  }

  Owner owner() {
    return owner;
  }

  CommandDice dice() {
    return dice;
  }

  List<Made> made() {
    return made;
  }

  /** The name of a keyspace that is not there, and could be. */
  static String name(int place) {
    return NAME + place;
  }

  /** Asks for a keyspace. */
  Made creates(KeyspaceOptions options) {
    Space space = new Space(options.number(), options.name(), options.partitions(), true);
    Made created = new Made(owner.gets(space, table), options);
    made.add(created);
    return created;
  }

  /** A keyspace is not there. */
  void loses(Made lost) {
    lost.become(Made.State.GONE);
    made.remove(lost);
    owner.loses(lost.belongings());
  }

  /**
   * Compares what a started node has with what it should have.
   *
   * @param listed the names of its keyspaces
   * @return those that are there
   */
  List<Made> settle(Set<String> listed) {
    Set<String> unknown = new TreeSet<>(listed);
    unknown.removeIf(name -> !name.startsWith(NAME));
    for (Made each : List.copyOf(made)) {
      boolean there = unknown.remove(each.name());
      if (each.state() == Made.State.THERE && !there) {
        throw new Violation("keyspace " + each.name() + " is lost");
      }
      if (each.state() == Made.State.CREATED) {
        tally.count(CREATED + (there ? HAPPENED : NOT_HAPPENED));
      } else if (each.state() == Made.State.DROPPED) {
        tally.count(DROPPED + (there ? NOT_HAPPENED : HAPPENED));
      }
      if (there && each.state() == Made.State.GONE) {
        throw new Violation("keyspace " + each.name() + " is back, though it was gone");
      }
      if (there) {
        each.become(Made.State.THERE);
      } else {
        loses(each);
      }
    }
    if (!unknown.isEmpty()) {
      throw new Violation("nobody made, or somebody dropped, keyspaces that are there: " + unknown);
    }
    return List.copyOf(made);
  }

  /** Compares what a started node says that a keyspace is like. */
  void compare(Made there, Reply description) {
    KeyspaceOptions before = there.options();
    KeyspaceOptions found = Descriptions.options(description);
    if (!there.mayBe(found)) {
      throw new Violation("%s is %s, should be %s".formatted(there.name(), found, before));
    }
    if (there.altered() != null && !before.equals(there.altered())) {
      tally.count(ALTERED + (found.equals(before) ? NOT_HAPPENED : HAPPENED));
    }
    there.is(found);
  }
}
