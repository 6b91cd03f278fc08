package io.distkv.bench.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What one run of one contender has measured. Goes from process to process as a line of text. */
record Result(Map<Measure, Double> values) {
  private static final String BEGINS = "result";

  /** The rows of the comparison. */
  enum Measure {
    RATE("proposals/s"),
    MEDIAN("p50, ms"),
    TAIL("p99, ms"),
    PROCESSOR("processor time per proposal, µs");

    private final String title;

    Measure(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  double value(Measure measure) {
    return values.getOrDefault(measure, Double.NaN);
  }

  String toLine() {
    StringBuilder line = new StringBuilder(BEGINS);
    for (Measure measure : Measure.values()) {
      line.append(String.format(Locale.ROOT, " %.6f", value(measure)));
    }
    return line.toString();
  }

  /**
   * @throws IllegalArgumentException if the line is none of {@link #toLine}
   */
  static Result ofLine(String line) {
    List<String> words = List.of(line.split(" "));
    List<Measure> measures = List.of(Measure.values());
    if (words.size() != measures.size() + 1 || !words.getFirst().equals(BEGINS)) {
      throw new IllegalArgumentException("not a result: '" + line + "'");
    }
    Map<Measure, Double> values = new TreeMap<>();
    for (int i = 0; i < measures.size(); i++) {
      values.put(measures.get(i), Double.valueOf(words.get(i + 1)));
    }
    return new Result(values);
  }

  /** Of each measure the value in the middle. */
  static Result median(List<Result> results) {
    Map<Measure, Double> values = new TreeMap<>();
    for (Measure measure : Measure.values()) {
      List<Double> sorted = new ArrayList<>();
      results.forEach(each -> sorted.add(each.value(measure)));
      sorted.sort(null);
      values.put(measure, sorted.get(sorted.size() / 2));
    }
    return new Result(values);
  }
}
