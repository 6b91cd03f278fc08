package io.distkv.bench.client;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one run has measured.
 *
 * @param rate operations a second
 * @param medianMillis how long half of them took at most
 * @param tailMillis how long 99 of 100 took at most
 * @param serverMicros processor time of the server's process for one
 */
record Result(double rate, double medianMillis, double tailMillis, double serverMicros) {

  /** Of each figure the one in the middle. */
  static Result median(List<Result> results) {
    return new Result(
        middle(results, Result::rate),
        middle(results, Result::medianMillis),
        middle(results, Result::tailMillis),
        middle(results, Result::serverMicros));
  }

  private static double middle(List<Result> results, ToDoubleFunction<Result> figure) {
    return results.stream().mapToDouble(figure).sorted().toArray()[results.size() / 2];
  }
}
