package io.distkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What figures 2 and 3 of the Raft paper demand of every server at all times, and the sentences of
 * section 5 around them that {@link PaperElectionTest} and {@link PaperReplicationTest} leave.
 */
class PaperSafetyTest {
  private static final long ME = Solo.ME;
  private static final long TIMEOUT_NANOS = Solo.OPTIONS.electionTimeoutNanos();

  private static Message append(long term, Position previous, List<Entry> entries, long committed) {
    return new Message.AppendRequest(2, ME, term, previous, entries, committed, 0);
  }

  private static Message heartbeat(long term, long committed) {
    return new Message.Heartbeat(2, ME, term, committed, 1, 0, false);
  }

  @Test
  @DisplayName("Figure 2: the term rises and never falls, in memory and on the disk")
  void theTermNeverFalls() {
    SeededRandomness random = new SeededRandomness(11);
    Solo solo = Solo.ofVoters(3);
    long term = 0;
    long written = 0;
    for (int i = 0; i < 2_000; i++) {
      solo.holdDisk();
      long other = Math.max(0, term + random.below(5) - 3);
      Position last = new Position(other, random.below(3));
      switch (random.below(6)) {
        case 0 -> solo.receive(new Message.VoteRequest(3, ME, other, last, random.chance(50)));
        case 1 -> solo.receive(new Message.PreVoteRequest(3, ME, other, last));
        case 2 -> solo.receive(new Message.VoteReply(3, ME, other, random.chance(50)));
        case 3 -> solo.receive(new Message.PreVoteReply(3, ME, other, random.chance(50)));
        case 4 -> solo.receive(new Message.AppendReply(3, ME, other, 0, 0));
        default -> solo.pass(random.below(3) * TIMEOUT_NANOS / 2);
      }
      assertThat(solo.raft().term()).isGreaterThanOrEqualTo(term);
      term = solo.raft().term();
      for (Effect.Persist persist : solo.waiting()) {
        HardState state = persist.hardState();
        if (state != null) {
          assertThat(state.term()).isGreaterThanOrEqualTo(written);
          written = state.term();
        }
      }
      solo.releaseDisk();
    }
    assertThat(written).isGreaterThan(50);
  }

  @Test
  @DisplayName("Figure 2: the commit index rises and never falls, and each step is told once")
  void theCommitIndexNeverFalls() {
    Solo solo = Solo.ofVoters(3);
    solo.receive(append(1, Position.NONE, Solo.entries(1, 1, 1, 1), 2));
    solo.receive(append(1, Position.NONE, Solo.entries(1, 1), 1));
    solo.receive(heartbeat(1, 1)).receive(heartbeat(1, 3)).receive(heartbeat(1, 2));
    assertThat(solo.raft().committed()).isEqualTo(3);
    assertThat(solo.effects().stream().filter(Effect.Committed.class::isInstance))
        .containsExactly(new Effect.Committed(2), new Effect.Committed(3));
  }

  @Test
  @DisplayName("5.1: followers are passive: they answer, and ask for nothing of their own")
  void followersArePassive() {
    Solo solo = Solo.ofVoters(3);
    solo.receive(append(1, Position.NONE, Solo.entries(1, 1), 1));
    solo.sent();
    for (int i = 0; i < 9; i++) {
      solo.pass(TIMEOUT_NANOS / 10);
    }
    assertThat(solo.sent()).isEmpty();
  }

  @Test
  @DisplayName("5.2: who hears of no leader for an election timeout begins an election")
  void whoHearsNothingBeginsAnElection() {
    Solo solo = Solo.ofVoters(3);
    long wait = solo.raft().nextTickNanos() - solo.now();
    solo.pass(wait - 1);
    assertThat(solo.raft().role()).isEqualTo(Role.FOLLOWER);
    solo.pass(1);
    assertThat(solo.raft().role()).isEqualTo(Role.PRE_CANDIDATE);
    assertThat(solo.sent(Message.PreVoteRequest.class)).hasSize(2);
  }

