package io.distkv.raft.session;

/**
 * How much {@link ClientSessions} remember. What is forgotten decides what becomes of later writes,
 * so these are a part of the state machine: replicas with different limits would come to differ, as
 * would a replica that applied its log again with others.
 *
 * @param sessions most that are open at a time
 * @param idleMillis of log time without a use, after which a session ends
 * @param window how many numbers, from the lowest unacknowledged one on, a session may use
 * @param answersPerSession most answers that are kept for one session
 * @param answerBytes most bytes of an answer that is kept
 * @param allAnswersBytes most bytes of all answers that are kept, each with {@link
 *     #ANSWER_OVERHEAD_BYTES} beside its own
 */
public record SessionLimits(
    int sessions,
    long idleMillis,
    int window,
    int answersPerSession,
    int answerBytes,
    int allAnswersBytes) {
  /** What an answer takes beside its bytes. */
  static final int ANSWER_OVERHEAD_BYTES = 64;

  /**
   * What every group has.
   *
   * <ul>
   *   <li>1,024 sessions: a session is of one client program with one group, not of a connection.
   *   <li>An hour: nobody retries for so long, and whoever has nothing to write can say so once in
   *       a while.
   *   <li>1,024 numbers: a client with more writes on their way to one group gains nothing by it,
   *       and which of them were applied takes 128 bytes at most.
   *   <li>256 answers of 1 KiB: nearly all writes answer a status or a number; a larger value had
   *       better be read again than be carried along by every flush and snapshot.
   *   <li>1 MiB in all, what a flush can store beside its tables without anyone noticing. A session
   *       that keeps as much as it may has little more than a quarter of it.
   * </ul>
   */
  public static final SessionLimits DEFAULT =
      new SessionLimits(1_024, 3_600_000, 1_024, 256, 1_024, 1024 * 1024);

  /**
   * @throws IllegalArgumentException naming the limit that is out of range
   */
  public SessionLimits {
    require(sessions >= 1, "sessions", sessions);
    require(idleMillis >= 1, "idleMillis", idleMillis);
    require(window >= 1, "window", window);
    require(answersPerSession >= 0, "answersPerSession", answersPerSession);
    require(answerBytes >= 0, "answerBytes", answerBytes);
    require(allAnswersBytes >= 0, "allAnswersBytes", allAnswersBytes);
  }

  private static void require(boolean holds, String limit, long value) {
    if (!holds) {
      throw new IllegalArgumentException(limit + " is out of range: " + value);
    }
  }
}
