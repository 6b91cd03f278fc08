package io.distkv.simulation.cluster.timeline;

import io.distkv.simulation.world.VirtualTime;
import java.util.ArrayList;
import java.util.List;

/** A timeline as lines of text. The same timeline gives the same text. */
public final class TimelineText {
  private static final int STAMP_WIDTH = 11;

  private TimelineText() {}

  /**
   * Writes it.
   *
   * @param options of the run, in words
   */
  public static List<String> lines(List<String> options, Timeline timeline) {
    List<String> lines = new ArrayList<>(options);
    lines.add("");
    lines.add(" ".repeat(STAMP_WIDTH - 1) + "s");
    for (Row row : Row.of(timeline)) {
      String stamp = VirtualTime.stamp(row.nanos());
      String margin = " ".repeat(Math.max(0, STAMP_WIDTH - stamp.length())) + stamp;
      for (String line : row.words().lines().toList()) {
        lines.add(margin + "  " + line);
        margin = " ".repeat(STAMP_WIDTH);
      }
    }
    lines.add("");
    lines.add(Summary.of(timeline));
    return lines;
  }
}
