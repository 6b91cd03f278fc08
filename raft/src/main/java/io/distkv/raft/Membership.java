package io.distkv.raft;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who takes part in a group (Raft paper, section 6). An entry of the log brings a new membership,
 * which holds from the moment the entry is in a server's log, committed or not.
 *
 * <p>Voters change in two steps. The first entry makes the change joint: from it on, elections and
 * commits need a majority of the voters of before <em>and</em> one of the voters to be. Once that
 * entry is committed, a second one leaves the voters of before behind. At no time can two disjoint
 * sets of servers decide.
 *
 * <p>Rejected: adding or removing one server at a time without the joint step (thesis, section
 * 4.1). It is safe only if no leader begins a change before it has committed an entry of its own
 * term, which the thesis missed at first; and replacing a dead server takes two changes, between
 * which a group of three stands with a majority that needs all of the living: one more failure, or
 * a zone that takes two of four, and it stops. A joint change swaps any number at once and is never
 * less available than the weaker of its two sets.
 *
 * @param members by rising id, each id once, at least one that votes in each set
 */
public record Membership(List<Member> members) {

  /**
   * @throws IllegalArgumentException if an id comes twice, or a set of voters would be empty
   */
  public Membership {
    members = members.stream().sorted(Comparator.comparingLong(Member::id)).toList();
    for (int i = 1; i < members.size(); i++) {
      if (members.get(i).id() == members.get(i - 1).id()) {
        throw new IllegalArgumentException("member " + members.get(i).id() + " comes twice");
      }
    }
    if (members.stream().noneMatch(member -> member.role().votesBefore())
        || members.stream().noneMatch(member -> member.role().votesAfter())) {
      throw new IllegalArgumentException("a group needs at least one voter: " + members);
    }
  }

  /** A group of voters alike. */
  public static Membership ofVoters(long... ids) {
    List<Member> members = new ArrayList<>();
    for (long id : ids) {
      members.add(new Member(id, Member.Role.VOTER, 0));
    }
    return new Membership(members);
  }

  /** Whether voters are changing. */
  public boolean isJoint() {
    return members.stream().anyMatch(member -> member.role().isChanging());
  }

  /** A member, if it is one. */
  public Optional<Member> member(long id) {
    return Optional.ofNullable(find(id));
  }

  private @Nullable Member find(long id) {
    for (Member member : members) {
      if (member.id() == id) {
        return member;
      }
    }
    return null;
  }

  /** Whether a server has a vote of any kind. */
  public boolean votes(long id) {
    Member member = find(id);
    return member != null && member.votes();
  }

  /** Whether nobody but this server has a vote of any kind. */
  boolean isOnlyVoter(long id) {
    for (Member member : members) {
      if (member.votes() != (member.id() == id)) {
        return false;
      }
    }
    return votes(id);
  }

  /** Whether a server votes in the set to be, or in the only one there is. */
  boolean votesAfter(long id) {
    Member member = find(id);
    return member != null && member.role().votesAfter();
  }

  /**
   * The membership that is on the way from this one to a target: the target itself if no vote
   * changes, else a joint one.
   *
   * @param target of voters and learners only
   * @throws IllegalArgumentException if this or the target is joint
   */
  public Membership towards(Membership target) {
    if (isJoint() || target.isJoint()) {
      throw new IllegalArgumentException("a change of voters is under way");
    }
    List<Member> joint = new ArrayList<>();
    for (Member wanted : target.members) {
      boolean voted = votes(wanted.id());
      joint.add(
          voted == wanted.votes()
              ? wanted
              : wanted.as(voted ? Member.Role.DEMOTED : Member.Role.INCOMING));
    }
    for (Member present : members) {
      if (present.votes() && target.member(present.id()).isEmpty()) {
        joint.add(present.as(Member.Role.OUTGOING));
      }
    }
    return new Membership(joint);
  }

  /** What comes after the joint step. */
  public Membership settled() {
    return new Membership(
        members.stream()
            .filter(member -> member.role() != Member.Role.OUTGOING)
            .map(member ->
                switch (member.role()) {
                  case INCOMING -> member.as(Member.Role.VOTER);
                  case DEMOTED -> member.as(Member.Role.LEARNER);
                  case VOTER, LEARNER, OUTGOING -> member;
                })
            .toList());
  }
}
