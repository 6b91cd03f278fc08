package io.distkv.storage.tree;

import io.distkv.base.Version;

/** A read asked for a version older than the tree still keeps. */
public final class HistoryGoneException extends Exception {
  private static final long serialVersionUID = 1L;

  private final long oldestReadable;

  public HistoryGoneException(long asOf, long oldestReadable) {
    super(
        "version "
            + Version.toString(asOf)
            + " is no longer kept; the oldest readable one is "
            + Version.toString(oldestReadable));
    this.oldestReadable = oldestReadable;
  }

  /** The smallest version that can still be read as of. */
  public long oldestReadable() {
    return oldestReadable;
  }
}
