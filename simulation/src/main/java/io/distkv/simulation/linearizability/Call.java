package io.distkv.simulation.linearizability;

import org.jspecify.annotations.Nullable;

/**
 * An operation from its beginning to its end.
 *
 * @param end how it ended: OK, FAIL, or INFO, which stands also for one that was still under way
 *     when the history ended
 * @param answer of one that ended OK; else null
 * @param invokedAt the place of its first event in the history
 * @param endedAt the place of its last event, or {@link #NEVER} if it ended INFO
 * @param invokedNanos virtual time of its first event
 * @param endedNanos virtual time of its last event, or {@link #NEVER} if it ended INFO
 */
public record Call(
    int process,
    String key,
    Operation operation,
    Event.Type end,
    @Nullable Answer answer,
    int invokedAt,
    int endedAt,
    long invokedNanos,
    long endedNanos) {
  /** After everything else. */
  public static final int NEVER = Integer.MAX_VALUE;

  static Call begun(Event event, int place) {
    return new Call(
        event.process(),
        event.key(),
        event.operation(),
        Event.Type.INFO,
        null,
        place,
        NEVER,
        event.timeNanos(),
        NEVER);
  }

  Call ended(Event event, int place) {
    return event.type() == Event.Type.INFO
        ? this
        : new Call(
            process,
            key,
            operation,
            event.type(),
            event.answer(),
            invokedAt,
            place,
            invokedNanos,
            event.timeNanos());
  }

  /** The same call, had it asked for something else. */
  Call asking(Operation other) {
    return new Call(process, key, other, end, answer, invokedAt, endedAt, invokedNanos, endedNanos);
  }

  /** The call as it looks before a place of the history at which it is still under way. */
  Call underWay() {
    return new Call(
        process, key, operation, Event.Type.INFO, null, invokedAt, NEVER, invokedNanos, NEVER);
  }

  @Override
  public String toString() {
    return Wording.of(this);
  }
}
