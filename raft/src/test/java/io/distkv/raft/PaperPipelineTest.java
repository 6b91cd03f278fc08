package io.distkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the thesis says of entries that are under way, and of disks that are slow, section 10.2; and
 * the sentences of the Raft paper, section 5.3, about slow followers.
 */
class PaperPipelineTest {
  private static final long ME = Solo.ME;

  @Test
  @DisplayName("5.3: a slow follower does not hold up a majority")
  void aSlowFollowerHoldsUpNobody() {
    TestGroup group = new TestGroup(3);
    TestServer leader = group.elect();
    group.server(leader.id() % 3 + 1).holdDisk();
    for (int i = 0; i < 20; i++) {
      long index = group.propose(leader, "x" + i);
      assertThat(leader.raft().committed()).isEqualTo(index);
    }
  }

  /** How many append requests server 2 gets when it confirms the next round of heartbeats. */
  private static List<Message.AppendRequest> sentForTheNextRound(Solo solo) {
    solo.pass(Solo.OPTIONS.heartbeatNanos());
    Message.Heartbeat last = solo.sent(Message.Heartbeat.class).getLast();
    solo.receive(new Message.HeartbeatReply(2, ME, solo.raft().term(), last.round()));
    return solo.sent(Message.AppendRequest.class);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  @DisplayName("5.3: a follower whose disk is slow is asked, and sent nothing twice")
  void whatIsOnItsWayIsNotSentAgain(boolean placeKnown) {
    Solo solo = Solo.withLog(3, 1, 1).lead();
    if (placeKnown) {
      solo.matched(2, 3);
      solo.propose("x");
    }
    Position end = new Position(2, placeKnown ? 4 : 3);
    Position asked = placeKnown ? end : new Position(1, 2);
    solo.sent();
    solo.receive(new Message.HeartbeatReply(2, ME, 2, 1));
    assertThat(solo.sent()).as("the answer to a heartbeat needs no disk").isEmpty();
    assertThat(sentForTheNextRound(solo)).as("of which the end was not seen").isEmpty();
    for (int i = 0; i < 3; i++) {
      assertThat(sentForTheNextRound(solo))
          .singleElement()
          .satisfies(request -> {
            assertThat(request.previous()).isEqualTo(asked);
            assertThat(request.entries()).isEmpty();
          });
      assertThat(sentForTheNextRound(solo)).isEmpty();
    }
    solo.matched(2, end.index());
    solo.sent();
    assertThat(sentForTheNextRound(solo)).isEmpty();
    assertThat(sentForTheNextRound(solo)).isEmpty();
  }

  @Test
  @DisplayName("Thesis 10.2.1: the leader's disk writes while the others' do, and counts like one")
  void theLeadersOwnDiskIsOneOfMany() {
    Solo solo = Solo.ofVoters(3).lead().matched(2, 1).matched(3, 1);
    solo.sent();
    solo.holdDisk();
    long index = solo.propose("x");
    assertThat(solo.sent(Message.AppendRequest.class)).hasSize(2);
    solo.matched(2, index);
    assertThat(solo.raft().committed()).isEqualTo(1);
    solo.matched(3, index);
    assertThat(solo.raft().committed()).isEqualTo(index);
  }

  @Test
  @DisplayName("Thesis 10.2.1: entries are sent without waiting for the answers to those before")
  void entriesArePipelinedUpToTheWindow() {
    Solo solo = Solo.ofVoters(2).lead().matched(2, 1);
    solo.sent();
    for (int i = 0; i < 1_000; i++) {
      solo.propose("x");
    }
    long weight = Entry.OVERHEAD_BYTES + 1;
    List<Message.AppendRequest> requests = solo.sent(Message.AppendRequest.class);
    assertThat(requests.size() * weight)
        .isBetween(Solo.OPTIONS.windowBytes(), Solo.OPTIONS.windowBytes() + weight);
    solo.matched(2, requests.size() / 2);
    assertThat(solo.sent(Message.AppendRequest.class)).isNotEmpty();
  }

  @Test
  @DisplayName("Bounds: a leader takes no more than it has memory for")
  void proposalsAreBounded() {
    Solo solo = Solo.ofVoters(3).lead();
    int taken = 0;
    while (solo.raft().refusal(1_000) == null) {
      solo.propose("y".repeat(1_000));
      taken++;
    }
    assertThat(solo.raft().refusal(1_000)).isEqualTo(Refusal.OVERLOADED);
    assertThat(taken).isBetween(90, 100);
    solo.matched(2, solo.raft().last().index());
    assertThat(solo.raft().refusal(1_000)).isNull();
  }

  @Test
  @DisplayName("Bounds: what a leader finds undecided in its log counts like what it takes")
  void whatALeaderFindsUndecidedCountsToo() {
    long[] terms = new long[2_000];
    Arrays.fill(terms, 1);
    Solo solo = Solo.withLog(3, terms).lead();
    assertThat(solo.raft().refusal(1_000)).isEqualTo(Refusal.OVERLOADED);
    solo.matched(2, solo.raft().last().index());
    assertThat(solo.raft().refusal(1_000)).isNull();
    int taken = 0;
    while (solo.raft().refusal(1_000) == null) {
      solo.propose("y".repeat(1_000));
      taken++;
    }
    assertThat(taken).as("as many as ever").isBetween(90, 100);
  }
}
