package io.distkv.simulation.linearizability;

import org.jspecify.annotations.Nullable;

/** What an operation that took effect answered. */
public sealed interface Answer {

  /** What was read; null if the key was absent. */
  record Value(@Nullable String value) implements Answer {}

  /** It was done, and there is no more to say: of a write or a deletion. */
  record Done() implements Answer {}

  /** The value after an addition. */
  record Sum(long value) implements Answer {}

  /** Whether a compare-and-set found what it expected, and so took the place of it. */
  record Swapped(boolean swapped) implements Answer {}
}
