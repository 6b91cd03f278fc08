package io.distkv.simulation.hunt;

import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.simulation.hunt.Owner.Belongings;
import org.jspecify.annotations.Nullable;

/** A keyspace that a founder has made, or is making, as far as it knows. */
final class Made {

  /** What is known of it. */
  enum State {
    /** Asked for: it may be there. */
    CREATED,
    /** It is there. */
    THERE,
    /** Asked to go: it may still be there. */
    DROPPED,
    /** It was said to be gone. */
    GONE
  }

  private final Belongings belongings;
  private KeyspaceOptions options;

  /** As it was asked to be; it may be so by now. */
  private @Nullable KeyspaceOptions altered;

  private State state = State.CREATED;

  Made(Belongings belongings, KeyspaceOptions options) {
    this.belongings = belongings;
    this.options = options;
  }

  Belongings belongings() {
    return belongings;
  }

  Space space() {
    return belongings.space();
  }

  String name() {
    return options.name();
  }

  State state() {
    return state;
  }

  void become(State next) {
    state = next;
  }

  KeyspaceOptions options() {
    return options;
  }

  @Nullable KeyspaceOptions altered() {
    return altered;
  }

  /** It is asked to be otherwise: what is under way is no safer than either promises. */
  void alter(KeyspaceOptions wanted) {
    altered = wanted;
    long within = syncedWithinNanos();
    belongings
        .histories()
        .forEach(history ->
            history.steps().stream()
                .filter(step -> step.state() == Step.State.OPEN)
                .forEach(step -> step.syncsLater(within)));
  }

  /** It is known what it is like. */
  void is(KeyspaceOptions known) {
    options = known;
    altered = null;
  }

  /** Whether it is as it was said or asked to be. */
  boolean mayBe(KeyspaceOptions found) {
    return found.equals(options) || found.equals(altered);
  }

  /** How long after its acknowledgement a write is surely synced. */
  long syncedWithinNanos() {
    long now = NodeRun.syncedWithinNanos(options.durability());
    KeyspaceOptions next = altered;
    return next == null ? now : Math.max(now, NodeRun.syncedWithinNanos(next.durability()));
  }

  /** What a client is told that asks something of a keyspace that was dropped. */
  boolean explains(String failureLine) {
    return (state == State.DROPPED || state == State.GONE)
        && failureLine.equals("ERR keyspace " + name() + " was dropped; SELECT another");
  }
}
