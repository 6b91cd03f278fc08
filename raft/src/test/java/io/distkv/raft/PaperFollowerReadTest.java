package io.distkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the thesis says of reads that a follower serves, section 6.4, and what becomes of them when
 * messages are lost or the leader is.
 */
class PaperFollowerReadTest {
  private static final long ME = Solo.ME;

  private static void read(Solo solo, long read) {
    solo.raft().read(read, solo.now());
    solo.settle();
  }

  @Test
  @DisplayName("Thesis 6.4: a follower serves reads at the leader's index")
  void aFollowerAsksTheLeader() {
    TestGroup group = new TestGroup(3);
    TestServer leader = group.elect();
    TestServer follower = group.server(leader.id() % 3 + 1);
    long index = group.propose(leader, "x");
    follower.raft().read(7, group.now());
    group.run();
    assertThat(follower.reads()).containsEntry(7L, index);
    assertThat(follower.applied()).as("at once, not with the next heartbeat").containsExactly("x");
  }

  /** A follower of server 2 that has asked for so many reads. */
  private static Solo followerThatAsks(int reads) {
    Solo solo = Solo.ofVoters(3);
    solo.receive(heartbeat(1));
    for (long read = 1; read <= reads; read++) {
      read(solo, read);
    }
    assertThat(solo.sent(Message.ReadIndexRequest.class)).hasSize(reads);
    return solo;
  }

  private static Message heartbeat(long round) {
    return new Message.Heartbeat(2, ME, 1, 0, round, 0, false);
  }

  @Test
  @DisplayName("Thesis 6.4: a follower asks again for what was lost, as long as there is a leader")
  void aFollowerAsksAgain() {
    Solo solo = followerThatAsks(1);
    solo.receive(heartbeat(2));
    assertThat(solo.sent(Message.ReadIndexRequest.class)).as("not at once").isEmpty();
    for (long round = 3; round < 6; round++) {
      solo.pass(2 * Solo.OPTIONS.heartbeatNanos()).receive(heartbeat(round));
      assertThat(solo.sent(Message.ReadIndexRequest.class))
          .containsExactly(new Message.ReadIndexRequest(ME, 2, 1, 1));
    }
    solo.receive(new Message.ReadIndexReply(2, ME, 1, 1, 5));
    assertThat(solo.effects()).contains(new Effect.ReadReady(1, 5));
    solo.pass(2 * Solo.OPTIONS.heartbeatNanos()).receive(heartbeat(6));
    assertThat(solo.sent(Message.ReadIndexRequest.class)).as("it is answered").isEmpty();
  }

  @Test
  @DisplayName("Bounds: a follower asks for some reads at a time again, and for all in turn")
  void readsThatAreAskedForAgainAreBounded() {
    Solo solo = followerThatAsks(1_000);
    Set<Long> asked = new TreeSet<>();
    solo.pass(2 * Solo.OPTIONS.heartbeatNanos());
    for (long round = 2; asked.size() < 1_000; round++) {
      solo.receive(heartbeat(round));
      List<Message.ReadIndexRequest> again = solo.sent(Message.ReadIndexRequest.class);
      assertThat(again).hasSizeBetween(1, 100);
      again.forEach(each -> asked.add(each.context()));
    }
    assertThat(asked).hasSize(1_000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName(
      "8: a follower that loses its leader refuses its reads, and does not wait for another")
  void readsOfAFollowerAreRefusedWithItsLeader(boolean byTimeout) {
    Solo solo = followerThatAsks(1);
    if (byTimeout) {
      solo.passElectionTimeout();
      assertThat(solo.raft().role()).isEqualTo(Role.PRE_CANDIDATE);
    } else {
      solo.receive(new Message.TimeoutNow(2, ME, 1));
      assertThat(solo.raft().role()).isEqualTo(Role.CANDIDATE);
    }
    assertThat(solo.effects()).containsOnlyOnce(new Effect.ReadRefused(1));
    solo.receive(heartbeat(2));
    assertThat(solo.effects()).containsOnlyOnce(new Effect.ReadRefused(1));
  }

  @Test
  @DisplayName(
      "8: a follower that asks in its sleep wakes, so that it misses a leader that is gone")
  void whoAsksInItsSleepWakes() {
    Solo solo = Solo.ofVoters(3);
    solo.receive(new Message.Heartbeat(2, ME, 1, 0, 1, 0, true));
    assertThat(solo.raft().nextTickNanos()).isEqualTo(Long.MAX_VALUE);
    read(solo, 1);
    solo.passElectionTimeout();
    assertThat(solo.effects()).contains(new Effect.ReadRefused(1));
  }

  @Test
  @DisplayName("8: without a leader no read is served")
  void withoutALeaderReadsAreRefused() {
    Solo solo = Solo.ofVoters(3);
    read(solo, 7);
    assertThat(solo.effects()).containsExactly(new Effect.ReadRefused(7));
  }
}
