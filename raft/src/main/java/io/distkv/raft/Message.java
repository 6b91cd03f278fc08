package io.distkv.raft;

import java.util.List;

/**
 * What the servers of a group say to each other. A message may come late, twice, out of order or
 * never. One whose term is lower than the receiver's is answered so that its sender learns of the
 * higher one, or dropped; one whose term is higher makes the receiver a follower in that term (Raft
 * paper, section 5.1), but for the questions of a pre-vote, which change nothing.
 */
public sealed interface Message {

  /** Id of the sender. */
  long from();

  /** Id of the receiver. */
  long to();

  /**
   * The sender's term; of a pre-vote, of what grants it, and of what refuses a vote in a higher
   * term than the sender's, the term asked for.
   */
  long term();

  /**
   * "Would you vote for me?" (thesis, section 9.6): asked before a server raises its term, so that
   * one that was cut off, or removed, disturbs nobody when it comes back.
   *
   * @param last the end of the candidate's log
   */
  record PreVoteRequest(long from, long to, long term, Position last) implements Message {}

  /**
   * The answer; of a refusal the term is the sender's own.
   *
   * @param missing the last entry that the sender knows to be committed, if the candidate is no
   *     member any more and lacks it; else {@link Position#NONE}
   */
  record PreVoteReply(long from, long to, long term, boolean granted, Position missing)
      implements Message {

    PreVoteReply(long from, long to, long term, boolean granted) {
      this(from, to, term, granted, Position.NONE);
    }
  }

  /**
   * "Vote for me" (section 5.2).
   *
   * @param last the end of the candidate's log
   * @param transfer whether the leader itself told the candidate to stand, so that nobody need
   *     protect that leader (thesis, section 4.2.3)
   */
  record VoteRequest(long from, long to, long term, Position last, boolean transfer)
      implements Message {}

  /** The answer; a refusal need not mean that the sender has entered the term. */
  record VoteReply(long from, long to, long term, boolean granted) implements Message {}

  /**
   * Entries of the log and how far it is committed (section 5.3).
   *
   * @param previous what must stand before the entries
   * @param entries by rising index, each one after the one before; never changed
   * @param committed the leader's commit index
   * @param round of heartbeats that the answer also confirms
   */
  record AppendRequest(
      long from,
      long to,
      long term,
      Position previous,
      List<Entry> entries,
      long committed,
      long round)
      implements Message {}

  /**
   * The follower's log agrees with the leader's up to an index, durably.
   *
   * @param round as asked
   */
  record AppendReply(long from, long to, long term, long matched, long round) implements Message {}

  /**
   * The follower's log does not have what must stand before the entries.
   *
   * @param asked index of the previous entry that was asked for
   * @param hint where its log may agree: its own last entry at or before {@code asked} of a term no
   *     higher than the one asked for; so one refusal skips a whole term (end of section 5.3)
   * @param round as asked
   */
  record AppendRefusal(long from, long to, long term, long asked, Position hint, long round)
      implements Message {}

  /**
   * The leader is there (section 5.2). Has no part in replication, so it waits for no disk on
   * either side.
   *
   * @param committed the leader's commit index, no further than the follower is known to agree
   * @param round to be confirmed
   * @param matchedByAll up to where every member has everything, so that nobody need keep it
   * @param sleep whether the group goes quiet: nothing more will come until something happens
   */
  record Heartbeat(
      long from, long to, long term, long committed, long round, long matchedByAll, boolean sleep)
      implements Message {}

  /**
   * The follower is there, too.
   *
   * @param round as asked
   */
  record HeartbeatReply(long from, long to, long term, long round) implements Message {}

  /**
   * A piece of a snapshot (section 7), which replaces a log that lags too far behind.
   *
   * @param snapshot what it is of
   * @param sending which of the leader's sendings it is a part of, see {@link PartialSnapshot}
   * @param offset of the piece in it
   * @param bytes of the piece; never changed
   * @param last whether nothing comes after it
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record SnapshotPiece(
      long from,
      long to,
      long term,
      SnapshotInfo snapshot,
      long sending,
      long offset,
      byte[] bytes,
      boolean last,
      long round)
      implements Message {}

  /**
   * How much of a snapshot the follower has.
   *
   * @param index of the snapshot
   * @param sending as in the piece; 0 if it is installed and no piece is answered
   * @param nextOffset of the piece it wants next
   * @param installed whether it has all of it and its state has been replaced
   */
  record SnapshotReply(
      long from,
      long to,
      long term,
      long index,
      long sending,
      long nextOffset,
      boolean installed,
      long round)
      implements Message {}

  /** "Stand for election now" (thesis, section 3.10). */
  record TimeoutNow(long from, long to, long term) implements Message {}

  /**
   * A follower asks up to where it must have applied to serve reads (thesis, section 6.4).
   *
   * @param context of the follower's, to come back with the answer
   */
  record ReadIndexRequest(long from, long to, long term, long context) implements Message {}

  /**
   * The answer.
   *
   * @param index that must be applied; {@link #CANNOT_TELL} if the leader cannot tell now
   */
  record ReadIndexReply(long from, long to, long term, long context, long index)
      implements Message {
    /** No index: a leader that has a follower has an entry. */
    static final long CANNOT_TELL = 0;
  }
}
