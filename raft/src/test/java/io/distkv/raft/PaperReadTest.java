package io.distkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the Raft paper says of reads, section 8, and the thesis, sections 6.4 (rounds and leases)
 * and 3.10 (hand-over); {@link PaperFollowerReadTest} has the reads of followers.
 */
class PaperReadTest {
  private static final long ME = Solo.ME;
  private static final long LEASE_NANOS = Solo.OPTIONS.leaseNanos();

  /** A leader of three whose first entry is committed, and whose lease is over. */
  private static Solo leaderWithoutLease() {
    Solo solo = Solo.ofVoters(3).lead().matched(2, 1);
    confirm(solo, 2);
    solo.pass(LEASE_NANOS);
    solo.sent();
    assertThat(solo.raft().hasLease(solo.now())).isFalse();
    return solo;
  }

  /** A follower confirms the newest round of heartbeats. */
  private static void confirm(Solo solo, long from) {
    List<Message.Heartbeat> heartbeats = solo.sent(Message.Heartbeat.class);
    long round = heartbeats.isEmpty() ? 1 : heartbeats.getLast().round();
    solo.receive(new Message.HeartbeatReply(from, ME, solo.raft().term(), round));
  }

  private static void read(Solo solo, long read) {
    solo.raft().read(read, solo.now());
    solo.settle();
  }

  @Test
  @DisplayName("8: a leader serves no read before an entry of its own term is committed")
  void aNewLeaderDoesNotKnowWhatIsCommitted() {
    Solo solo = Solo.withLog(3, 1).lead();
    confirm(solo, 2);
    read(solo, 7);
    assertThat(solo.effects()).noneMatch(Effect.ReadReady.class::isInstance);
    solo.matched(2, 2);
    assertThat(solo.effects()).contains(new Effect.ReadReady(7, 2));
  }

  @Test
  @DisplayName("8: who is replaced before it knows what is committed refuses the reads that wait")
  void earlyReadsAreRefusedWithTheirLeader() {
    Solo solo = Solo.withLog(3, 1).lead();
    read(solo, 7);
    solo.receive(new Message.Heartbeat(3, ME, 9, 0, 1, 0, false));
    assertThat(solo.effects()).contains(new Effect.ReadRefused(7));
  }

  @Test
  @DisplayName("Thesis 6.4: the only voter needs nobody's word, however long it was stopped")
  void theOnlyVoterServesReadsByItself() {
    Solo solo = Solo.ofVoters(1).lead();
    solo.raft().read(7, solo.now() + 10 * Solo.OPTIONS.electionTimeoutNanos());
    solo.settle();
    assertThat(solo.effects()).contains(new Effect.ReadReady(7, 1));
  }

  @Test
  @DisplayName("8: a leader checks with a majority that it has not been replaced")
  void aReadWaitsForARound() {
    Solo solo = leaderWithoutLease();
    read(solo, 7);
    assertThat(solo.effects()).doesNotContain(new Effect.ReadReady(7, 1));
    confirm(solo, 3);
    assertThat(solo.effects()).contains(new Effect.ReadReady(7, 1));
  }

  @Test
  @DisplayName("Thesis 6.4: a round that was sent before the read came says nothing about it")
  void anEarlierRoundDoesNotServeAReadThatCameLater() {
    Solo solo = leaderWithoutLease().matched(2, 1);
    solo.pass(Solo.OPTIONS.heartbeatNanos());
    List<Message.Heartbeat> early = solo.sent(Message.Heartbeat.class);
    solo.pass(LEASE_NANOS - 1);
    read(solo, 7);
    solo.receive(new Message.HeartbeatReply(2, ME, 1, early.getLast().round()));
    assertThat(solo.effects()).doesNotContain(new Effect.ReadReady(7, 1));
  }

