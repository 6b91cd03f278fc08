package io.distkv.simulation.cluster.timeline;

import io.distkv.simulation.world.VirtualTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Operations of a client that are drawn as one bar: one of them, or several with the same result
 * that are too close to each other to be told apart.
 */
record Bar(int client, Asked.Result result, long fromNanos, long toNanos, int count, Asked first) {

  /**
   * The bars of all clients.
   *
   * @param closeNanos with less than this between them, operations are drawn as one
   * @param endNanos of the run
   */
  static List<Bar> of(Timeline timeline, long closeNanos, long endNanos) {
    List<Asked> operations = new ArrayList<>(timeline.operations());
    operations.sort(Comparator.comparingInt(Asked::client).thenComparingLong(Asked::beginNanos));
    List<Bar> bars = new ArrayList<>();
    for (Asked asked : operations) {
      Bar bar =
          new Bar(
              asked.client(),
              asked.result(),
              asked.beginNanos(),
              Math.min(asked.endNanos(), endNanos),
              1,
              asked);
      if (!bars.isEmpty() && bars.getLast().takes(bar, closeNanos)) {
        bar = bars.removeLast().with(bar);
      }
      bars.add(bar);
    }
    return bars;
  }

  private boolean takes(Bar next, long closeNanos) {
    return client == next.client
        && result == next.result
        && next.fromNanos - toNanos < closeNanos
        && next.toNanos - next.fromNanos < closeNanos;
  }

  private Bar with(Bar next) {
    return new Bar(client, result, fromNanos, next.toNanos, count + next.count, first);
  }

  /** About it, for a reader. */
  String title() {
    return count == 1
        ? first.words()
        : "%d operations of client %d, from %s to %s s: %s"
            .formatted(
                count,
                client,
                VirtualTime.stamp(fromNanos),
                VirtualTime.stamp(toNanos),
                result.word());
  }
}
