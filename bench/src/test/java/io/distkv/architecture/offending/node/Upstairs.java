package io.distkv.architecture.offending.node;

import io.distkv.architecture.offending.base.Seam;

/** A node class that knows what it may. */
public final class Upstairs {
  public int number() {
    return new Seam().number();
  }
}