  @Test
  @DisplayName("Thesis 6.4: one round serves all reads that came before it")
  void readsShareARound() {
    Solo solo = leaderWithoutLease();
    for (long read = 1; read <= 50; read++) {
      solo.raft().read(read, solo.now());
    }
    solo.settle();
    assertThat(solo.sent(Message.Heartbeat.class)).hasSize(2);
    solo.receive(new Message.HeartbeatReply(2, ME, 1, Long.MAX_VALUE / 2));
    for (long read = 1; read <= 50; read++) {
      assertThat(solo.effects()).contains(new Effect.ReadReady(read, 1));
    }
  }

  @Test
  @DisplayName("Thesis 6.4: reads that come while a round is under way share the next one")
  void readsThatComeDuringARoundShareTheNext() {
    Solo solo = leaderWithoutLease();
    for (long read = 1; read <= 50; read++) {
      read(solo, read);
    }
    List<Message.Heartbeat> first = solo.sent(Message.Heartbeat.class);
    assertThat(first).as("one round, to two followers").hasSize(2);
    solo.receive(new Message.HeartbeatReply(2, ME, 1, first.getLast().round()));
    assertThat(solo.effects())
        .contains(new Effect.ReadReady(1, 1))
        .doesNotContain(new Effect.ReadReady(2, 1));
    List<Message.Heartbeat> second = solo.sent(Message.Heartbeat.class);
    assertThat(second).hasSize(2);
    solo.receive(new Message.HeartbeatReply(3, ME, 1, second.getLast().round()));
    for (long read = 2; read <= 50; read++) {
      assertThat(solo.effects()).contains(new Effect.ReadReady(read, 1));
    }
    assertThat(solo.sent(Message.Heartbeat.class)).as("nobody waits for another").isEmpty();
  }

  @Test
  @DisplayName("Thesis 6.4: if a round is lost, the next heartbeat serves the reads that wait")
  void aLostRoundHoldsUpReadsUntilTheNextHeartbeat() {
    Solo solo = leaderWithoutLease();
    read(solo, 1);
    read(solo, 2);
    solo.sent();
    solo.pass(Solo.OPTIONS.heartbeatNanos() / 2);
    assertThat(solo.sent()).isEmpty();
    solo.receive(new Message.AppendReply(2, ME, 1, 1, 0));
    solo.pass(Solo.OPTIONS.heartbeatNanos() / 2);
    confirm(solo, 2);
    assertThat(solo.effects()).contains(new Effect.ReadReady(1, 1), new Effect.ReadReady(2, 1));
  }

  @Test
  @DisplayName("Thesis 6.4: a read that wakes its group needs one round")
  void aReadThatWakesItsGroupNeedsOneRound() {
    RaftOptions options = TestGroup.OPTIONS.withQuietNanos(50 * TestGroup.MILLI);
    TestGroup group = new TestGroup(3, 1, options);
    TestServer leader = group.elect();
    group.advanceMillis(1_000);
    assertThat(leader.raft().nextTickNanos()).isEqualTo(Long.MAX_VALUE);
    leader.raft().read(7, group.now());
    group.settle(leader);
    List<Message> round = List.copyOf(group.mail());
    assertThat(round).hasSize(2).allMatch(Message.Heartbeat.class::isInstance);
    group.run();
    assertThat(leader.reads()).containsKey(7L);
  }

  @Test
  @DisplayName("Thesis 6.4: a read sees what was committed when it came, and need not see more")
  void theIndexIsThatOfTheReadsArrival() {
    Solo solo = leaderWithoutLease();
    read(solo, 7);
    List<Message.Heartbeat> round = solo.sent(Message.Heartbeat.class);
    solo.propose("x");
    solo.matched(2, 2);
    solo.receive(new Message.HeartbeatReply(2, ME, 1, round.getLast().round()));
    assertThat(solo.effects()).contains(new Effect.ReadReady(7, 1));
  }

