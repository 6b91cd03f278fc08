package io.distkv.node.replica;

import io.distkv.node.command.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads that wait for the group to say up to where the state must be applied, and then for the
 * state to get there. A read whose question or answer was lost waits until its client gives up.
 *
 * <p>Used on the replica's lane only.
 */
final class AwaitedReads {
  private final Replication.StateMachine machine;

  /** Those whose index is not known, by the number that the group knows them by. */
  private final SortedMap<Long, AwaitedRead> asked = new TreeMap<>();

  /** Those that wait for the state, by the index that it must have applied. */
  private final SortedMap<Long, List<AwaitedRead>> behind = new TreeMap<>();

  private long next = 1;

  AwaitedReads(Replication.StateMachine machine) {
    this.machine = machine;
  }

  boolean isEmpty() {
    return asked.isEmpty() && behind.isEmpty();
  }

  /** Takes a read, giving the number by which the group is to know it. */
  long add(AwaitedRead read) {
    asked.put(next, read);
    return next++;
  }

  /** The group says up to where the state must be applied for a read. */
  void ready(long number, long index) {
    AwaitedRead read = asked.remove(number);
    if (read != null) {
      behind.computeIfAbsent(index, _ -> new ArrayList<>()).add(read);
    }
  }

  /** The group cannot tell. */
  void refuse(long number, Reply.Failure why) {
    AwaitedRead read = asked.remove(number);
    if (read != null) {
      machine.awaited(read, why);
    }
  }

  /** The state has applied everything up to an index. */
  void appliedUpTo(long index) {
    while (!behind.isEmpty() && behind.firstKey() <= index) {
      @Nullable List<AwaitedRead> reads = behind.remove(behind.firstKey());
      if (reads != null) {
        reads.forEach(read -> machine.awaited(read, null));
      }
    }
  }

  /**
   * Those that nobody waits for any more are forgotten: all first, and then each is told, for the
   * next read of its session may begin to wait then.
   */
  void dropAbandoned() {
    List<AwaitedRead> abandoned = new ArrayList<>();
    asked.values().removeIf(read -> read.call().answer().abandoned() && abandoned.add(read));
    abandoned.forEach(read -> machine.awaited(read, WritePath.BUSY));
  }

  /** Ends them all. */
  void refuseAll(Reply.Failure why) {
    List<AwaitedRead> all = new ArrayList<>(asked.values());
    behind.values().forEach(all::addAll);
    asked.clear();
    behind.clear();
    all.forEach(read -> machine.awaited(read, why));
  }
}
