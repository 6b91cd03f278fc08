package io.distkv.simulation.cluster.timeline;

import io.distkv.simulation.world.VirtualTime;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Something that happened at a moment of a run, and that a reader wants to know. */
public sealed interface Moment {

  /** When, in virtual time. */
  long nanos();

  /** What, as a sentence without a full stop. */
  String words();

  /** A fault was carried out. */
  record Struck(long nanos, int number, String kind, String what) implements Moment {
    @Override
    public String words() {
      return "fault %d (%s): %s".formatted(number, kind, what);
    }
  }

  /**
   * Other ways of the network are cut than before.
   *
   * @param ways how many are
   * @param waysOf how many of them go from or to a node; nodes without any are not there
   * @param waysOfEach how many ways go from or to each node, cut or not
   */
  record Cut(long nanos, int ways, SortedMap<Long, Integer> waysOf, int waysOfEach)
      implements Moment {
    @Override
    public String words() {
      return ways == 0
          ? "no way of the network is cut any more"
          : waysOf.entrySet().stream()
              .map(entry -> entry.getKey() + " " + entry.getValue())
              .collect(
                  Collectors.joining(
                      ", ",
                      "%d ways of the network are cut (by node, of %d each: "
                          .formatted(ways, waysOfEach),
                      ")"));
    }
  }

  /**
   * A node starts.
   *
   * @param life how often it has started, with this
   */
  record Started(long nanos, long node, int life) implements Moment {
    @Override
    public String words() {
      return "node %d starts%s".formatted(node, life == 1 ? "" : " again, for life " + life);
    }
  }

  /**
   * A node goes down.
   *
   * @param how that came about
   */
  record Down(long nanos, long node, String how) implements Moment {
    @Override
    public String words() {
      return "node %d goes down: %s".formatted(node, how);
    }
  }

  /** A node stands still. */
  record Paused(long nanos, long node, long untilNanos) implements Moment {
    @Override
    public String words() {
      return "node %d stands still until %s s".formatted(node, VirtualTime.stamp(untilNanos));
    }
  }

  /** A node leads a group from here on. */
  record Leads(long nanos, long node, long group, long term) implements Moment {
    @Override
    public String words() {
      return "node %d leads group %d in term %d".formatted(node, group, term);
    }
  }

  /** A node that led a group does so no more, and goes on. */
  record Deposed(long nanos, long node, long group, long term) implements Moment {
    @Override
    public String words() {
      return "node %d no longer leads group %d; it is in term %d".formatted(node, group, term);
    }
  }

  /** A replica began anew from a snapshot that it was sent. */
  record Installed(long nanos, long node, long group, long index) implements Moment {
    @Override
    public String words() {
      return "node %d has a snapshot of group %d installed, up to entry %d"
          .formatted(node, group, index);
    }
  }

  /** A replica's group has other members than before, as far as that replica knows. */
  record Members(long nanos, long node, long group, String members) implements Moment {
    @Override
    public String words() {
      return "node %d takes the members of group %d to be %s".formatted(node, group, members);
    }
  }

  /** Nothing goes wrong any more. */
  record Calm(long nanos) implements Moment {
    @Override
    public String words() {
      return "nothing goes wrong from here on: what is down comes back, all ways are open";
    }
  }

  /** Something did not hold: the end of the run. */
  record Broken(long nanos, String what) implements Moment {
    @Override
    public String words() {
      return "VIOLATION: " + what;
    }
  }
}
