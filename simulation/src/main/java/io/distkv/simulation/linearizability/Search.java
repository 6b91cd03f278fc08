package io.distkv.simulation.linearizability;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Looks for an order of the operations on one key that the model allows and in which none comes
 * before one that ended before it began.
 *
 * <p>It is the search of Wing and Gong in Lowe's form: give one of the operations that may be next
 * its place, see what the model makes of it, go on with the others; where nothing fits, take the
 * last one back; and remember every {@link Configurations configuration}, so as not to look twice
 * for what follows it. Operations that failed, and reads whose answer is unknown, are left out.
 *
 * <p>What would make it slow are operations that overlap, and most of all those whose outcome is
 * unknown (the maybes), which overlap with everything after them. So it passes over what cannot
 * help. An order that completes a configuration is called short here if no other that completes it
 * has fewer operations; only those matter.
 *
 * <ol>
 *   <li><b>What only looks is taken at once.</b> If an operation that may be next never changes the
 *       state, and is possible in this one (a read of the right value), then in any order that
 *       completes this configuration it can be moved to the front, and no other operation notices.
 *       There is nothing to choose, and no way to take back. The same goes for a write of what
 *       nobody wants over what nobody wants: see {@link Outlook#mayBeNextAtOnce}.
 *   <li><b>A maybe is used for the sake of what follows.</b> In a short order, let the maybe x be
 *       followed by y. Were y possible without x, and the state after it the same, then the order
 *       without x would be shorter. So x is tried only together with a y that is impossible without
 *       it or leaves another state; never with a blind one, and never at the end.
 *   <li><b>Maybes that ask for the same are used in the order of their beginnings</b>, since the
 *       first will do wherever another does: {@link MaybeCalls}. Values that nobody asks for are
 *       one, so that more of them are the same: {@link Model#simplify}.
 *   <li><b>Having used more maybes is no gain</b>: {@link Configurations}. Those that are idle,
 *       which no short order uses, count as not used. (Let there be a short order from here, and
 *       another configuration that differs in having used others, all of them idle there. Then the
 *       order holds there, too: the first maybe in it that was used there would act in a state that
 *       something before it in the order leaves, and that something is still to come there as it is
 *       here; so the maybe would not be idle.)
 *   <li><b>A state that is still needed is not left for good</b>: {@link Outlook#lost}.
 * </ol>
 *
 * <p>They go together: none makes a short order longer. What is tried first is a matter of speed
 * alone.
 *
 * <p>The maybes are the reason why those who write a value should write one that nobody else
 * writes: who read it then says who took effect, and nothing is left to be guessed.
 */
final class Search<S> {

  /** How it ended. */
  enum End {
    /** There is an order. */
    FOUND,
    /** There is none. */
    IMPOSSIBLE,
    /** The budget was used up before it was known. */
    UNDECIDED
  }

  private static final int NONE = -1;

  /** Those that took effect, in the order of their beginnings. */
  private final List<Call> calls = new ArrayList<>();

  private final OpenCalls open;
  private final MaybeCalls maybe;

  /** The kinds that are not blind. */
  private final int[] seeingKinds;

  private final States<S> states;
  private final Outlook<S> outlook;
  private final Configurations seen = new Configurations();
  private final Configurations.Key key = new Configurations.Key();

  /** The order so far: numbers of calls, or {@code ~kind} for a maybe. */
  private final int[] order;

  private int ordered;
  private int state = States.INITIAL;

  /** The place of the first end among the open calls: what begins later cannot be next. */
  private int horizon;

  /** What is to be tried next: first a kind of maybes, or none of them... */
  private int first;

  /** ... which leaves this state... */
  private int afterFirst;

  /**
   * ... and then an entry of the open calls, or, behind the tail, one of the {@code seeingKinds};
   * NONE when all have been tried after this first.
   */
  private int second;

  /** Every choice that was made and could be made otherwise, the last one last. */
  private final List<Choice> choices = new ArrayList<>();

  private final End end;

  private record Choice(int ordered, int state, int first, int afterFirst, int second) {}

  /**
   * Searches.
   *
   * @param all the operations on one key, in the order of their beginnings
   * @param budgetSteps the steps after which it gives up
   */
  Search(Model<S> model, List<Call> all, long budgetSteps) {
    List<Call> maybes = new ArrayList<>();
    List<Call> asked = all.stream().filter(call -> call.end() != Event.Type.FAIL).toList();
    for (Call call : model.simplify(asked)) {
      if (call.end() == Event.Type.OK) {
        calls.add(call);
      } else if (!(call.operation() instanceof Operation.Read)) {
        maybes.add(call);
      }
    }
    this.open = new OpenCalls(calls);
    this.maybe = new MaybeCalls(maybes);
    this.states = new States<>(model);
    List<Effect<S>> kinds =
        IntStream.range(0, maybe.kinds())
            .mapToObj(kind -> model.effect(maybe.sample(kind).operation(), null))
            .toList();
    this.seeingKinds =
        IntStream.range(0, kinds.size()).filter(kind -> !kinds.get(kind).blind()).toArray();
    this.outlook =
        new Outlook<>(
            states,
            calls.stream().map(call -> model.effect(call.operation(), call.answer())).toList(),
            kinds,
            maybe);
    this.order = new int[calls.size() + maybes.size()];
    this.end = outlook.hopeless(state) ? End.IMPOSSIBLE : run(budgetSteps);
  }

  End end() {
    return end;
  }

  /** How often the model was asked, and how many configurations were compared with others. */
  long steps() {
    return states.asked() + seen.compared();
  }

  /** The order that was found, as simplified. */
  List<Call> order() {
    int[] used = new int[maybe.kinds()];
    List<Call> found = new ArrayList<>();
    for (int i = 0; i < ordered; i++) {
      found.add(order[i] >= 0 ? calls.get(order[i]) : maybe.call(~order[i], used[~order[i]]++));
    }
    return found;
  }

  private End run(long budgetSteps) {
    takeWhatNeedsNoChoice();
    remember();
    beginChoice();
    while (!open.isEmpty()) {
      if (steps() >= budgetSteps) {
        return End.UNDECIDED;
      }
      if (second != NONE) {
        tryBoth();
      } else if (!nextFirst()) {
        if (choices.isEmpty()) {
          return End.IMPOSSIBLE;
        }
        takeBack();
      }
    }
    return End.FOUND;
  }

  private void beginChoice() {
    horizon = open.placeOf(open.firstEnd());
    first = NONE;
    afterFirst = state;
    second = open.next(OpenCalls.HEAD);
  }

  private void tryBoth() {
    int after = afterBoth();
    if (after == States.IMPOSSIBLE) {
      second = nextSecond(second);
      return;
    }
    choices.add(new Choice(ordered, state, first, afterFirst, second));
    if (first != NONE) {
      use(first);
    }
    if (second > open.tail()) {
      use(seeingKind(second));
    } else {
      place(open.callOf(second));
    }
    boolean lost =
        (after != state && outlook.lost(state))
            || (after != afterFirst && outlook.lost(afterFirst));
    state = after;
    if (lost) {
      takeBack();
      return;
    }
    takeWhatNeedsNoChoice();
    if (remember()) {
      beginChoice();
    } else {
      takeBack();
    }
  }

  /** The state after first and second, or IMPOSSIBLE if the two need not be tried. */
  private int afterBoth() {
    if (second > open.tail()) {
      int kind = seeingKind(second);
      if (!maybe.available(kind, kind == first ? 2 : 1, horizon)) {
        return States.IMPOSSIBLE;
      }
      int after = stepMaybe(afterFirst, kind);
      return after == afterFirst || after == stepMaybe(state, kind) ? States.IMPOSSIBLE : after;
    }
    int call = open.callOf(second);
    if (first == NONE) {
      return step(state, call);
    }
    if (outlook.blind(call)) {
      return States.IMPOSSIBLE;
    }
    int after = step(afterFirst, call);
    return after == step(state, call) ? States.IMPOSSIBLE : after;
  }

  private int step(int from, int call) {
    return outlook.cannot(call, from) ? States.IMPOSSIBLE : states.step(from, calls.get(call));
  }

  /** The state after a maybe; the same if it changes nothing, or is impossible. */
  private int stepMaybe(int from, int kind) {
    if (outlook.changesNothing(kind, from)) {
      return from;
    }
    int after = states.step(from, maybe.sample(kind));
    return after == States.IMPOSSIBLE ? from : after;
  }

  /** What is to be tried after a second; NONE if that was the last. */
  private int nextSecond(int last) {
    if (last < open.tail() && open.begins(open.next(last))) {
      return open.next(last);
    }
    int kinds = first == NONE ? 0 : seeingKinds.length;
    int next = Math.max(last, open.tail()) + 1;
    return next <= open.tail() + kinds ? next : NONE;
  }

  private int seeingKind(int candidate) {
    return seeingKinds[candidate - open.tail() - 1];
  }

  /** Goes on to the next kind of maybes that changes anything here; false if there is none. */
  private boolean nextFirst() {
    while (++first < maybe.kinds()) {
      if (maybe.available(first, 1, horizon)) {
        afterFirst = stepMaybe(state, first);
        if (afterFirst != state) {
          second = open.next(OpenCalls.HEAD);
          return true;
        }
      }
    }
    return false;
  }

  private void takeWhatNeedsNoChoice() {
    int before = OpenCalls.HEAD;
    for (int entry = open.next(before); open.begins(entry); entry = open.next(before)) {
      int call = open.callOf(entry);
      if (outlook.looks(call) && step(state, call) == state) {
        place(call);
      } else if (outlook.mayBeNextAtOnce(call, state)) {
        state = step(state, call);
        place(call);
        before = OpenCalls.HEAD;
      } else {
        before = entry;
      }
    }
  }

  private void place(int call) {
    open.lift(call);
    outlook.callPlaced(call);
    order[ordered++] = call;
  }

  private void use(int kind) {
    maybe.use(kind);
    outlook.kindUsed(kind);
    order[ordered++] = ~kind;
  }

  /** Takes the last choice back, and goes on to what is to be tried after it. */
  private void takeBack() {
    Choice choice = choices.removeLast();
    while (ordered > choice.ordered) {
      int move = order[--ordered];
      if (move >= 0) {
        open.unlift(move);
        outlook.callOpened(move);
      } else {
        maybe.giveBack(~move);
        outlook.kindGivenBack(~move);
      }
    }
    state = choice.state;
    horizon = open.placeOf(open.firstEnd());
    first = choice.first;
    afterFirst = choice.afterFirst;
    second = nextSecond(choice.second);
  }

  private boolean remember() {
    key.clear();
    key.add(state);
    open.addTo(key);
    return seen.add(key, maybe.used(kind -> outlook.idle(kind, state)));
  }
}
