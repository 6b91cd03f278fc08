package io.distkv.simulation.linearizability;

/** A file that is no history; the message names the line and the reason. */
public final class BadHistoryException extends Exception {
  private static final long serialVersionUID = 1L;

  BadHistoryException(int line, IllegalArgumentException reason) {
    super("line " + line + ": " + reason.getMessage(), reason);
  }
}
