package io.distkv.simulation.linearizability;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operations that have no place yet want of the state, and can make of it, by the {@link
 * Effect} of each. It answers, in a few comparisons, where no order can follow, where one choice is
 * as good as any, and which operations cannot change anything any more.
 */
final class Outlook<S> {
  private static final int NONE = -1;

  private final List<Effect<S>> calls;
  private final List<Effect<S>> kinds;

  /** By call or kind: the number of the state that it needs, and that it leaves, or NONE. */
  private final int[] callNeeds;

  private final int[] callLeaves;
  private final int[] kindNeeds;
  private final int[] kindLeaves;

  /** By state: of those that must get a place, how many need it. */
  private final int[] wanted;

  /** By state: how many operations leave it. */
  private final int[] sources;

  /** How many may leave any state. */
  private int wild;

  /** How many neither need a certain state nor are blind. */
  private int choosy;

  /**
   * None has its place.
   *
   * @param calls the effects of those that must get one
   * @param kinds the effects of the kinds of those that may be left out
   * @param maybe how many there are of each kind
   */
  Outlook(States<S> states, List<Effect<S>> calls, List<Effect<S>> kinds, MaybeCalls maybe) {
    this.calls = calls;
    this.kinds = kinds;
    callNeeds = calls.stream().mapToInt(effect -> number(states, effect.needs())).toArray();
    callLeaves = calls.stream().mapToInt(effect -> number(states, effect.leaves())).toArray();
    kindNeeds = kinds.stream().mapToInt(effect -> number(states, effect.needs())).toArray();
    kindLeaves = kinds.stream().mapToInt(effect -> number(states, effect.leaves())).toArray();
    wanted = new int[states.count()];
    sources = new int[states.count()];
    for (int call = 0; call < callNeeds.length; call++) {
      callOpened(call);
    }
    for (int kind = 0; kind < kindNeeds.length; kind++) {
      for (int number = 0; number < maybe.size(kind); number++) {
        kindGivenBack(kind);
      }
    }
  }

  private static <S> int number(States<S> states, @Nullable S state) {
    return state == null ? NONE : states.number(state);
  }

  void callPlaced(int call) {
    count(calls.get(call), callNeeds[call], callLeaves[call], -1);
    if (callNeeds[call] != NONE) {
      wanted[callNeeds[call]]--;
    }
  }

  void callOpened(int call) {
    count(calls.get(call), callNeeds[call], callLeaves[call], 1);
    if (callNeeds[call] != NONE) {
      wanted[callNeeds[call]]++;
    }
  }

  void kindUsed(int kind) {
    count(kinds.get(kind), NONE, kindLeaves[kind], -1);
  }

  void kindGivenBack(int kind) {
    count(kinds.get(kind), NONE, kindLeaves[kind], 1);
  }

  private void count(Effect<S> effect, int needs, int leaves, int by) {
    if (leaves != NONE) {
      sources[leaves] += by;
    }
    if (effect.change() == Effect.Change.ANYTHING) {
      wild += by;
    }
    if (needs == NONE && !effect.blind()) {
      choosy += by;
    }
  }

  boolean looks(int call) {
    return calls.get(call).looks();
  }

  boolean blind(int call) {
    return calls.get(call).blind();
  }

  /** Whether it is plain, without asking the model, that a call is impossible in a state. */
  boolean cannot(int call, int state) {
    return callNeeds[call] != NONE && callNeeds[call] != state;
  }

  /** Whether it is plain, without asking the model, that those of a kind do nothing in a state. */
  boolean changesNothing(int kind, int state) {
    return kindNeeds[kind] != NONE && kindNeeds[kind] != state;
  }

  /** Whether no order can follow in {@code state}, since one is needed that nothing can leave. */
  boolean hopeless(int state) {
    for (int needed = 0; needed < wanted.length; needed++) {
      if (needed != state && lost(needed)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a state is needed that, unless it is the current one, will not be any more. */
  boolean lost(int state) {
    return wanted(state) && sources[state] == 0 && wild == 0;
  }

  /**
   * Whether a call that may be next in a state can as well be the next as have any other place.
   *
   * <p>That is so if it is blind, if nobody needs the current state nor the one that it leaves, and
   * if all others are blind or need a certain state. Take any order that completes this one. Its
   * first operation is blind, since none is possible that needs a state; and so is, if there is
   * one, the operation after this call, for the same reason. So this call can be taken from its
   * place, and put before all the others, and none of them will know.
   */
  boolean mayBeNextAtOnce(int call, int state) {
    return choosy == 0 && calls.get(call).blind() && !wanted(callLeaves[call]) && !wanted(state);
  }

  /**
   * Whether those of a kind cannot change anything from here on: they do so in one state alone,
   * which is not the current one, and none of the others leaves it.
   */
  boolean idle(int kind, int state) {
    return changesNothing(kind, state) && sources[kindNeeds[kind]] == 0 && wild == 0;
  }

  /** Whether an operation that must get a place needs a state; those met later, none does. */
  private boolean wanted(int state) {
    return state < wanted.length && wanted[state] > 0;
  }
}
