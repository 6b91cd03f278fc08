package io.distkv.simulation.disk;

import io.distkv.simulation.world.SimulatedRandomness;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    SYNC(true),
    LIST(false),
    DELETE(true),
    RENAME(true),
    LINK(true),
    CREATE_DIRECTORIES(true),
    SYNC_DIRECTORY(true);

    private static final Operation[] STEPS =
        Arrays.stream(values()).filter(operation -> operation.step).toArray(Operation[]::new);

    final boolean step;

    /** Those that change the disk or what is durable on it. */
    public static Operation[] steps() {
      return STEPS.clone();
    }

    Operation(boolean step) {
      this.step = step;
    }
  }

  private final Map<Operation, Failure> failures = new EnumMap<>(Operation.class);
  private long crashAtStep = Long.MAX_VALUE;
  private @Nullable Operation crashAtOperation;
  private long operationsLeft;
  private long capacityBytes = Long.MAX_VALUE;

  /** The power goes at this step. */
  public void crashAtStep(long step) {
    crashAtStep = step;
  }

  /** The power goes at the {@code nth} operation of this kind from now; 1 is the next. */
  public void crashAt(Operation operation, long nth) {
    crashAtOperation = operation;
    operationsLeft = nth;
  }

  /**
   * The power goes at one of the next steps, if so many come: at any of them, or, since most are
   * writes, at one of a kind chosen first.
   *
   * @param taken how many steps there were so far
   */
  public void crashWithin(SimulatedRandomness random, long taken, long steps) {
    if (random.chance(50)) {
      crashAt(random.pick(Operation.STEPS), random.magnitude(1, 10));
    } else {
      crashAtStep(taken + random.magnitude(1, steps));
    }
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
    return failures.isEmpty()
        && crashAtStep == Long.MAX_VALUE
        && crashAtOperation == null
        && capacityBytes == Long.MAX_VALUE;
  }

  /** Nothing goes wrong any more. */
  public void clear() {
    failures.clear();
    crashed();
    capacityBytes = Long.MAX_VALUE;
  }

  /** A step is taken: perhaps the one that was waited for. */
  void stepTaken(Operation operation, long step) {
    if (operation == crashAtOperation && --operationsLeft == 0) {
      crashAtStep = step;
    }
  }

  boolean crashesAt(long step) {
    return step >= crashAtStep;
  }

  void crashed() {
    crashAtStep = Long.MAX_VALUE;
    crashAtOperation = null;
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