  @Test
  @DisplayName(
      "Thesis 6.4.1: within the lease a read waits for nobody, and the lease ends by itself")
  void theLeaseServesReadsUntilItEnds() {
    Solo solo = Solo.ofVoters(3).lead().matched(2, 1);
    long sentAt = solo.now();
    confirm(solo, 2);
    solo.pass(LEASE_NANOS - 1);
    read(solo, 7);
    assertThat(solo.effects()).contains(new Effect.ReadReady(7, 1));
    solo.pass(1);
    assertThat(solo.now() - sentAt).isEqualTo(LEASE_NANOS);
    read(solo, 8);
    assertThat(solo.effects()).doesNotContain(new Effect.ReadReady(8, 1));
  }

  @Test
  @DisplayName("Thesis 6.4.1: a lease counts from when the heartbeats were sent, not confirmed")
  void aLateAnswerMakesAShortLease() {
    Solo solo = Solo.ofVoters(3).lead().matched(2, 1);
    List<Message.Heartbeat> round = solo.sent(Message.Heartbeat.class);
    solo.pass(LEASE_NANOS);
    solo.receive(new Message.HeartbeatReply(2, ME, 1, round.getLast().round()));
    assertThat(solo.raft().hasLease(solo.now())).isFalse();
  }

  @Test
  @DisplayName("Lease: it is shorter than an election timeout by what clocks may drift")
  void clocksMayDrift() {
    long timeout = Solo.OPTIONS.electionTimeoutNanos();
    int drift = Solo.OPTIONS.driftPerMille();
    // A follower's clock that runs faster by the drift measures its promise in less time.
    assertThat(LEASE_NANOS * (1000 + drift) / 1000).isLessThanOrEqualTo(timeout);
  }

