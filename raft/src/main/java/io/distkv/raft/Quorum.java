package io.distkv.raft;

import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;

/**
 * The arithmetic of agreement: what a majority of the voters agrees on, and while voters change, a
 * majority of each of the two sets (Raft paper, section 6).
 */
final class Quorum {
  private final Voters before;
  private final Voters after;

  Quorum(Membership membership) {
    before = new Voters(membership, role -> role.votesBefore());
    after = membership.isJoint() ? new Voters(membership, role -> role.votesAfter()) : before;
  }

  /** The result of an election so far. */
  enum Outcome {
    WON,
    LOST,
    PENDING
  }

  /**
   * The highest number that a quorum has reached.
   *
   * @param reached what a voter has reached, by its id; 0 or more
   */
  long reached(LongUnaryOperator reached) {
    long first = before.reached(reached);
    return after == before ? first : Math.min(first, after.reached(reached));
  }

  /**
   * How an election stands.
   *
   * @param votes 1 where a voter, by its id, has granted its vote, -1 where it has refused, 0 where
   *     it has not answered
   */
  Outcome outcome(LongUnaryOperator votes) {
    Outcome first = before.outcome(votes);
    Outcome second = after == before ? first : after.outcome(votes);
    if (first == Outcome.LOST || second == Outcome.LOST) {
      return Outcome.LOST;
    }
    return first == Outcome.WON && second == Outcome.WON ? Outcome.WON : Outcome.PENDING;
  }

  /** One set of voters. */
  private static final class Voters {
    private final long[] ids;
    private final long[] scratch;

    Voters(Membership membership, Predicate<Member.Role> votes) {
      ids =
          membership.members().stream()
              .filter(member -> votes.test(member.role()))
              .mapToLong(Member::id)
              .toArray();
      scratch = new long[ids.length];
    }

    private int majority() {
      return ids.length / 2 + 1;
    }

    long reached(LongUnaryOperator reached) {
      for (int i = 0; i < ids.length; i++) {
        scratch[i] = reached.applyAsLong(ids[i]);
      }
      Arrays.sort(scratch);
      return scratch[ids.length - majority()];
    }

    Outcome outcome(LongUnaryOperator votes) {
      int granted = 0;
      int refused = 0;
      for (long id : ids) {
        long vote = votes.applyAsLong(id);
        granted += vote > 0 ? 1 : 0;
        refused += vote < 0 ? 1 : 0;
      }
      if (granted >= majority()) {
        return Outcome.WON;
      }
      return refused > ids.length - majority() ? Outcome.LOST : Outcome.PENDING;
    }
  }
}
