package io.distkv.node.replica;

import io.distkv.base.Clock;
import io.distkv.base.ErrorCode;
import io.distkv.base.Lane;
import io.distkv.base.Randomness;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import java.util.ArrayList;
import java.util.List;

/**
 * Where calls leave one lane for others and come back: what a turn sends to another lane goes there
 * as one batch at the turn's end, so a hop costs a queue entry per turn and not per call. A call to
 * a replica of the same lane runs at once. Also the lane's clock, read at most once a turn.
 *
 * <p>Used on its lane only.
 */
public final class LanePort {
  private static final Reply.Failure BUSY =
      Errors.of(ErrorCode.OVERLOADED, "too much waits for the lane; nothing was done; try later");

  private final Lane lane;
  private final Clock clock;
  private final Randomness randomness;
  private final LanePort[] ports;
  private final Batch[] requests;
  private final Batch[] answers;
  private final Runnable endTurn = this::endTurn;
  private boolean turnEndPlanned;
  private boolean turnTimed;
  private long turnNanos;

  private LanePort(Lane lane, Clock clock, long seed, LanePort[] ports) {
    this.lane = lane;
    this.clock = clock;
    randomness = new SplitMix(seed);
    this.ports = ports;
    requests = new Batch[ports.length];
    answers = new Batch[ports.length];
    for (int i = 0; i < ports.length; i++) {
      requests[i] = new Batch();
      answers[i] = new Batch();
    }
  }

  /** The ports of a node's lanes, connected with each other. */
  public static List<LanePort> connect(List<Lane> lanes, Clock clock, Randomness randomness) {
    LanePort[] ports = new LanePort[lanes.size()];
    for (int i = 0; i < ports.length; i++) {
      ports[i] = new LanePort(lanes.get(i), clock, randomness.nextLong(), ports);
    }
    return List.of(ports);
  }

  public Lane lane() {
    return lane;
  }

  /** How many lanes the node has. */
  int lanes() {
    return ports.length;
  }

  /** The port of a lane of the node. */
  LanePort of(int index) {
    return ports[index];
  }

  /** The monotonic clock as it was when first asked for in this turn. */
  public long turnNanos() {
    if (!turnTimed) {
      turnTimed = true;
      turnNanos = clock.monotonicNanos();
      planTurnEnd();
    }
    return turnNanos;
  }

  /** The time of a stage that a call passes now. To note it changes nothing of the turn. */
  long stageNanos(Call call) {
    return turnTimed && !call.answer().followed() ? turnNanos : clock.monotonicNanos();
  }

  /** An arbitrary number, another at each call. */
  public long nextSeed() {
    return randomness.nextLong();
  }

  /** The random numbers of this lane. */
  Randomness randomness() {
    return randomness;
  }

  /** Takes a call to its replica. On the home lane. */
  public void send(Call call) {
    Replica replica = call.conversation().replica();
    LanePort target = replica.port();
    if (target == this) {
      call.arrived(stageNanos(call));
      replica.accept(call);
    } else {
      add(requests, target, call);
    }
  }

  /** Takes a call that is done back to its home lane. On the replica's lane. */
  void answer(Call call) {
    LanePort home = call.conversation().home();
    call.ended(stageNanos(call));
    if (home == this) {
      call.answer().answered(call);
    } else {
      add(answers, home, call);
    }
  }

  private void add(Batch[] batches, LanePort target, Call call) {
    batches[target.lane.index()].calls.add(call);
    planTurnEnd();
  }

  private void planTurnEnd() {
    if (!turnEndPlanned) {
      turnEndPlanned = true;
      lane.atTurnEnd(endTurn);
    }
  }

  private void endTurn() {
    turnEndPlanned = false;
    turnTimed = false;
    for (int i = 0; i < ports.length; i++) {
      if (!requests[i].calls.isEmpty()) {
        deliver(ports[i], requests[i].take());
      }
      if (!answers[i].calls.isEmpty()) {
        List<Call> batch = answers[i].take();
        ports[i].lane.complete(() -> batch.forEach(call -> call.answer().answered(call)));
      }
    }
  }

  private static void deliver(LanePort target, List<Call> batch) {
    if (!target.lane.offer(() -> target.accept(batch))) {
      for (Call call : batch) {
        call.fail(BUSY);
        call.answer().answered(call);
      }
    }
  }

  private void accept(List<Call> batch) {
    long nanos = clock.monotonicNanos();
    for (Call call : batch) {
      call.arrived(nanos);
      call.conversation().replica().accept(call);
    }
  }

  /** Calls on their way to one lane. */
  private static final class Batch {
    private List<Call> calls = new ArrayList<>();

    List<Call> take() {
      List<Call> taken = calls;
      calls = new ArrayList<>(Math.min(taken.size(), 64));
      return taken;
    }
  }
}
