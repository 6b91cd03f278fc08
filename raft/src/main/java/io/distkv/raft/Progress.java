package io.distkv.raft;

/**
 * What a leader knows of one other member: how far their logs agree, and what is on its way.
 *
 * <p>Whether something was lost is told by heartbeats, which no disk holds up: what has no answer
 * yet when the answer to a heartbeat comes that was sent a full round later is asked for again, by
 * a message without entries. A follower that lacks what stands before it refuses that at once; one
 * whose disk is slow answers when it has written, and was sent nothing twice.
 *
 * <p>Rejected: sending it all again for each answer to a heartbeat. The first always comes before
 * the disk is done, and a slow disk would get more to write for being slow.
 *
 * <p>Invariants: {@code matched < next}; {@code matched} never falls while one leader leads, and is
 * durable on the follower; in {@link State#REPLICATE} the entries from {@code matched + 1} to
 * {@code next - 1} are on their way.
 */
final class Progress {
  /** How the leader sends to it. */
  enum State {
    /** Where the logs agree is not known: one message is on its way at a time. */
    PROBE,
    /** The logs agree: entries are sent as they come, as many as the window allows. */
    REPLICATE,
    /** It needs entries that are gone, and is sent a snapshot. */
    SNAPSHOT
  }

  private final long id;
  private final Window window;
  private State state = State.PROBE;
  private long matched;
  private long next;
  private boolean probing;
  private long sentRound;
  private long confirmedRound;
  private long heardNanos;
  private long snapshotIndex;

  /**
   * @param next the first entry to try
   * @param nowNanos as if it had just been heard of, so that a new leader gives it a chance
   */
  Progress(long id, long next, long windowBytes, long nowNanos) {
    this.id = id;
    this.next = next;
    this.window = new Window(windowBytes);
    this.heardNanos = nowNanos;
  }

  long id() {
    return id;
  }

  State state() {
    return state;
  }

  /** Up to where its log agrees with the leader's, durably. */
  long matched() {
    return matched;
  }

  /** Up to where it will never be sent entries. */
  long unneeded() {
    return state == State.SNAPSHOT && snapshotIndex != Long.MAX_VALUE
        ? Math.max(matched, snapshotIndex)
        : matched;
  }

  /** Index of the next entry to send. */
  long next() {
    return next;
  }

  /** When something came from it last. */
  long heardNanos() {
    return heardNanos;
  }

  /** The newest round of heartbeats that it has confirmed. */
  long confirmedRound() {
    return confirmedRound;
  }

  /** Is given a new chance to show that it is there. */
  void awaitAnew(long nowNanos) {
    heardNanos = nowNanos;
  }

  /** Something came from it in the leader's term. */
  void heard(long nowNanos, long round) {
    heardNanos = nowNanos;
    confirmedRound = Math.max(confirmedRound, round);
  }

  /** Whether it may be sent entries now. */
  boolean maySend() {
    return switch (state) {
      case PROBE -> !probing;
      case REPLICATE -> window.hasRoom();
      case SNAPSHOT -> false;
    };
  }

  /**
   * Entries were sent, or a probe without any.
   *
   * @param round the newest one of heartbeats then
   */
  void sent(long lastIndex, long bytes, long round) {
    sentRound = round;
    if (state == State.PROBE) {
      probing = true;
    } else {
      next = lastIndex + 1;
      window.add(lastIndex, bytes);
    }
  }

  /**
   * Its log agrees up to an index.
   *
   * @return whether that is news
   */
  boolean agreed(long index) {
    window.removeUpTo(index);
    boolean news = index > matched;
    if (news) {
      matched = index;
      next = Math.max(next, index + 1);
    }
    if (state == State.PROBE || (state == State.SNAPSHOT && index >= snapshotIndex)) {
      replicate();
    }
    return news;
  }

  private void replicate() {
    state = State.REPLICATE;
    next = matched + 1;
    window.clear();
  }

  /**
   * It refused entries because its log does not have what stands before them. A refusal that came
   * late says nothing.
   *
   * @param asked index of what it does not have
   * @param hint where to try next
   */
  void refused(long asked, long hint) {
    boolean late = asked <= matched || asked >= next || (state == State.PROBE && asked != next - 1);
    if (!late) {
      next = Math.max(Math.min(asked, hint + 1), matched + 1);
      probe();
    }
  }

  /** What is on its way may be lost: begins again after what is known to agree. */
  void probe() {
    if (state == State.REPLICATE) {
      next = Math.min(next, matched + 1);
    }
    state = State.PROBE;
    probing = false;
    window.clear();
  }

  /**
   * Whether something was sent, and is not answered although it had a full round of heartbeats to
   * be.
   *
   * @param round that has been answered
   */
  boolean isOverdue(long round) {
    boolean open = state == State.REPLICATE ? matched < next - 1 : probing;
    return open && round - sentRound > 1;
  }

  /** What it needs cannot be had now: another try follows, not before a full round. */
  void probeLater(long round) {
    probe();
    probing = true;
    sentRound = round;
  }

  /** It was asked whether it got what was sent. */
  void askedAgain(long round) {
    sentRound = round;
  }

  /** It is sent a snapshot of the state at an index; the highest number while none is opened. */
  void snapshot(long index) {
    state = State.SNAPSHOT;
    snapshotIndex = index;
    probing = false;
    window.clear();
  }

  /** Whether everything that was sent has been answered. */
  boolean isAnswered() {
    return state == State.REPLICATE && window.isEmpty();
  }
}
