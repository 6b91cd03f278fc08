package io.distkv.simulation.linearizability;

import org.jspecify.annotations.Nullable;

/** What a client asks of one key. Values are text; null stands for a key that is absent. */
public sealed interface Operation {

  /** Asks for the value; answered with {@link Answer.Value}. */
  record Read() implements Operation {}

  /** Sets the value; answered with {@link Answer.Done}. */
  record Write(String value) implements Operation {}

  /** Makes the key absent, if it is not; answered with {@link Answer.Done}. */
  record Delete() implements Operation {}

  /** Adds to the whole number that the value is; answered with {@link Answer.Sum}. */
  record Add(long amount) implements Operation {}

  /** Sets the value to {@code update} if it is {@code expected}; {@link Answer.Swapped} or not. */
  record CompareAndSet(@Nullable String expected, @Nullable String update) implements Operation {}

  /** Whether this is the kind of answer that the operation has. */
  default boolean fits(Answer answer) {
    return switch (this) {
      case Read _ -> answer instanceof Answer.Value;
      case Write _, Delete _ -> answer instanceof Answer.Done;
      case Add _ -> answer instanceof Answer.Sum;
      case CompareAndSet _ -> answer instanceof Answer.Swapped;
    };
  }
}