  @Test
  @DisplayName("Figure 2, followers: a leader of an earlier term keeps nobody waiting")
  void aStaleLeaderKeepsNobodyWaiting() {
    Solo solo = Solo.withLog(3, 5);
    for (int i = 0; i < 10; i++) {
      solo.receive(heartbeat(4, 0)).pass(TIMEOUT_NANOS / 4);
    }
    assertThat(solo.raft().role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("Figure 2, followers: who has granted a vote waits anew; who has refused does not")
  void aGrantedVoteRestartsTheWait(boolean granted) {
    Solo solo = Solo.withLog(3, 5);
    long before = solo.raft().nextTickNanos();
    solo.pass(TIMEOUT_NANOS);
    Position last = granted ? new Position(5, 1) : Position.NONE;
    solo.receive(new Message.VoteRequest(2, ME, 6, last, false));
    assertThat(solo.sent(Message.VoteReply.class))
        .containsExactly(new Message.VoteReply(ME, 2, 6, granted));
    long after = solo.raft().nextTickNanos();
    if (granted) {
      assertThat(after).isGreaterThanOrEqualTo(solo.now() + TIMEOUT_NANOS);
    } else {
      assertThat(after).isEqualTo(before);
    }
  }

  @Test
  @DisplayName("5.2: a leader stays in office as long as nothing fails")
  void aLeaderStaysInOffice() {
    TestGroup group = new TestGroup(3);
    TestServer leader = group.elect();
    long term = leader.raft().term();
    group.advanceMillis(20 * TIMEOUT_NANOS / TestGroup.MILLI);
    assertThat(leader.raft().role()).isEqualTo(Role.LEADER);
    assertThat(group.servers()).allMatch(each -> each.raft().term() == term);
  }

  @Test
  @DisplayName("5.2: votes of an earlier term make nobody a leader")
  void votesOfAnEarlierTermDoNotCount() {
    Solo solo = Solo.ofVoters(3).stand();
    solo.stand();
    assertThat(solo.raft().term()).isEqualTo(2);
    solo.receive(new Message.VoteReply(2, ME, 1, true));
    assertThat(solo.raft().role()).isEqualTo(Role.CANDIDATE);
    solo.receive(new Message.VoteReply(2, ME, 2, true));
    assertThat(solo.raft().role()).isEqualTo(Role.LEADER);
  }

  @Test
  @DisplayName("5.3: a leader makes at most one entry with an index in its term")
  void aLeaderMakesOneEntryForAnIndex() {
    Solo solo = Solo.ofVoters(3).lead();
    List<Long> indexes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      indexes.add(solo.propose("x" + i));
      solo.receive(new Message.AppendRefusal(2, ME, 1, 1, Position.NONE, 0));
    }
    assertThat(indexes).doesNotHaveDuplicates().isSorted().hasSize(20);
  }

  @Test
  @DisplayName("Figure 2, append entries 4: what is new behind what is there is appended")
  void whatIsNewBehindWhatIsThereIsAppended() {
    Solo solo = Solo.withLog(3, 1, 1);
    solo.holdDisk();
    solo.receive(append(1, Position.NONE, Solo.entries(1, 1, 1, 1, 1), 0));
    assertThat(solo.raft().last()).isEqualTo(new Position(1, 4));
    assertThat(solo.waiting())
        .singleElement()
        .satisfies(persist -> {
          assertThat(persist.cuts()).isFalse();
          assertThat(persist.entries()).extracting(Entry::index).containsExactly(3L, 4L);
        });
  }

  @Test
  @DisplayName("Figure 2: a new leader knows of nobody what it has, whatever it knew before")
  void aNewLeaderCountsAnew() {
    Solo solo = Solo.ofVoters(5).lead();
    for (int i = 0; i < 3; i++) {
      solo.propose("x" + i);
    }
    solo.matched(2, 4);
    // In term 2 another leads, and all but the first entry goes, on server 2 as well.
    solo.receive(append(2, new Position(1, 1), Solo.entries(2, 2), 0));
    solo.lead();
    assertThat(solo.raft().last()).isEqualTo(new Position(3, 3));
    solo.matched(3, 3);
    assertThat(solo.raft().committed()).as("with server 3 alone").isZero();
    solo.matched(4, 3);
    assertThat(solo.raft().committed()).isEqualTo(3);
  }

  @Test
  @DisplayName("5.1: what was answered to a leader in an earlier term counts for nothing")
  void answersInAnEarlierTermDoNotCount() {
    Solo solo = Solo.withLog(3, 1).lead();
    assertThat(solo.raft().term()).isEqualTo(2);
    solo.receive(new Message.AppendReply(2, ME, 1, 2, 0));
    assertThat(solo.raft().committed()).isZero();
    solo.receive(new Message.AppendReply(2, ME, 2, 2, 0));
    assertThat(solo.raft().committed()).isEqualTo(2);
  }

  @Test
  @DisplayName("5.5: a follower that took entries, and died before it answered, takes them again")
  void whatWasTakenBeforeACrashIsTakenAgain() {
    Solo again = Solo.withLog(3, 1, 1);
    again.receive(append(1, Position.NONE, Solo.entries(1, 1, 1), 0));
    assertThat(again.raft().last()).isEqualTo(new Position(1, 2));
    assertThat(again.sent()).containsExactly(new Message.AppendReply(ME, 2, 1, 2, 0));
  }

  @Test
  @DisplayName("5.6: heartbeats come several times in an election timeout")
  void heartbeatsComeSeveralTimesInATimeout() {
    RaftOptions usual = RaftOptions.DEFAULT;
    assertThat(usual.electionTimeoutNanos()).isGreaterThanOrEqualTo(10 * usual.heartbeatNanos());
    assertThatThrownBy(() ->
            new RaftOptions(
                usual.heartbeatNanos() * 2,
                usual.heartbeatNanos(),
                usual.driftPerMille(),
                usual.messageBytes(),
                usual.windowBytes(),
                usual.uncommittedBytes(),
                usual.catchUpBytes(),
                usual.quietNanos()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("electionTimeoutNanos");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  @DisplayName("Figure 3, log matching: logs that have one entry alike are alike up to there")
  void logsThatShareAnEntryAreTheSameBeforeIt(int voters) {
    int conflicts = 0;
    for (long seed = 0; seed < 60; seed++) {
      TestGroup group = new TestGroup(voters, seed, TestGroup.OPTIONS);
      SeededRandomness random = new SeededRandomness(seed);
      for (int step = 0; step < 120; step++) {
        disturb(group, random, step);
        for (TestServer one : group.servers()) {
          for (TestServer other : group.servers()) {
            conflicts += conflict(one, other, seed) ? 1 : 0;
          }
        }
      }
    }
    assertThat(conflicts).as("logs that were not alike").isGreaterThan(100);
  }

  private static void disturb(TestGroup group, SeededRandomness random, int step) {
    TestServer server = group.servers().get(random.below(group.servers().size()));
    switch (random.below(6)) {
      case 0 -> group.cutOff(server.id());
      case 1 -> group.heal();
      case 2 -> {
        if (server.isUp()) {
          server.crash();
        } else {
          server.start();
        }
      }
      default -> {
        for (TestServer each : group.servers()) {
          if (each.isUp() && each.raft().refusal(9) == null) {
            group.propose(each, "step " + step);
          }
        }
      }
    }
    group.advanceMillis(random.below(80));
  }

  /** Whether two logs have different entries somewhere, after a check of what they share. */
  private static boolean conflict(TestServer one, TestServer other, long seed) {
    if (!one.isUp() || !other.isUp()) {
      return false;
    }
    boolean shared = false;
    boolean conflict = false;
    long end = Math.min(one.raft().last().index(), other.raft().last().index());
    for (long index = end; index > 0; index--) {
      Entry first = one.raft().entry(index);
      Entry second = other.raft().entry(index);
      boolean same = first.term() == second.term();
      assertThat(same || !shared)
          .as("seed %d: servers %d and %d differ at %d", seed, one.id(), other.id(), index)
          .isTrue();
      if (same) {
        assertThat(first.payload()).isEqualTo(second.payload());
      }
      shared |= same;
      conflict |= !same;
    }
    return conflict;
  }
}
