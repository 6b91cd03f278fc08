package io.distkv.raft.session;

import org.jspecify.annotations.Nullable;

/** What is to become of a write of a client session. */
public sealed interface Verdict {

  /** It was not applied: the caller applies it now, and has it remembered. */
  record New() implements Verdict {}

  /**
   * It was applied, and is not applied again.
   *
   * @param answer what it answered then; null if that is not kept, since it was too large, there
   *     was no more room, or the client has said that it has it
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Repeated(byte @Nullable [] answer) implements Verdict {}

  /**
   * The session is not open: it never was, or it has ended, and with it what was known of its
   * writes. Nothing is applied; whether an earlier try was, nobody can tell.
   */
  record NotOpen() implements Verdict {}

  /**
   * Its number is too far above the lowest that the client has not acknowledged. Nothing is
   * applied, nor was it before; it may come again when the client has acknowledged more.
   */
  record TooFarAhead() implements Verdict {}
}
