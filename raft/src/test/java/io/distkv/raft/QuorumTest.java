package io.distkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The arithmetic against the words of the paper: more than half of each set. */
class QuorumTest {

  private static Membership draw(SplittableRandom random) {
    List<Member.Role> roles = List.of(Member.Role.values());
    while (true) {
      List<Member> members = new ArrayList<>();
      for (long id = 1; id <= 9; id++) {
        Member.Role role = roles.get(random.nextInt(roles.size()));
        if (random.nextBoolean()) {
          members.add(new Member(id, random.nextBoolean() ? Member.Role.VOTER : role, 0));
        }
      }
      if (members.stream().anyMatch(member -> member.role().votesBefore())
          && members.stream().anyMatch(member -> member.role().votesAfter())) {
        return new Membership(members);
      }
    }
  }

  /** Whether more than half of each set of voters does something. */
  private static boolean majorities(Membership membership, Predicate<Long> does) {
    List<Member> before =
        membership.members().stream().filter(member -> member.role().votesBefore()).toList();
    List<Member> after =
        membership.members().stream().filter(member -> member.role().votesAfter()).toList();
    return 2 * before.stream().filter(member -> does.test(member.id())).count() > before.size()
        && 2 * after.stream().filter(member -> does.test(member.id())).count() > after.size();
  }

  @Test
  void whatIsReachedIsTheHighestThatMajoritiesHaveReached() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      Membership membership = draw(random);
      long[] reached = random.longs(10, 0, 10).toArray();
      long naive = 0;
      for (long number = 0; number < 10; number++) {
        long candidate = number;
        if (majorities(membership, id -> reached[id.intValue()] >= candidate)) {
          naive = number;
        }
      }
      assertThat(new Quorum(membership).reached(id -> reached[(int) id]))
          .as("%s", membership)
          .isEqualTo(naive);
    }
  }

  @Test
  void anElectionIsWonByMajoritiesAndLostWhenTheyCannotCome() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 20_000; i++) {
      Membership membership = draw(random);
      long[] votes = random.longs(10, -1, 2).toArray();
      Quorum.Outcome naive = Quorum.Outcome.PENDING;
      if (majorities(membership, id -> votes[id.intValue()] > 0)) {
        naive = Quorum.Outcome.WON;
      } else if (!majorities(membership, id -> votes[id.intValue()] >= 0)) {
        naive = Quorum.Outcome.LOST;
      }
      assertThat(new Quorum(membership).outcome(id -> votes[(int) id]))
          .as("%s", membership)
          .isEqualTo(naive);
    }
  }

  @Test
  void aMembershipComesBackFromItsBytes() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 1_000; i++) {
      Membership membership = draw(random);
      assertThat(MembershipFormat.decode(MembershipFormat.encode(membership)))
          .isEqualTo(membership);
    }
  }

  /**
   * No two quorums of a membership and of the next one on its way are without a server in common.
   */
  @Test
  void quorumsOfOneStepAndTheNextOverlap() {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 20_000; i++) {
      Membership from = draw(random).settled();
      Membership joint = from.towards(draw(random).settled());
      Membership settled = joint.settled();
      long one = random.nextLong(1L << 10);
      Predicate<Long> in = id -> (one >> id & 1) == 1;
      if (majorities(from, in)) {
        assertThat(majorities(joint, in.negate())).as("%s, %s", from, joint).isFalse();
      }
      if (majorities(joint, in)) {
        assertThat(majorities(settled, in.negate())).as("%s, %s", joint, settled).isFalse();
      }
    }
  }
}
