package io.distkv.simulation.disk;

/** Numbers the changes to a disk, so that a crash can fall between any two of them. */
final class SequenceNumbers {
  private long last;

  long next() {
    return ++last;
  }
}