  @Test
  @DisplayName("8: a leader that is replaced refuses the reads that wait")
  void readsOfAReplacedLeaderAreRefused() {
    Solo solo = leaderWithoutLease();
    read(solo, 7);
    solo.receive(new Message.Heartbeat(3, ME, 9, 0, 1, 0, false));
    assertThat(solo.effects()).contains(new Effect.ReadRefused(7));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  @DisplayName("8: a leader that is cut off serves nothing stale")
  void aLeaderThatIsCutOffServesNothingStale(int voters) {
    TestGroup group = new TestGroup(voters);
    TestServer old = group.elect();
    group.cutOff(old.id());
    // As long as it trusts its lease, nobody else may lead; TestGroup checks that at every step.
    group.advanceMillis(500);
    old.raft().read(9, group.now());
    group.run();
    assertThat(old.reads().containsKey(9L)).isEqualTo(voters == 1);
  }

  @Test
  @DisplayName("Lease: a leader that was stopped for a while finds its lease gone")
  void aStoppedLeaderHasNoLease() {
    Solo solo = Solo.ofVoters(3).lead().matched(2, 1);
    confirm(solo, 2);
    assertThat(solo.raft().hasLease(solo.now())).isTrue();
    // It comes back and serves what waits before anything tells it of the time that has passed.
    long later = solo.now() + 10 * Solo.OPTIONS.electionTimeoutNanos();
    solo.raft().read(7, later);
    solo.settle();
    assertThat(solo.effects()).doesNotContain(new Effect.ReadReady(7, 1));
  }

  @Test
  @DisplayName("Lease: who forgets in a crash whom it has confirmed helps nobody else all the same")
  void whoForgetsWhomItConfirmedHelpsNobodyElse() {
    TestGroup group = new TestGroup(3);
    TestServer leader = group.elect();
    TestServer forgetful = group.server(leader.id() % 3 + 1);
    TestServer other = group.server(forgetful.id() % 3 + 1);
    long term = leader.raft().term();
    // The other hears nothing of the leader, and asks again and again.
    group.lose(message -> message.from() == leader.id() && message.to() == other.id());
    for (int i = 0; i < 100; i++) {
      forgetful.crash();
      forgetful.start();
      group.advanceMillis(5);
    }
    assertThat(other.seen())
        .contains(new Effect.RoleChanged(Role.PRE_CANDIDATE, term, 0))
        .doesNotContain(new Effect.RoleChanged(Role.CANDIDATE, term + 1, 0));
    assertThat(leader.raft().hasLease(group.now())).isTrue();
  }

  @Test
  @DisplayName("Thesis 3.10: the leader brings the other up to date, then tells it to stand")
  void leadershipIsHandedOver() {
    TestGroup group = new TestGroup(3);
    TestServer leader = group.elect();
    long to = leader.id() % 3 + 1;
    long term = leader.raft().term();
    group.propose(leader, "x");
    leader.raft().transferTo(to, group.now());
    group.run();
    // At once, without waiting for any timeout.
    assertThat(group.server(to).raft().role()).isEqualTo(Role.LEADER);
    assertThat(group.server(to).raft().term()).isEqualTo(term + 1);
    assertThat(group.server(to).applied()).containsExactly("x");
  }

  @Test
  @DisplayName("Thesis 3.10: the old leader takes no proposals meanwhile, and goes on if it fails")
  void aHandOverThatFailsEnds() {
    Solo solo = Solo.ofVoters(3).lead().matched(2, 1);
    confirm(solo, 2);
    solo.raft().transferTo(2, solo.now());
    solo.settle();
    assertThat(solo.sent(Message.TimeoutNow.class)).hasSize(1);
    assertThat(solo.raft().refusal(1)).isEqualTo(Refusal.HANDING_OVER);
    // Whoever was told to stand is protected from by nobody.
    assertThat(solo.raft().hasLease(solo.now())).isFalse();
    solo.pass(Solo.OPTIONS.electionTimeoutNanos() / 2);
    confirm(solo, 2);
    solo.pass(Solo.OPTIONS.electionTimeoutNanos() / 2);
    solo.settle();
    assertThat(solo.raft().refusal(1)).isNull();
    confirm(solo, 2);
    assertThat(solo.raft().hasLease(solo.now())).as("the request may still arrive").isFalse();
  }

  @Test
  @DisplayName("Thesis 3.10: who is behind is brought up to date before it is told to stand")
  void theOtherMustHaveEverything() {
    Solo solo = Solo.ofVoters(3).lead().matched(2, 1);
    solo.propose("x");
    solo.raft().transferTo(3, solo.now());
    solo.settle();
    assertThat(solo.sent(Message.TimeoutNow.class)).isEmpty();
    solo.matched(3, 2);
    assertThat(solo.sent(Message.TimeoutNow.class)).hasSize(1);
  }

  @Test
  @DisplayName("Thesis 3.10: who leaves hands over to the voter that has most of those it hears")
  void whoLeavesHandsOverToWhoeverIsPlacedBest() {
    Solo solo = Solo.ofVoters(5).lead().matched(2, 1).matched(3, 1);
    solo.propose("x");
    solo.settle();
    solo.matched(4, 2);
    assertThat(solo.raft().handOver(solo.now())).isTrue();
    solo.settle();
    assertThat(solo.sent(Message.TimeoutNow.class))
        .extracting(Message.TimeoutNow::to)
        .containsExactly(4L);
    assertThat(solo.raft().handOver(solo.now())).as("it is under way").isTrue();
  }

  @Test
  @DisplayName("Thesis 3.10: who hears nobody, or does not lead, has nothing to hand over")
  void whoHearsNobodyHandsNothingOver() {
    Solo alone = new Solo(Restored.ofAlone(Solo.ME, Position.NONE));
    assertThat(alone.raft().handOver(alone.now())).isFalse();
    Solo follower = Solo.ofVoters(3);
    assertThat(follower.raft().handOver(follower.now())).isFalse();
    assertThat(follower.raft().refusal(1)).isEqualTo(Refusal.NOT_LEADER);
  }
}
