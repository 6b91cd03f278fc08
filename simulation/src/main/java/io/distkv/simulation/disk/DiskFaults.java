package io.distkv.simulation.disk;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * What goes wrong on a simulated disk, and when. Steps are the operations that change the disk or
 * what is durable on it, counted from the disk's making; reads are no steps, because a crash at one
 * leaves the same disk as a crash at the step before.
 */
public final class DiskFaults {
  /** What a program may ask of a disk. */
  public enum Operation {
    CREATE(true),
    OPEN(false),
    READ(false),
    WRITE(true),
    TRUNCATE(true),
    SYNC(true),
    LIST(false),
    DELETE(true),
    RENAME(true),
    LINK(true),
    CREATE_DIRECTORIES(true),
    SYNC_DIRECTORY(true);

    final boolean step;

    Operation(boolean step) {
      this.step = step;
    }
  }

  private final Map<Operation, Failure> failures = new EnumMap<>(Operation.class);
  private long crashAtStep = Long.MAX_VALUE;
  private long capacityBytes = Long.MAX_VALUE;

  /** The power goes at this step. */
  public void crashAtStep(long step) {
    crashAtStep = step;
  }

  /** The disk holds this many bytes; more is a {@link io.distkv.base.DiskFullException}. */
  public void capacityBytes(long bytes) {
    capacityBytes = bytes;
  }

  /**
   * The {@code nth} operation of this kind from now (1 is the next) on a path that contains {@code
   * pathPart} fails with an {@link IOException}; so do all after it, if {@code andAfter}.
   */
  public void fail(Operation operation, String pathPart, long nth, boolean andAfter) {
    failures.put(operation, new Failure(pathPart, nth, andAfter));
  }

  /** Whether the disk's size is bounded. */
  public boolean isFull() {
    return capacityBytes != Long.MAX_VALUE;
  }

  /** Operations of this kind go well again. */
  public void heal(Operation operation) {
    failures.remove(operation);
  }

  /** Whether nothing is set to go wrong, or to have gone wrong. */
  public boolean isQuiet() {
    return failures.isEmpty() && crashAtStep == Long.MAX_VALUE && capacityBytes == Long.MAX_VALUE;
  }

  /** Nothing goes wrong any more. */
  public void clear() {
    failures.clear();
    crashAtStep = Long.MAX_VALUE;
    capacityBytes = Long.MAX_VALUE;
  }

  boolean crashesAt(long step) {
    return step >= crashAtStep;
  }

  void crashed() {
    crashAtStep = Long.MAX_VALUE;
  }

  long capacityBytes() {
    return capacityBytes;
  }

  boolean fails(Operation operation, String path) {
    Failure failure = failures.get(operation);
    return failure != null && failure.strikes(path);
  }

  private static final class Failure {
    private final String pathPart;
    private final boolean andAfter;
    private long left;

    Failure(String pathPart, long nth, boolean andAfter) {
      this.pathPart = pathPart;
      this.left = nth;
      this.andAfter = andAfter;
    }

    boolean strikes(String path) {
      if (!path.contains(pathPart)) {
        return false;
      }
      left--;
      return andAfter ? left <= 0 : left == 0;
    }
  }
}
