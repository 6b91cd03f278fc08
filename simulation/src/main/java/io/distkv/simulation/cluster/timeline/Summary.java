package io.distkv.simulation.cluster.timeline;

import io.distkv.simulation.world.VirtualTime;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A run in a sentence. */
final class Summary {
  private Summary() {}

  static String of(Timeline timeline) {
    return "%s of virtual time; %s; operations: %s"
        .formatted(
            VirtualTime.span(timeline.endNanos()),
            Stream.of(
                    count(timeline, Moment.Struck.class, "fault"),
                    count(timeline, Moment.Leads.class, "election"),
                    count(timeline, Moment.Deposed.class, "deposed leader"),
                    count(timeline, Moment.Installed.class, "installed snapshot"))
                .collect(Collectors.joining(", ")),
            words(timeline.results()));
  }

  /** How many operations came to what. */
  static String words(Map<Asked.Result, Integer> results) {
    return results.isEmpty()
        ? "none"
        : results.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey().word())
            .collect(Collectors.joining(", "));
  }

  private static String count(Timeline timeline, Class<? extends Moment> kind, String what) {
    long count = timeline.moments().stream().filter(kind::isInstance).count();
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
