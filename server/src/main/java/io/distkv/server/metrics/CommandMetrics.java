package io.distkv.server.metrics;

import static io.distkv.server.metrics.Snapshots.count;

import io.distkv.node.command.CommandSpec;
import io.distkv.node.command.Flag;
import io.distkv.node.command.Group;
import io.distkv.node.session.CommandObserver;
import io.distkv.node.session.Passage;
import io.distkv.server.jfr.SlowOperationEvent;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;

/** Counts and times commands by their group, each lane for itself; added up when asked. */
@SuppressWarnings("EnumOrdinal") // The ordinal indexes arrays of this process, nothing stored.
public final class CommandMetrics implements MetricSource {
  private static final Group[] GROUPS = Group.values();
  private static final int FAILED = 0;
  private static final int SLOW = 1;

  private final List<LaneObserver> lanes = new ArrayList<>();
  private volatile long slowNanos = Long.MAX_VALUE;

  /**
   * @param slow told of the way that slow commands took; must not wait
   */
  public CommandMetrics(int laneCount, Consumer<Passage> slow) {
    for (int lane = 0; lane < laneCount; lane++) {
      lanes.add(new LaneObserver(lane, slow));
    }
  }

  /** Who counts for a lane. */
  public CommandObserver observer(int lane) {
    return lanes.get(lane);
  }

  /** From how many nanoseconds on a command is slow; 0 means that none is. */
  public void setSlowNanos(long nanos) {
    slowNanos = nanos == 0 ? Long.MAX_VALUE : nanos;
  }

  @Override
  public void collect(Consumer<MetricSnapshot> into) {
    HistogramSnapshot.Builder seconds =
        HistogramSnapshot.builder()
            .name("distkv_command_seconds")
            .help("Time from a command's arrival to its reply");
    CounterSnapshot.Builder failed =
        CounterSnapshot.builder()
            .name("distkv_command_errors")
            .help("Commands answered by an error");
    CounterSnapshot.Builder slow =
        CounterSnapshot.builder()
            .name("distkv_slow_commands")
            .help("Commands that took longer than the setting slowOperation");
    for (Group group : GROUPS) {
      String label = group.name().toLowerCase(Locale.ROOT);
      seconds.dataPoint(latencies(group, label));
      failed.dataPoint(count(sum(group, FAILED), "group", label));
      slow.dataPoint(count(sum(group, SLOW), "group", label));
    }
    into.accept(seconds.build());
    into.accept(failed.build());
    into.accept(slow.build());
  }

  private HistogramDataPointSnapshot latencies(Group group, String label) {
    Number[] counts = new Number[LatencyCounters.CLASSES];
    long sumNanos = 0;
    for (int i = 0; i < counts.length; i++) {
      long count = 0;
      for (LaneObserver lane : lanes) {
        count += lane.latencies[group.ordinal()].count(i);
      }
      counts[i] = count;
    }
    for (LaneObserver lane : lanes) {
      sumNanos += lane.latencies[group.ordinal()].sumNanos();
    }
    return HistogramDataPointSnapshot.builder()
        .classicHistogramBuckets(
            ClassicHistogramBuckets.of(LatencyCounters.boundsSeconds(), counts))
        .sum(sumNanos / 1e9)
        .labels(Labels.of("group", label))
        .build();
  }

  private long sum(Group group, int what) {
    long sum = 0;
    for (LaneObserver lane : lanes) {
      sum += lane.events.getOpaque(2 * group.ordinal() + what);
    }
    return sum;
  }

  /** The counters of one lane: written on it with plain additions, read by anybody. */
  private final class LaneObserver implements CommandObserver {
    private final int lane;
    private final Consumer<Passage> slow;
    private final LatencyCounters[] latencies = new LatencyCounters[GROUPS.length];
    private final AtomicLongArray events = new AtomicLongArray(2 * GROUPS.length);

    LaneObserver(int lane, Consumer<Passage> slow) {
      this.lane = lane;
      this.slow = slow;
      for (int i = 0; i < latencies.length; i++) {
        latencies[i] = new LatencyCounters();
      }
    }

    @Override
    public boolean completed(CommandSpec spec, long nanos, boolean failed) {
      int group = spec.group().ordinal();
      latencies[group].record(nanos);
      if (failed) {
        increment(2 * group + FAILED);
      }
      if (nanos <= slowNanos) {
        return false;
      }
      increment(2 * group + SLOW);
      new SlowOperationEvent(spec.name(), lane, nanos, failed).commit();
      return !spec.is(Flag.SKIP_SLOWLOG);
    }

    @Override
    public void slow(Passage passage) {
      slow.accept(passage);
    }

    private void increment(int index) {
      events.setOpaque(index, events.getPlain(index) + 1);
    }
  }
}
