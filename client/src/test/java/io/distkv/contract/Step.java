package io.distkv.contract;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One operation of a scenario and the answer to it.
 *
 * @param line of the operation
 * @param within the operations of a batch, each with its own answer where the batch has none
 * @param expected the words of the answer, those of all its lines
 * @param exceptions the words of the answer through a door that is documented to differ, by its
 *     name
 */
record Step(
    Line line, List<Line> within, List<String> expected, Map<String, List<String>> exceptions) {
  /** The step that a line and the indented ones below it make. */
  static Step of(Line line, List<Line> below) {
    List<Line> within = new ArrayList<>();
    List<String> expected = new ArrayList<>(line.answered());
    Map<String, List<String>> exceptions = new TreeMap<>();
    boolean batch = line.asked().contains("batch");
    int times = times(line.asked());
    for (Line each : below) {
      if (each.words().getFirst().equals("except")) {
        for (String door : each.asked().subList(1, each.asked().size())) {
          exceptions.put(door, each.answered());
        }
      } else if (batch) {
        within.add(each);
        if (line.answered().isEmpty()) {
          Collections.nCopies(times, each.answered()).forEach(expected::addAll);
        }
      } else {
        expected.addAll(each.words());
      }
    }
    if (expected.isEmpty()) {
      throw new IllegalArgumentException("line " + line.number() + " has no answer");
    }
    return new Step(line, within, List.copyOf(expected), exceptions);
  }

  private static int times(List<String> asked) {
    int at = asked.indexOf("times");
    return at < 0 ? 1 : Integer.parseInt(asked.get(at + 1));
  }

  List<String> expected(String door) {
    return exceptions.getOrDefault(door, expected);
  }
}
