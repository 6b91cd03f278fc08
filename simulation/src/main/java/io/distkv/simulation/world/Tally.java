package io.distkv.simulation.world;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often each of the ways was taken that a run may take: kinds of faults, endings, options. A
 * hunt is worth as much as the rarest of them, so what was never taken is counted, too: whoever may
 * take a way announces it first.
 */
public final class Tally {
  private final Map<String, Long> counts = new TreeMap<>();

  /** Announces a way: as long as it is not taken, it counts as never taken. */
  public void expect(String way) {
    counts.putIfAbsent(way, 0L);
  }

  /** A way was taken. */
  public void count(String way) {
    counts.merge(way, 1L, Long::sum);
  }

  /** Adds what another run took and might have taken. */
  public void add(Tally other) {
    other.counts.forEach((way, count) -> counts.merge(way, count, Long::sum));
  }

  /** How often a way was taken. */
  public long of(String way) {
    return counts.getOrDefault(way, 0L);
  }

  /** Every way that was taken, with how often. */
  public List<String> taken() {
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .toList();
  }

  /** The ways that were announced and never taken. */
  public List<String> neverTaken() {
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() == 0)
        .map(Map.Entry::getKey)
        .toList();
  }
}
