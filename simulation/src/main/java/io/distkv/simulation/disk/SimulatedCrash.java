package io.distkv.simulation.disk;

/**
 * The power went: thrown out of the I/O step at which it did, and out of every later one of the
 * process that died. An {@link Error}, so that no handler of I/O failures takes it for one.
 */
public final class SimulatedCrash extends Error {
  private static final long serialVersionUID = 1L;

  public SimulatedCrash(String where) {
    super(where, null, false, false);
  }
}
