package io.distkv.architecture.offending.storage;

import io.distkv.architecture.offending.base.Seam;
import io.distkv.architecture.offending.node.Upstairs;

/** A storage class that knows the node above it. */
final class ReachesUp {
  private final Seam allowed = new Seam();
  private final Upstairs forbidden = new Upstairs();

  int both() {
    return allowed.number() + forbidden.number();
  }
}
