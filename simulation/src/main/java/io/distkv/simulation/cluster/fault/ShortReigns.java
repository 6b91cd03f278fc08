package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedNetwork;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.VirtualTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * For a while nobody leads a partition for long: at its election, soon after it, or as soon as it
 * has committed anything, nothing gets through any more that a leader sends, and then its machine
 * goes down or stands still, until the next leader has fallen. So terms come whose entries only one
 * has, and leaders come back that have such entries (Raft paper, figures 7 and 8), which machines
 * that go down by chance hardly ever bring about.
 *
 * @param ends of the reigns, in order; after the last, leaders are left alone
 */
record ShortReigns(int partition, long forNanos, List<End> ends) implements Fault {
  private static final int MOST_REIGNS = 8;

  /** When nothing gets through any more. */
  private enum Cue {
    ELECTION,
    TIME,
    COMMIT
  }

  /** What comes of a leader's machine. */
  private enum Way {
    LOSES_POWER,
    IS_KILLED,
    STANDS_STILL
  }

  /**
   * How a reign ends.
   *
   * @param silentNanos after its begin, if the cue is the time
   * @param downNanos after that, when the machine goes down or stands still
   * @param awayNanos how long it does, if no other leader falls meanwhile
   */
  private record End(Cue cue, Way way, long silentNanos, long downNanos, long awayNanos) {
    static End draw(SimulatedRandomness random) {
      return new End(
          random.pick(Cue.values()),
          random.pick(Way.values()),
          random.magnitude(10_000, 100 * VirtualTime.MILLI),
          random.between(VirtualTime.MILLI, 100 * VirtualTime.MILLI),
          random.between(500 * VirtualTime.MILLI, 10 * VirtualTime.SECOND));
    }

    String words() {
      return switch (way) {
        case LOSES_POWER -> "power cut";
        case IS_KILLED -> "kill";
        case STANDS_STILL -> "pause";
      };
    }
  }

  static ShortReigns draw(SimulatedRandomness random, Extent extent) {
    List<End> ends = new ArrayList<>();
    for (int left = 2 + random.below(MOST_REIGNS - 1); left > 0; left--) {
      ends.add(End.draw(random));
    }
    return new ShortReigns(
        extent.partition(random),
        random.between(VirtualTime.SECOND, 15 * VirtualTime.SECOND),
        List.copyOf(ends));
  }

  @Override
  public void strike(Site site) {
    new Series(site, new ArrayDeque<>(ends)).begin();
  }

  /** A leader's term, and what is done when it first commits anything in it; then nothing. */
  private static final class Reign {
    private final long machine;
    private final long term;
    private final long committed;
    private @Nullable Runnable whenCommitting;

    Reign(long machine, long term, long committed) {
      this.machine = machine;
      this.term = term;
      this.committed = committed;
    }
  }

  /** The reigns that end. */
  private final class Series {
    private final Site site;
    private final Queue<End> left;

    /** The reign that goes on, if it is to be ended. */
    private @Nullable Reign reign;

    /** The machine of the leader that fell last; 0 if it is back. */
    private long fallen;

    Series(Site site, Queue<End> left) {
      this.site = site;
      this.left = left;
    }

    /** Two series at once would let no leader do anything. */
    void begin() {
      if (site.watchLeaders(partition, this::seen)) {
        site.later(
            forNanos,
            "leaders may stay",
            () -> {
              left.clear();
              site.endWatch(partition);
            });
      }
    }

    private void seen(long machine, long term, long committed) {
      Reign now = reign;
      if (now == null || now.machine != machine || now.term != term) {
        End end = left.poll();
        reign = end == null ? null : new Reign(machine, term, committed);
        if (end != null) {
          begin(machine, end);
        }
      } else if (now.whenCommitting != null && committed > now.committed) {
        site.later(1, "last words", now.whenCommitting);
        now.whenCommitting = null;
      }
    }

    private void begin(long machine, End end) {
      Runnable silence = () -> silence(machine, end);
      switch (end.cue()) {
        case ELECTION -> site.later(1, "last words", silence);
        case TIME -> site.later(end.silentNanos(), "last words", silence);
        case COMMIT -> {
          if (reign != null) {
            reign.whenCommitting = silence;
          }
        }
      }
    }

    private void silence(long machine, End end) {
      if (site.isCalm()) {
        return;
      }
      SimulatedNetwork.Obstacle silence = site.silence(machine);
      site.later(
          end.downNanos(),
          "end of a reign",
          () -> {
            site.network().clear(silence);
            if (!site.isCalm()) {
              fall(machine, end);
            }
          });
    }

    private void fall(long machine, End end) {
      comeBack(fallen);
      boolean isDown =
          switch (end.way()) {
            case LOSES_POWER -> site.cutPower(machine);
            case IS_KILLED -> site.kill(machine);
            case STANDS_STILL -> {
              site.pause(machine, end.awayNanos());
              yield false;
            }
          };
      if (isDown) {
        fallen = machine;
        site.later(end.awayNanos(), "restart", () -> comeBack(machine));
      }
    }

    private void comeBack(long machine) {
      if (machine != 0 && machine == fallen) {
        fallen = 0;
        site.start(machine);
      }
    }
  }

  @Override
  public String words() {
    return "leaders of group %d do not stay for %s: %s"
        .formatted(
            partition,
            VirtualTime.span(forNanos),
            ends.stream().map(End::words).collect(Collectors.joining(", ")));
  }
}
