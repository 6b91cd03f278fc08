package io.distkv.simulation.hunt;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One entry that a client asked one partition to log: a command, or the commands of a transaction.
 */
final class Step {
  /** A step that is never synced on its own account. */
  static final long NEVER = Long.MAX_VALUE;

  /** What is known of it. */
  enum State {
    /** No answer yet: it may be in the log, or not, or come into it. */
    OPEN,
    /** Answered: it took effect. */
    ACKNOWLEDGED,
    /** Answered: it was not done. */
    REFUSED
  }

  private final List<Step> log;
  private final List<byte[][]> commands;
  private long syncedWithinNanos;
  private long submittedAt;
  private long atMillis;
  private State state = State.OPEN;
  private long acknowledgedAt = Long.MAX_VALUE;
  private long acknowledgedNanos = Long.MAX_VALUE;

  /**
   * A step that is about to be submitted.
   *
   * @param log of which it becomes the last when it is
   * @param commands in order
   */
  Step(List<Step> log, List<byte[][]> commands) {
    this.log = log;
    this.commands = List.copyOf(commands);
  }

  /**
   * It is on its way.
   *
   * @param syncedWithin nanoseconds after the acknowledgement it is surely synced
   * @param at when, in the order of all submissions and answers of the run
   * @param wallMillis by which expiries are judged
   */
  void submit(long syncedWithin, long at, long wallMillis) {
    syncedWithinNanos = syncedWithin;
    submittedAt = at;
    atMillis = wallMillis;
    log.add(this);
  }

  /** The keyspace's durability changes while it is under way: it may be synced later than said. */
  void syncsLater(long within) {
    syncedWithinNanos = Math.max(syncedWithinNanos, within);
  }

  void acknowledge(long at, long nanos) {
    state = State.ACKNOWLEDGED;
    acknowledgedAt = at;
    acknowledgedNanos = nanos;
  }

  void refuse() {
    state = State.REFUSED;
  }

  State state() {
    return state;
  }

  /** From when on it survives a power cut; only of an acknowledged step. */
  long safeAfterNanos() {
    return syncedWithinNanos == NEVER ? NEVER : acknowledgedNanos + syncedWithinNanos;
  }

  long submittedAt() {
    return submittedAt;
  }

  long acknowledgedAt() {
    return acknowledgedAt;
  }

  void applyTo(ModelKeyspace model) {
    model.beginEntry(atMillis);
    for (byte[][] words : commands) {
      model.runInEntry(words);
    }
  }

  /** Whether it names a key among its words; what a failure report shows of a key's past. */
  boolean names(byte[] key) {
    return commands.stream()
        .anyMatch(words ->
            words.length == 1 || Arrays.stream(words).anyMatch(word -> Arrays.equals(word, key)));
  }

  @Override
  public String toString() {
    return state
        + (syncedWithinNanos == 0 ? "" : " unsynced")
        + " "
        + commands.stream().map(Replies::text).collect(Collectors.joining("; "));
  }
}
