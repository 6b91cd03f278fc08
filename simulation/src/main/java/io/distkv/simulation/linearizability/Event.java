package io.distkv.simulation.linearizability;

import org.jspecify.annotations.Nullable;

/**
 * A line of a history: a process began an operation, or an operation ended.
 *
 * @param operation what was asked for, at the end as at the beginning
 * @param answer of an operation that ended {@link Type#OK}; else null
 * @param timeNanos virtual time
 */
public record Event(
    int process,
    Type type,
    String key,
    Operation operation,
    @Nullable Answer answer,
    long timeNanos) {

  /** What happened. */
  public enum Type {
    /** The operation began. */
    INVOKE,
    /** It took effect, once, between its beginning and now. */
    OK,
    /** It certainly took no effect, and never will. */
    FAIL,
    /** Nobody knows: it may have taken effect, may still at any later time, or never. */
    INFO
  }
}
