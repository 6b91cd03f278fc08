package io.distkv.node.replica;

/**
 * Leaves a read that must stay in memory and cannot: it is run again on a worker. Says nothing but
 * that, so there is one instance, without a stack trace.
 */
final class ColdReadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("StaticAssignmentOfThrowable") // it carries no trace that could be wrong
  static final ColdReadException INSTANCE = new ColdReadException();

  private ColdReadException() {
    super("not in memory", null, false, false);
  }
}
