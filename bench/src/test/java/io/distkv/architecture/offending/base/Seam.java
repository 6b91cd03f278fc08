package io.distkv.architecture.offending.base;

/** What everybody may know. */
public final class Seam {
  public int number() {
    return 1;
  }
}
