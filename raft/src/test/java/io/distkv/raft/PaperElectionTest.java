package io.distkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the Raft paper (extended version) says of terms and elections, a test for each sentence:
 * sections 5.1, 5.2, 5.4.1 and 5.6; and the thesis of pre-votes, section 9.6.
 */
class PaperElectionTest {
  private static final long ME = Solo.ME;

  private static Message.AppendRequest append(
      long from, long term, Position previous, List<Entry> entries, long committed) {
    return new Message.AppendRequest(from, ME, term, previous, entries, committed, 0);
  }

  private static Message.Heartbeat heartbeat(long from, long term) {
    return new Message.Heartbeat(from, ME, term, 0, 1, 0, false);
  }

  private static Solo in(Role role) {
    Solo solo = Solo.ofVoters(3);
    switch (role) {
      case FOLLOWER -> {}
      case PRE_CANDIDATE -> solo.passElectionTimeout();
      case CANDIDATE -> solo.stand();
      case LEADER -> solo.lead();
    }
    assertThat(solo.raft().role()).isEqualTo(role);
    solo.sent();
    return solo;
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  @DisplayName("5.1: if one server's term is smaller than the other's, it updates to the larger")
  void whoeverHearsOfAHigherTermEntersIt(Role role) {
    Solo solo = in(role);
    solo.receive(heartbeat(2, 7));
    assertThat(solo.raft().term()).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  @DisplayName("5.1: a candidate or leader whose term is out of date reverts to follower")
  void whoeverHearsOfAHigherTermFollows(Role role) {
    Solo solo = in(role);
    solo.receive(new Message.AppendReply(2, ME, 9, 0, 0));
    assertThat(solo.raft().role()).isEqualTo(Role.FOLLOWER);
    assertThat(solo.raft().term()).isEqualTo(9);
    assertThat(solo.raft().leader()).isZero();
  }

  @Test
  @DisplayName("5.1: a server that receives a request with a stale term rejects the request")
  void aStaleRequestIsRejected() {
    Solo solo = Solo.withLog(3, 1, 2);
    solo.receive(append(2, 1, new Position(2, 2), Solo.entries(3, 2), 3));
    assertThat(solo.raft().last()).isEqualTo(new Position(2, 2));
    assertThat(solo.raft().committed()).isZero();
    solo.receive(new Message.VoteRequest(3, ME, 1, new Position(9, 9), false));
    assertThat(solo.sent(Message.VoteReply.class))
        .containsExactly(new Message.VoteReply(ME, 3, 2, false));
  }

  @Test
  @DisplayName("5.1: a leader that was replaced learns of it from whoever it writes to")
  void aStaleLeaderIsToldTheTerm() {
    Solo solo = Solo.withLog(3, 5);
    solo.receive(heartbeat(2, 4));
    assertThat(solo.sent(Message.HeartbeatReply.class))
        .containsExactly(new Message.HeartbeatReply(ME, 2, 5, 0));
  }

  @Test
  @DisplayName("5.2: when servers start up, they begin as followers")
  void aServerBeginsAsFollower() {
    assertThat(Solo.ofVoters(3).raft().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  @DisplayName("5.2: a server remains a follower as long as it hears of a leader")
  void whoHearsOfALeaderStaysFollower() {
    Solo solo = Solo.ofVoters(3);
    for (int i = 0; i < 100; i++) {
      solo.receive(heartbeat(2, 1)).pass(Solo.OPTIONS.electionTimeoutNanos() - 1);
    }
    assertThat(solo.raft().role()).isEqualTo(Role.FOLLOWER);
    assertThat(solo.raft().term()).isEqualTo(1);
  }

  @Test
  @DisplayName("5.2: leaders send periodic heartbeats to all followers")
  void aLeaderSendsHeartbeats() {
    Solo solo = in(Role.LEADER);
    for (int i = 0; i < 5; i++) {
      solo.receive(new Message.HeartbeatReply(2, ME, 1, 0));
      solo.sent();
      solo.pass(Solo.OPTIONS.heartbeatNanos());
      assertThat(solo.sent(Message.Heartbeat.class))
          .extracting(Message.Heartbeat::to)
          .containsExactly(2L, 3L);
    }
  }

  @Test
  @DisplayName(
      "5.2: to begin an election, a follower increments its term, votes for itself and "
          + "asks the others")
  void aCandidateRaisesItsTermAndVotesForItself() {
    Solo solo = Solo.ofVoters(3);
    solo.passElectionTimeout();
    for (Message.PreVoteRequest request : solo.sent(Message.PreVoteRequest.class)) {
      solo.receive(new Message.PreVoteReply(request.to(), ME, 1, true));
    }
    assertThat(solo.raft().role()).isEqualTo(Role.CANDIDATE);
    assertThat(solo.raft().term()).isEqualTo(1);
    assertThat(solo.sent(Message.VoteRequest.class))
        .containsExactly(
            new Message.VoteRequest(ME, 2, 1, Position.NONE, false),
            new Message.VoteRequest(ME, 3, 1, Position.NONE, false));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, true",
    "2, 0, false",
    "2, 1, true",
    "3, 0, false",
    "3, 1, true",
    "4, 1, false",
    "4, 2, true",
    "5, 1, false",
    "5, 2, true"
  })
  @DisplayName("5.2: a candidate wins with the votes of a majority of the full cluster")
  void aMajorityWins(int voters, int votes, boolean wins) {
    Solo solo = Solo.ofVoters(voters).stand();
    for (int i = 0; i < votes; i++) {
      solo.receive(new Message.VoteReply(i + 2L, ME, 1, true));
      // The same vote again counts once.
      solo.receive(new Message.VoteReply(i + 2L, ME, 1, true));
    }
    assertThat(solo.raft().role()).isEqualTo(wins ? Role.LEADER : Role.CANDIDATE);
  }

  @Test
  @DisplayName(
      "5.2: each server votes for at most one candidate in a term, first come first served")
  void oneVoteATerm() {
    Solo solo = Solo.ofVoters(5);
    solo.pass(Solo.OPTIONS.electionTimeoutNanos());
    solo.sent();
    solo.receive(new Message.VoteRequest(2, ME, 3, Position.NONE, false));
    solo.receive(new Message.VoteRequest(3, ME, 3, Position.NONE, false));
    solo.receive(new Message.VoteRequest(2, ME, 3, Position.NONE, false));
    assertThat(solo.sent(Message.VoteReply.class))
        .containsExactly(
            new Message.VoteReply(ME, 2, 3, true),
            new Message.VoteReply(ME, 3, 3, false),
            new Message.VoteReply(ME, 2, 3, true));
  }

  @Test
  @DisplayName("5.2 and figure 2: a vote is durable before anybody hears of it, the own included")
  void votesAreDurableFirst() {
    Solo voter = Solo.ofVoters(3);
    voter.pass(Solo.OPTIONS.electionTimeoutNanos());
    voter.sent();
    voter.holdDisk();
    voter.receive(new Message.VoteRequest(2, ME, 3, Position.NONE, false));
    assertThat(voter.sent()).isEmpty();
    assertThat(voter.waiting().getFirst().hardState()).isEqualTo(new HardState(3, 2));
    voter.releaseDisk();
    assertThat(voter.sent()).containsExactly(new Message.VoteReply(ME, 2, 3, true));

    Solo candidate = Solo.ofVoters(3);
    candidate.passElectionTimeout();
    candidate.holdDisk();
    candidate.receive(new Message.PreVoteReply(2, ME, 1, true));
    assertThat(candidate.sent(Message.VoteRequest.class)).isEmpty();
    candidate.receive(new Message.VoteReply(2, ME, 1, true));
    assertThat(candidate.raft().role()).isEqualTo(Role.CANDIDATE);
    candidate.releaseDisk();
    assertThat(candidate.raft().role()).isEqualTo(Role.LEADER);
  }

  @Test
  @DisplayName("5.2: once a candidate wins, it sends heartbeats to establish its authority")
  void aWinnerShowsItself() {
    Solo solo = Solo.ofVoters(3).stand();
    solo.sent();
    solo.receive(new Message.VoteReply(3, ME, 1, true));
    assertThat(solo.sent(Message.Heartbeat.class))
        .extracting(Message.Heartbeat::to)
        .containsExactly(2L, 3L);
  }

  @Test
  @DisplayName("5.2: a candidate that hears of a leader with its term or a higher one follows it")
  void aCandidateGivesWayToALeader() {
    for (long term : List.of(1L, 2L)) {
      Solo solo = in(Role.CANDIDATE);
      solo.receive(append(3, term, Position.NONE, List.of(), 0));
      assertThat(solo.raft().role()).isEqualTo(Role.FOLLOWER);
      assertThat(solo.raft().leader()).isEqualTo(3);
    }
  }

  @Test
  @DisplayName("5.2: a candidate that hears of a leader with a lower term continues")
  void aCandidateIgnoresAStaleLeader() {
    Solo solo = Solo.withLog(3, 4).stand();
    solo.receive(append(3, 4, Position.NONE, List.of(), 0));
    assertThat(solo.raft().role()).isEqualTo(Role.CANDIDATE);
    assertThat(solo.raft().term()).isEqualTo(5);
  }

  @Test
  @DisplayName("5.2: a candidate that neither wins nor loses starts again in a higher term")
  void aSplitVoteIsFollowedByANewElection() {
    Solo solo = Solo.ofVoters(5).stand();
    assertThat(solo.raft().term()).isEqualTo(1);
    solo.receive(new Message.VoteReply(2, ME, 1, true));
    solo.stand();
    assertThat(solo.raft().role()).isEqualTo(Role.CANDIDATE);
    assertThat(solo.raft().term()).isEqualTo(2);
  }

  @Test
  @DisplayName("5.2: election timeouts are chosen randomly from a fixed interval")
  void timeoutsAreRandom() {
    Set<Long> timeouts = new TreeSet<>();
    long least = Solo.OPTIONS.electionTimeoutNanos();
    for (long seed = 0; seed < 200; seed++) {
      Solo solo = new Solo(Restored.ofNew(Solo.voters(3)), seed);
      timeouts.add(solo.raft().nextTickNanos() - solo.now());
    }
    assertThat(timeouts).hasSizeGreaterThan(150).allMatch(t -> t >= least && t < 2 * least);
  }

  @ParameterizedTest
  @CsvSource({
    // Of the voter's log, whose last entry is the second, of term 2.
    "2, 2, true",
    "2, 3, true",
    "3, 1, true",
    "2, 1, false",
    "1, 2, false",
    "1, 9, false",
  })
  @DisplayName("5.4.1: a voter denies its vote if its own log is more up to date")
  void onlyACompleteLogIsVotedFor(long lastTerm, long lastIndex, boolean granted) {
    Solo solo = Solo.withLog(3, 1, 2);
    solo.pass(Solo.OPTIONS.electionTimeoutNanos());
    solo.sent();
    Position last = new Position(lastTerm, lastIndex);
    solo.receive(new Message.PreVoteRequest(2, ME, 7, last));
    assertThat(solo.sent(Message.PreVoteReply.class))
        .extracting(Message.PreVoteReply::granted)
        .containsExactly(granted);
    solo.receive(new Message.VoteRequest(2, ME, 7, last, false));
    assertThat(solo.sent(Message.VoteReply.class))
        .containsExactly(new Message.VoteReply(ME, 2, 7, granted));
  }

  @Test
  @DisplayName(
      "6: a server that hears of a leader within the minimum election timeout neither "
          + "updates its term nor grants its vote")
  void aLeaderThatIsHeardOfIsProtected() {
    Solo solo = Solo.ofVoters(3);
    solo.receive(heartbeat(2, 1)).pass(Solo.OPTIONS.electionTimeoutNanos() - 1);
    solo.sent();
    solo.receive(new Message.PreVoteRequest(3, ME, 5, Position.NONE));
    solo.receive(new Message.VoteRequest(3, ME, 5, Position.NONE, false));
    assertThat(solo.sent())
        .containsExactly(
            new Message.PreVoteReply(ME, 3, 1, false), new Message.VoteReply(ME, 3, 5, false));
    assertThat(solo.raft().term()).isEqualTo(1);
    // Unless the leader itself has asked for it (thesis, section 4.2.3).
    solo.receive(new Message.VoteRequest(3, ME, 5, Position.NONE, true));
    assertThat(solo.sent()).containsExactly(new Message.VoteReply(ME, 3, 5, true));
  }

  @Test
  @DisplayName("5.2: who is refused by too many gives up at once, also for a leader's sake")
  void whoIsRefusedGivesUpAtOnce() {
    TestGroup group = new TestGroup(3);
    TestServer leader = group.elect();
    TestServer other = group.server(leader.id() % 3 + 1);
    // It stands for no good reason: what it asks the others does not say that the leader wished it.
    group.lose(message -> message instanceof Message.VoteRequest);
    other.raft().receive(new Message.TimeoutNow(leader.id(), other.id(), 1), group.now());
    group.run();
    group.heal();
    assertThat(other.raft().role()).isEqualTo(Role.CANDIDATE);
    for (TestServer voter : group.servers()) {
      if (voter != other) {
        group.post(new Message.VoteRequest(other.id(), voter.id(), 2, other.raft().last(), false));
      }
    }
    group.run();
    assertThat(other.raft().role()).isEqualTo(Role.FOLLOWER);
    assertThat(leader.raft().term()).as("which nobody else has entered").isEqualTo(1);
  }

  @Test
  @DisplayName("Lease: a server that has just started may have promised to protect a leader")
  void whoHasJustStartedProtectsWhomItMayHaveHeard() {
    Solo solo = Solo.ofVoters(3);
    solo.receive(new Message.PreVoteRequest(3, ME, 5, Position.NONE));
    assertThat(solo.sent()).containsExactly(new Message.PreVoteReply(ME, 3, 0, false));
  }

  @Test
  @DisplayName("Thesis 9.6: a pre-vote changes nobody's term or vote")
  void aPreVoteChangesNothing() {
    Solo solo = Solo.ofVoters(3);
    solo.pass(Solo.OPTIONS.electionTimeoutNanos());
    solo.sent();
    solo.holdDisk();
    solo.receive(new Message.PreVoteRequest(2, ME, 5, Position.NONE));
    solo.receive(new Message.PreVoteRequest(3, ME, 5, Position.NONE));
    assertThat(solo.sent())
        .containsExactly(
            new Message.PreVoteReply(ME, 2, 5, true), new Message.PreVoteReply(ME, 3, 5, true));
    assertThat(solo.raft().term()).isZero();
    assertThat(solo.waiting()).isEmpty();
  }

  @Test
  @DisplayName("Thesis 9.6: who cannot reach a majority never raises its term")
  void whoIsCutOffKeepsItsTerm() {
    TestGroup group = new TestGroup(5);
    TestServer leader = group.elect();
    long term = leader.raft().term();
    TestServer other = group.server(leader.id() % 5 + 1);
    group.cutOff(other.id());
    group.advanceMillis(5_000);
    assertThat(other.raft().term()).isEqualTo(term);
    group.heal();
    group.advanceMillis(1_000);
    assertThat(group.elect()).isSameAs(leader);
    assertThat(leader.raft().term()).isEqualTo(term);
  }

  @Test
  @DisplayName("5.2: with a majority alive a leader is elected again and again")
  void leadersFollowOneAnother() {
    TestGroup group = new TestGroup(5);
    for (int i = 0; i < 10; i++) {
      TestServer leader = group.elect();
      group.propose(leader, "after " + i);
      leader.crash();
      group.advanceMillis(1_000);
      TestServer next = group.elect();
      assertThat(next).isNotSameAs(leader);
      leader.start();
      group.advanceMillis(1_000);
    }
    assertThat(group.servers()).allSatisfy(each -> assertThat(each.applied()).hasSize(10));
  }

  @Test
  @DisplayName("Thesis 6.2: a leader that hears of no majority for an election timeout steps down")
  void aLeaderWithoutAMajorityStepsDown() {
    Solo solo = in(Role.LEADER);
    solo.pass(Solo.OPTIONS.electionTimeoutNanos() - 1);
    assertThat(solo.raft().role()).isEqualTo(Role.LEADER);
    solo.pass(1);
    assertThat(solo.raft().role()).isEqualTo(Role.FOLLOWER);
    assertThat(solo.raft().leader()).isZero();
  }
}
