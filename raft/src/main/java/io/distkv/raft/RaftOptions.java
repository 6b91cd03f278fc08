package io.distkv.raft;

/**
 * How a group behaves; every time in nanoseconds, every size in bytes.
 *
 * @param electionTimeoutNanos how long a follower hears nothing before it thinks of an election: at
 *     least this, at most twice as long. Also how long a leader that hears from no quorum leads on
 * @param heartbeatNanos how often a leader shows that it is there; a small part of the former
 * @param driftPerMille by how much two clocks may differ in speed, in thousandths: a leader trusts
 *     its lease that much less
 * @param messageBytes of entries in one message; a larger entry is sent alone
 * @param windowBytes of entries on their way to one follower
 * @param uncommittedBytes of entries proposed and not committed, beyond which proposals are refused
 * @param catchUpBytes of entries kept in memory for followers that lag; one further behind gets a
 *     snapshot
 * @param quietNanos after which a group that has nothing to do stops its heartbeats; 0 for never
 */
public record RaftOptions(
    long electionTimeoutNanos,
    long heartbeatNanos,
    int driftPerMille,
    long messageBytes,
    long windowBytes,
    long uncommittedBytes,
    long catchUpBytes,
    long quietNanos) {
  private static final long MILLI = 1_000_000;
  private static final long MIB = 1024 * 1024;

  /** A heartbeat each 100 ms, an election after one to two seconds without. */
  public static final RaftOptions DEFAULT =
      new RaftOptions(
          1_000 * MILLI, 100 * MILLI, 100, MIB, 8 * MIB, 64 * MIB, 64 * MIB, 3_000 * MILLI);

  /**
   * @throws IllegalArgumentException naming the option that is out of range
   */
  public RaftOptions {
    require(heartbeatNanos >= 1, "heartbeatNanos", heartbeatNanos);
    require(
        electionTimeoutNanos >= 3 * heartbeatNanos, "electionTimeoutNanos", electionTimeoutNanos);
    require(driftPerMille >= 0 && driftPerMille < 1000, "driftPerMille", driftPerMille);
    require(messageBytes >= 1, "messageBytes", messageBytes);
    require(windowBytes >= 1, "windowBytes", windowBytes);
    require(uncommittedBytes >= 1, "uncommittedBytes", uncommittedBytes);
    require(catchUpBytes >= 0, "catchUpBytes", catchUpBytes);
    require(quietNanos >= 0, "quietNanos", quietNanos);
  }

  /** These options with another bound on what is proposed and not committed. */
  public RaftOptions withUncommittedBytes(long newUncommittedBytes) {
    return new RaftOptions(
        electionTimeoutNanos,
        heartbeatNanos,
        driftPerMille,
        messageBytes,
        windowBytes,
        newUncommittedBytes,
        catchUpBytes,
        quietNanos);
  }

  /** These options with another bound on what is kept for members that lag. */
  public RaftOptions withCatchUpBytes(long newCatchUpBytes) {
    return new RaftOptions(
        electionTimeoutNanos,
        heartbeatNanos,
        driftPerMille,
        messageBytes,
        windowBytes,
        uncommittedBytes,
        newCatchUpBytes,
        quietNanos);
  }

  /** These options with groups that go to sleep after another time; 0 for never. */
  public RaftOptions withQuietNanos(long newQuietNanos) {
    return new RaftOptions(
        electionTimeoutNanos,
        heartbeatNanos,
        driftPerMille,
        messageBytes,
        windowBytes,
        uncommittedBytes,
        catchUpBytes,
        newQuietNanos);
  }

  private static void require(boolean holds, String option, long value) {
    if (!holds) {
      throw new IllegalArgumentException(option + " is out of range: " + value);
    }
  }

  /**
   * How long after the sending of heartbeats that a quorum has confirmed no other can be leader.
   * Each of the quorum has promised to help nobody else for an election timeout by its own clock,
   * which may run faster than the leader's.
   */
  long leaseNanos() {
    return electionTimeoutNanos / 1000 * (1000 - driftPerMille);
  }
}
