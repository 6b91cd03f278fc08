package io.distkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the Raft paper says of servers that a change leaves out, section 6, the leader among them;
 * and the thesis, sections 3.10, 4.2.2 and 4.2.3.
 */
class PaperRemovalTest {
  private static final long ME = Solo.ME;

  private static Membership of(Member... members) {
    return new Membership(List.of(members));
  }

  private static void change(TestGroup group, TestServer leader, Membership target) {
    assertThat(leader.raft().changeMembership(target, group.now())).isNull();
    group.run();
  }

  private static Message.AppendRequest append(
      long from, long term, Position previous, List<Entry> entries, long committed) {
    return new Message.AppendRequest(from, ME, term, previous, entries, committed, 0);
  }

  private static Message.Heartbeat heartbeat(long from, long term) {
    return new Message.Heartbeat(from, ME, term, 0, 1, 0, false);
  }

  @Test
  @DisplayName("6: a leader that is not part of the new membership steps down when it is committed")
  void aRemovedLeaderStepsDown() {
    TestGroup group = new TestGroup(3);
    TestServer leader = group.elect();
    long removed = leader.id();
    change(group, leader, Membership.ofVoters(removed % 3 + 1, (removed + 1) % 3 + 1));
    assertThat(leader.raft().role()).isEqualTo(Role.FOLLOWER);
    group.advanceMillis(1_000);
    TestServer next = group.elect();
    assertThat(next.id()).isNotEqualTo(removed);
    assertThat(next.raft().membership().member(removed)).isEmpty();
  }

  @Test
  @DisplayName("Thesis 4.2.2 and 3.10: a leader that leaves tells a voter with everything to stand")
  void aRemovedLeaderTellsAnotherToStand() {
    TestGroup group = new TestGroup(3);
    TestServer leader = group.elect();
    long removed = leader.id();
    long term = leader.raft().term();
    Member better = new Member(removed % 3 + 1, Member.Role.VOTER, -5);
    Member best = new Member((removed + 1) % 3 + 1, Member.Role.VOTER, -4);
    change(group, leader, of(better, best));
    // At once, without waiting for any timeout.
    assertThat(group.server(best.id()).raft().role()).isEqualTo(Role.LEADER);
    assertThat(group.server(best.id()).raft().term()).isEqualTo(term + 1);
  }

  @Test
  @DisplayName("Thesis 3.10: a leader that leaves tells nobody to stand who lacks something")
  void whoLacksSomethingIsNotToldToStand() {
    Solo solo = Solo.ofVoters(3).lead().matched(2, 1).matched(3, 1);
    assertThat(solo.raft().changeMembership(Membership.ofVoters(2, 3), solo.now())).isNull();
    solo.settle();
    solo.matched(2, 2).matched(3, 2);
    solo.propose("x");
    solo.sent();
    solo.matched(2, 3).matched(3, 3);
    assertThat(solo.raft().role()).isEqualTo(Role.FOLLOWER);
    assertThat(solo.sent(Message.TimeoutNow.class)).isEmpty();
  }

  @Test
  @DisplayName("6: removed servers can not disrupt the cluster")
  void removedServersDisturbNobody() {
    TestGroup group = new TestGroup(3);
    TestServer leader = group.elect();
    long kept = leader.id() % 3 + 1;
    long removed = kept % 3 + 1;
    // The removed one never hears of it.
    group.cutOff(removed);
    change(group, leader, Membership.ofVoters(leader.id(), kept));
    group.advanceMillis(500);
    group.heal();
    long term = leader.raft().term();
    group.advanceMillis(5_000);
    assertThat(leader.raft().role()).isEqualTo(Role.LEADER);
    assertThat(leader.raft().term()).isEqualTo(term);
  }

