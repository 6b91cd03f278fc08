package io.distkv.simulation.linearizability;

import org.jspecify.annotations.Nullable;

/** A history of key "x", written down event by event; ten nanoseconds pass between any two. */
final class Timeline {
  static final Operation READ = new Operation.Read();
  static final Operation DELETE = new Operation.Delete();

  private final History history = new History();
  private long nowNanos;

  static Operation write(String value) {
    return new Operation.Write(value);
  }

  static Operation add(long amount) {
    return new Operation.Add(amount);
  }

  static Operation cas(@Nullable String expected, @Nullable String update) {
    return new Operation.CompareAndSet(expected, update);
  }

  static Answer saw(@Nullable String value) {
    return new Answer.Value(value);
  }

  static Answer sum(long value) {
    return new Answer.Sum(value);
  }

  static Answer swapped(boolean swapped) {
    return new Answer.Swapped(swapped);
  }

  Timeline begin(int process, Operation operation) {
    history.invoke(process, "x", operation, nowNanos += 10);
    return this;
  }

  Timeline ok(int process, Answer answer) {
    history.ok(process, answer, nowNanos += 10);
    return this;
  }

  /** A write or a deletion is done. */
  Timeline ok(int process) {
    return ok(process, new Answer.Done());
  }

  Timeline fail(int process) {
    history.fail(process, nowNanos += 10);
    return this;
  }

  Timeline info(int process) {
    history.info(process, nowNanos += 10);
    return this;
  }

  /** Begins and ends, with nothing between. */
  Timeline all(int process, Operation operation, Answer answer) {
    return begin(process, operation).ok(process, answer);
  }

  /** A write or a deletion that begins and ends, with nothing between. */
  Timeline all(int process, Operation operation) {
    return begin(process, operation).ok(process);
  }

  History history() {
    return history;
  }

  Verdict verdict() {
    return Linearizability.check(history, Linearizability.DEFAULT_BUDGET_STEPS).getFirst();
  }
}
