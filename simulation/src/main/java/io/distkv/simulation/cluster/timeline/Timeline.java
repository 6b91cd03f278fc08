package io.distkv.simulation.cluster.timeline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What happened in a run, for people. Writing it changes nothing of the run, and it is no part of
 * the run's hash.
 */
public final class Timeline {
  private final List<Moment> moments = new ArrayList<>();
  private final Map<Long, Asked> operations = new TreeMap<>();

  /** Something happened, not before what was added last. */
  public void add(Moment moment) {
    moments.add(moment);
  }

  /** A client begins an operation. */
  public void asked(long number, int client, long node, String what, long nanos) {
    operations.put(number, Asked.begun(number, client, node, what, nanos));
  }

  /** A client knows all that it will ever know about an operation. */
  public void ended(long number, long nanos, Asked.Result result, String answer) {
    operations.computeIfPresent(number, (_, asked) -> asked.ended(nanos, result, answer));
  }

  /** All moments in the order of time. */
  public List<Moment> moments() {
    return Collections.unmodifiableList(moments);
  }

  /** All operations by their numbers. */
  public Collection<Asked> operations() {
    return Collections.unmodifiableCollection(operations.values());
  }

  /** How many operations came to what. */
  public Map<Asked.Result, Integer> results() {
    Map<Asked.Result, Integer> results = new EnumMap<>(Asked.Result.class);
    operations.values().forEach(asked -> results.merge(asked.result(), 1, Integer::sum));
    return results;
  }

  /** When the last thing happened that it tells of. */
  public long endNanos() {
    long last = moments.isEmpty() ? 0 : moments.getLast().nanos();
    for (Asked asked : operations.values()) {
      last =
          Math.max(
              last, asked.result() == Asked.Result.WAITING ? asked.beginNanos() : asked.endNanos());
    }
    return last;
  }
}
