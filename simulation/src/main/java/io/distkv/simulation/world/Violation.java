package io.distkv.simulation.world;

import org.jspecify.annotations.Nullable;

/** The node broke a promise; the message says which, and how that showed. */
public final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Violation(String what) {
    super(what);
  }

  public Violation(String what, @Nullable Throwable cause) {
    super(what, cause);
  }
}
