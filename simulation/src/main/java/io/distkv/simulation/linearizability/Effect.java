package io.distkv.simulation.linearizability;

import org.jspecify.annotations.Nullable;

/**
 * What an operation wants of the state and makes of it, as far as that can be said of all states at
 * once. It tells the search what need not be tried; it may say too little, but nothing wrong.
 *
 * @param <S> the states of the model
 * @param needs the only state in which the operation is possible, or in which it changes anything,
 *     if its answer is not known; null if there may be several
 * @param leaves the state after it, of those that overwrite or set; else null
 */
record Effect<S>(@Nullable S needs, Change change, @Nullable S leaves) {

  /** What becomes of the state. */
  enum Change {
    /** It stays as it is. */
    NOTHING,
    /** It is another, the same from all states, and from all states possible. */
    OVERWRITES,
    /** It is a certain other, or stays as it is. */
    SETS,
    /** It may be any other. */
    ANYTHING
  }

  /** Of an operation that only looks. */
  static <S> Effect<S> nothing(@Nullable S needs) {
    return new Effect<>(needs, Change.NOTHING, null);
  }

  /** Of an operation that cannot tell what went before. */
  static <S> Effect<S> overwrites(S leaves) {
    return new Effect<>(null, Change.OVERWRITES, leaves);
  }

  /** Of an operation that leaves one other state at most. */
  static <S> Effect<S> sets(@Nullable S needs, S leaves) {
    return new Effect<>(needs, Change.SETS, leaves);
  }

  /** Of an operation of which nothing can be said. */
  static <S> Effect<S> anything() {
    return new Effect<>(null, Change.ANYTHING, null);
  }

  boolean looks() {
    return change == Change.NOTHING;
  }

  boolean blind() {
    return change == Change.OVERWRITES;
  }
}
