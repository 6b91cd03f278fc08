package io.distkv.client;

/** One try of an operation. */
interface Attempt {

  /**
   * Gives it up; its listener is told nothing more that matters.
   *
   * @return whether it may have reached a node
   */
  boolean cancel();

  /** Is told once what came of an attempt, on any thread. Must not block. */
  interface Listener<R> {
    void succeeded(R result);

    void failed(AttemptEnd end);
  }
}
