package io.distkv.simulation.cluster.timeline;

import io.distkv.simulation.world.VirtualTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A line of a timeline for reading.
 *
 * @param nanos virtual time
 */
record Row(long nanos, Subject subject, String words) {
  /** With more operations than this, those of each second are counted and not told. */
  private static final int MOST_OPERATIONS_TOLD = 100;

  /** What a row is about. */
  enum Subject {
    FAULT,
    NODE,
    RAFT,
    CLIENTS,
    CALM,
    VIOLATION
  }

  /** All that a timeline has to tell, in the order of time. */
  static List<Row> of(Timeline timeline) {
    List<Row> rows = new ArrayList<>();
    timeline.moments().stream()
        .filter(moment -> !(moment instanceof Moment.Broken))
        .forEach(moment -> rows.add(new Row(moment.nanos(), subject(moment), moment.words())));
    if (timeline.operations().size() <= MOST_OPERATIONS_TOLD) {
      timeline
          .operations()
          .forEach(asked ->
              rows.add(
                  new Row(
                      Math.min(asked.endNanos(), timeline.endNanos()),
                      Subject.CLIENTS,
                      asked.words())));
    } else {
      rows.addAll(seconds(timeline));
    }
    rows.sort(Comparator.comparingLong(Row::nanos));
    timeline.moments().stream()
        .filter(Moment.Broken.class::isInstance)
        .forEach(moment -> rows.add(new Row(moment.nanos(), subject(moment), moment.words())));
    return rows;
  }

  private static Subject subject(Moment moment) {
    return switch (moment) {
      case Moment.Struck _, Moment.Cut _ -> Subject.FAULT;
      case Moment.Started _, Moment.Down _, Moment.Paused _ -> Subject.NODE;
      case Moment.Leads _, Moment.Deposed _, Moment.Installed _, Moment.Members _ -> Subject.RAFT;
      case Moment.Calm _ -> Subject.CALM;
      case Moment.Broken _ -> Subject.VIOLATION;
    };
  }

  /** A row for every second in which an operation ended. */
  private static List<Row> seconds(Timeline timeline) {
    SortedMap<Long, Second> seconds = new TreeMap<>();
    for (Asked asked : timeline.operations()) {
      if (asked.result() != Asked.Result.WAITING) {
        seconds
            .computeIfAbsent(asked.endNanos() / VirtualTime.SECOND, _ -> new Second())
            .add(asked);
      }
    }
    List<Row> rows = new ArrayList<>();
    seconds.forEach((second, of) ->
        rows.add(
            new Row(
                Math.min((second + 1) * VirtualTime.SECOND - 1, timeline.endNanos()),
                Subject.CLIENTS,
                "clients, second %d: %s".formatted(second, of.words()))));
    return rows;
  }

  /** The operations that ended in a second. */
  private static final class Second {
    private final Map<Asked.Result, Integer> results = new EnumMap<>(Asked.Result.class);
    private final SortedMap<String, Integer> reasons = new TreeMap<>();

    void add(Asked asked) {
      results.merge(asked.result(), 1, Integer::sum);
      if (asked.result() != Asked.Result.OK) {
        reasons.merge(asked.answer(), 1, Integer::sum);
      }
    }

    String words() {
      String counts = Summary.words(results);
      return reasons.isEmpty()
          ? counts
          : reasons.entrySet().stream()
              .map(entry -> entry.getKey() + " " + entry.getValue())
              .collect(Collectors.joining(", ", counts + " (", ")"));
    }
  }
}