  @Test
  @DisplayName("Thesis 4.2.2: a server that its newest membership leaves out may still be needed")
  void whoIsLeftOutStandsUntilThatIsCommitted() {
    // Server 1 alone has the entry that leaves it out; server 2 lacks it, and cannot win.
    byte[] joint =
        MembershipFormat.encode(
            of(new Member(1, Member.Role.OUTGOING, 0), new Member(2, Member.Role.INCOMING, 0)));
    byte[] settled = MembershipFormat.encode(Membership.ofVoters(2));
    List<Entry> entries =
        List.of(
            new Entry(1, 1, Entry.Kind.MEMBERSHIP, joint),
            new Entry(1, 2, Entry.Kind.MEMBERSHIP, settled));
    Solo solo =
        new Solo(new Restored(new HardState(1, 1), Position.NONE, Membership.ofVoters(1), entries));
    solo.stand();
    assertThat(solo.raft().role()).isEqualTo(Role.CANDIDATE);
    solo.receive(new Message.VoteReply(2, 1, 2, true));
    assertThat(solo.raft().role()).isEqualTo(Role.LEADER);
    solo.matched(2, 3);
    assertThat(solo.raft().role()).as("now it is committed").isEqualTo(Role.FOLLOWER);
    solo.passElectionTimeout();
    assertThat(solo.raft().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  @DisplayName("6: who is told that it is gone asks no more, until a leader speaks to it")
  void whoIsGoneAsksNoMore() {
    Solo solo = Solo.withLog(3, 1, 1);
    for (int i = 0; i < 2; i++) {
      solo.passElectionTimeout();
      assertThat(solo.raft().role()).isEqualTo(Role.PRE_CANDIDATE);
      long term = solo.raft().term() + i;
      solo.receive(new Message.PreVoteReply(2, ME, term, false, new Position(1, 3)));
      assertThat(solo.raft().role()).isEqualTo(Role.FOLLOWER);
      assertThat(solo.raft().nextTickNanos()).isEqualTo(Long.MAX_VALUE);
      solo.sent();
      solo.passElectionTimeout();
      assertThat(solo.sent()).isEmpty();
      solo.receive(heartbeat(3, solo.raft().term()));
    }
    // It is a member again, and has what the answer is about.
    solo.receive(append(3, 2, new Position(1, 2), Solo.entries(3, 1), 3));
    solo.passElectionTimeout();
    solo.receive(new Message.PreVoteReply(2, ME, 2, false, new Position(1, 3)));
    assertThat(solo.raft().nextTickNanos()).isNotEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @CsvSource({
    // Who asks, and the end of its log, of servers 1 to 3 that sleep and have 1 1 in common.
    "4, 1, false",
    "4, 0, false",
    "4, 2, true",
    "3, 1, true",
  })
  @DisplayName("6: a group that sleeps does not wake for a server that is gone and cannot win")
  void whoIsGoneWakesNobody(long from, long lastIndex, boolean wakes) {
    Solo solo = Solo.ofVoters(3);
    solo.receive(append(2, 1, Position.NONE, Solo.entries(1, 1, 1), 2));
    solo.receive(new Message.Heartbeat(2, ME, 1, 2, 1, 2, true));
    solo.pass(10 * Solo.OPTIONS.electionTimeoutNanos());
    solo.sent();
    Position last = new Position(lastIndex == 0 ? 0 : 1, lastIndex);
    solo.receive(new Message.PreVoteRequest(from, ME, 5, last));
    assertThat(solo.raft().nextTickNanos() != Long.MAX_VALUE).isEqualTo(wakes);
    Position missing = from == 4 && !wakes ? new Position(1, 2) : Position.NONE;
    assertThat(solo.sent(Message.PreVoteReply.class))
        .extracting(Message.PreVoteReply::missing)
        .containsExactly(missing);
  }

  @Test
  @DisplayName("6: whom a membership leaves out that is not committed is not gone")
  void whoMayStillBeNeededIsNotSentAway() {
    Solo solo = Solo.ofVoters(3);
    byte[] members = MembershipFormat.encode(Membership.ofVoters(1, 2));
    Entry change = new Entry(1, 2, Entry.Kind.MEMBERSHIP, members);
    List<Entry> entries = List.of(Solo.entries(1, 1).getFirst(), change);
    for (long committed = 1; committed <= 2; committed++) {
      solo.receive(append(2, 1, Position.NONE, entries, committed));
      solo.sent();
      solo.receive(new Message.PreVoteRequest(3, ME, 5, Position.NONE));
      Position missing = committed == 1 ? Position.NONE : new Position(1, 2);
      assertThat(solo.sent()).containsExactly(new Message.PreVoteReply(ME, 3, 1, false, missing));
    }
  }
}
