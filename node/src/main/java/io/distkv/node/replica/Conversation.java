package io.distkv.node.replica;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What keeps the commands of one session to one replica in order: a read sees the session's earlier
 * writes, and nothing overtakes a write whose keys are still being brought into memory.
 *
 * <p>An unordered one keeps no order: requests that stand for themselves share it, so what one of
 * them does leaves no trace in it.
 *
 * <p>All but the two ends is used on the replica's lane only.
 */
public final class Conversation {
  private final LanePort home;
  private final Replica replica;
  private final boolean ordered;
  private final ArrayDeque<Call> held = new ArrayDeque<>(0);
  private @Nullable WriteCall lastWrite;
  private boolean warming;
  private int awaitedReads;
  private int aside;

  public Conversation(LanePort home, Replica replica) {
    this(home, replica, true);
  }

  private Conversation(LanePort home, Replica replica, boolean ordered) {
    this.home = home;
    this.replica = replica;
    this.ordered = ordered;
  }

  /** One that keeps no order. */
  static Conversation unordered(LanePort home, Replica replica) {
    return new Conversation(home, replica, false);
  }

  /** The port of the session's lane. */
  LanePort home() {
    return home;
  }

  /** The replica it is with. */
  public Replica replica() {
    return replica;
  }

  /** Whether a read may run at once. */
  boolean idle() {
    return lastWrite == null && !warming && held.isEmpty();
  }

  /** Whether a call must be put aside behind others. */
  boolean mustHold(Call call) {
    return !held.isEmpty() || mustWait(call);
  }

  /** A read must not see a write that came after it. */
  private boolean mustWait(Call call) {
    return warming || (awaitedReads > 0 && call instanceof WriteCall);
  }

  /** A read begins to wait for the group's word. */
  void awaitRead() {
    if (ordered) {
      awaitedReads++;
    }
  }

  void endAwaiting() {
    if (ordered) {
      awaitedReads--;
    }
  }

  void startWarming() {
    warming = ordered;
  }

  void endWarming() {
    warming = false;
  }

  /** Puts a call aside until what it must wait for has ended. */
  void hold(Call call) {
    held.add(call);
  }

  /** The next call that was put aside and need not wait any more, or null. */
  @Nullable Call nextHeld() {
    Call next = held.peek();
    return next == null || mustWait(next) ? null : held.poll();
  }

  /** The newest write that has not been applied, or null. */
  @Nullable WriteCall lastWrite() {
    return lastWrite;
  }

  /** Whether a write of it waits behind large ones, so that its others must follow there. */
  boolean waitsBehindLarge() {
    return aside > 0;
  }

  /** A write begins to wait behind large ones. */
  void stepAside() {
    if (ordered) {
      aside++;
    }
  }

  /** A write that waited behind large ones does so no more. */
  void stepBack() {
    if (ordered) {
      aside--;
    }
  }

  void accepted(WriteCall write) {
    if (ordered) {
      lastWrite = write;
    }
  }

  /** A write is over, applied or not. */
  void over(WriteCall write) {
    if (lastWrite == write) {
      lastWrite = null;
    }
  }
}
