package io.distkv.bench.part;

import io.distkv.raft.Raft;
import io.distkv.raft.RaftOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What ten thousand groups of three servers cost that have nothing to do: a second of theirs, whose
 * time is not real. A thousandth of a second is a thousandth of a processor. Their owner looks only
 * after servers whose time has come.
 */
@State(Scope.Thread)
public class RaftIdleBenchmark {
  private static final int GROUPS = 10_000;
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final RaftOptions AWAKE = RaftOptions.DEFAULT.withQuietNanos(0);
  private static final RaftOptions ASLEEP = RaftOptions.DEFAULT.withQuietNanos(3 * SECOND_NANOS);

  /** Whether groups that have nothing to do may go to sleep. */
  @Param({"true", "false"})
  public boolean quiet;

  private final List<MemoryGroup> groups = new ArrayList<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::dueNanos));
  private long nowNanos;

  /** A look at a server is due; it may turn out that it has nothing to do before long. */
  private record Timer(long dueNanos, MemoryGroup group, MemoryGroup.Server server) {}

  /** Elects all leaders, and lets the groups go to sleep if they may. */
  @Setup
  public void settleDown() {
    for (int i = 0; i < GROUPS; i++) {
      MemoryGroup group = new MemoryGroup(quiet ? ASLEEP : AWAKE, 0, i, nowNanos);
      groups.add(group);
      group.servers().forEach(each -> startTimer(group, each));
    }
    advance(10 * SECOND_NANOS);
    if (!groups.stream().allMatch(MemoryGroup::agrees)) {
      throw new IllegalStateException("not every group has a leader");
    }
    if (quiet != timers.isEmpty()) {
      throw new IllegalStateException(timers.size() + " servers are awake");
    }
  }

  private void startTimer(MemoryGroup group, MemoryGroup.Server server) {
    long next = server.raft().nextTickNanos();
    if (next != Long.MAX_VALUE) {
      timers.add(new Timer(next, group, server));
    }
  }

  private void advance(long nanos) {
    long end = nowNanos + nanos;
    for (Timer first = timers.peek();
        first != null && first.dueNanos() <= end;
        first = timers.peek()) {
      timers.remove();
      nowNanos = first.dueNanos();
      Raft raft = first.server().raft();
      if (raft.nextTickNanos() <= nowNanos) {
        raft.tick(nowNanos);
        first.server().carryOut(nowNanos);
        first.group().settle(nowNanos);
      }
      startTimer(first.group(), first.server());
    }
    nowNanos = end;
  }

  /** A second of ten thousand groups. */
  @Benchmark
  public void second(Blackhole blackhole) {
    advance(SECOND_NANOS);
    blackhole.consume(nowNanos);
  }
}
