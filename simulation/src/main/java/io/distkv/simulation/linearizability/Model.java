package io.distkv.simulation.linearizability;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a key does when operations come one at a time: all that the search knows about them. It
 * takes any states, so operations on several keys at once want no more than a model whose state is
 * all of those keys, and calls that are not split by key.
 *
 * @param <S> the states: values that never change, equal if nothing can tell them apart
 */
interface Model<S> {

  /** The state before everything. */
  S initial();

  /**
   * The state after an operation.
   *
   * @param answer what it answered; null if nobody knows, so that any answer will do
   * @return null if the operation cannot have taken effect in this state, or not with this answer
   */
  @Nullable S step(S state, Operation operation, @Nullable Answer answer);

  /**
   * What can be said of an operation in all states at once.
   *
   * @param answer null if nobody knows
   */
  Effect<S> effect(Operation operation, @Nullable Answer answer);

  /**
   * The same question with fewer states: calls of which, one for one, exactly those orders are
   * possible that are possible of the given ones.
   */
  List<Call> simplify(List<Call> calls);
}
