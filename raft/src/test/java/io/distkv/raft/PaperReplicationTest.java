package io.distkv.raft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the Raft paper (extended version) says of the log, a test for each sentence: sections 5.3,
 * 5.4.2 and 5.5; {@link PaperPipelineTest} has what is about speed.
 */
class PaperReplicationTest {
  private static final long ME = Solo.ME;

  private static Message.AppendRequest append(
      long term, Position previous, List<Entry> entries, long committed) {
    return new Message.AppendRequest(2, ME, term, previous, entries, committed, 0);
  }

  private static List<Long> terms(Raft raft) {
    return LongStream.rangeClosed(1, raft.last().index())
        .map(index -> raft.entry(index).term())
        .boxed()
        .toList();
  }

  @Test
  @DisplayName("5.3: the leader appends the command to its log and sends it to all others at once")
  void aProposalIsSentToAll() {
    Solo solo = Solo.ofVoters(3).lead().matched(2, 1).matched(3, 1);
    solo.sent();
    long index = solo.propose("x");
    assertThat(index).isEqualTo(2);
    assertThat(solo.sent(Message.AppendRequest.class))
        .hasSize(2)
        .allSatisfy(request -> {
          assertThat(request.previous()).isEqualTo(new Position(1, 1));
          assertThat(request.entries()).hasSize(1);
          assertThat(new String(request.entries().getFirst().payload(), UTF_8)).isEqualTo("x");
        });
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, true",
    "2, 0, false",
    "2, 1, true",
    "3, 1, true",
    "4, 1, false",
    "4, 2, true",
    "5, 1, false",
    "5, 2, true"
  })
  @DisplayName("5.3: an entry is committed once the leader has it on a majority of the servers")
  void aMajorityCommits(int voters, int followers, boolean commits) {
    Solo solo = Solo.ofVoters(voters).lead();
    long index = solo.propose("x");
    for (int i = 0; i < followers; i++) {
      solo.matched(i + 2L, index);
    }
    assertThat(solo.raft().committed() == index).isEqualTo(commits);
    assertThat(solo.effects().contains(new Effect.Committed(index))).isEqualTo(commits);
  }

  @Test
  @DisplayName("5.3: this also commits all preceding entries, those of earlier leaders included")
  void earlierEntriesAreCommittedWithIt() {
    Solo solo = Solo.withLog(3, 1, 2, 2).lead();
    assertThat(solo.raft().committed()).isZero();
    solo.matched(2, 4);
    assertThat(solo.raft().committed()).isEqualTo(4);
  }

  @Test
  @DisplayName("5.3: once a follower learns that an entry is committed, it applies it")
  void followersLearnWhatIsCommitted() {
    Solo solo = Solo.ofVoters(3);
    solo.receive(append(1, Position.NONE, Solo.entries(1, 1, 1, 1), 0));
    assertThat(solo.raft().committed()).isZero();
    solo.receive(append(1, new Position(1, 3), List.of(), 2));
    assertThat(solo.effects()).contains(new Effect.Committed(2));
    solo.receive(new Message.Heartbeat(2, ME, 1, 3, 1, 0, false));
    assertThat(solo.effects()).contains(new Effect.Committed(3));
  }

  @Test
  @DisplayName("Figure 2: a follower commits no more than what it has got from this leader")
  void aFollowerCommitsOnlyWhatAgrees() {
    Solo solo = Solo.withLog(3, 1, 1, 1);
    solo.receive(append(2, new Position(1, 1), List.of(), 3));
    assertThat(solo.raft().committed()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    // Of a log whose entries have the terms 1, 2.
    "0, 0, true",
    "1, 1, true",
    "2, 2, true",
    "1, 2, false",
    "3, 3, false",
    "2, 3, false",
  })
  @DisplayName("5.3: a follower that does not have the preceding entry refuses the new ones")
  void onlyWhatFollowsIsTaken(long previousTerm, long previousIndex, boolean taken) {
    Solo solo = Solo.withLog(3, 1, 2);
    Position previous = new Position(previousTerm, previousIndex);
    solo.receive(append(3, previous, Solo.entries(previousIndex + 1, 3), 0));
    assertThat(solo.raft().last().term() == 3).isEqualTo(taken);
    List<Message> sent = solo.sent();
    if (taken) {
      assertThat(sent).containsExactly(new Message.AppendReply(ME, 2, 3, previousIndex + 1, 0));
    } else {
      assertThat(sent).singleElement().isInstanceOf(Message.AppendRefusal.class);
    }
  }

  @Test
  @DisplayName("Figure 2: a reply says that entries are there only when they are durable")
  void entriesAreDurableBeforeTheReply() {
    Solo solo = Solo.ofVoters(3);
    solo.holdDisk();
    solo.receive(append(1, Position.NONE, Solo.entries(1, 1), 0));
    // The same again, before the first is durable: it must not be confirmed either.
    solo.receive(append(1, Position.NONE, Solo.entries(1, 1), 0));
    assertThat(solo.sent()).isEmpty();
    solo.releaseDisk();
    assertThat(solo.sent(Message.AppendReply.class))
        .allMatch(reply -> reply.matched() == 1)
        .hasSize(2);
  }

  @Test
  @DisplayName("5.3: conflicting entries are overwritten with those of the leader")
  void conflictsAreOverwritten() {
    Solo solo = Solo.withLog(3, 1, 2, 2, 2);
    solo.holdDisk();
    solo.receive(append(3, new Position(1, 1), Solo.entries(2, 3), 0));
    assertThat(terms(solo.raft())).containsExactly(1L, 3L);
    Effect.Persist persist = solo.waiting().getFirst();
    assertThat(persist.cuts()).isTrue();
    assertThat(persist.cutAfter()).isEqualTo(1);
    assertThat(persist.entries()).extracting(Entry::term).containsExactly(3L);
  }

  @Test
  @DisplayName(
      "5.3 and figure 2: what does not conflict is kept, so that a late message does no harm")
  void aLateMessageTakesNothingAway() {
    Solo solo = Solo.withLog(3, 1, 1, 1, 1);
    solo.receive(append(1, new Position(1, 1), Solo.entries(2, 1), 0));
    assertThat(terms(solo.raft())).containsExactly(1L, 1L, 1L, 1L);
    assertThat(solo.waiting()).isEmpty();
  }

  @Test
  @DisplayName("Figure 3, state machine safety: committed entries are never overwritten")
  void whatIsCommittedStays() {
    Solo solo = Solo.ofVoters(3);
    solo.receive(append(1, Position.NONE, Solo.entries(1, 1, 1), 2));
    assertThatThrownBy(() -> solo.receive(append(3, new Position(1, 1), Solo.entries(2, 3), 0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("committed");
  }

  @Test
  @DisplayName("5.3: a new leader starts with the next index just after the last in its log")
  void aNewLeaderBeginsAtItsEnd() {
    Solo solo = Solo.withLog(3, 1, 2, 2).lead();
    assertThat(solo.sent(Message.AppendRequest.class))
        .hasSize(2)
        .allSatisfy(request -> assertThat(request.previous()).isEqualTo(new Position(2, 3)));
  }

  /**
   * The followers of figure 7, and how many messages a leader needs with each to find its place.
   */
  static Stream<Arguments> figure7() {
    return Stream.of(
        Arguments.of("a", new long[] {1, 1, 1, 4, 4, 5, 5, 6, 6}, 3),
        Arguments.of("b", new long[] {1, 1, 1, 4}, 3),
        Arguments.of("c", new long[] {1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6}, 2),
        Arguments.of("d", new long[] {1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7}, 2),
        Arguments.of("e", new long[] {1, 1, 1, 4, 4, 4, 4}, 4),
        Arguments.of("f", new long[] {1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3}, 3));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @DisplayName("Figure 7: the leader brings the logs of all these followers into agreement")
  void figure7(String name, long[] followersTerms, int mostMessages) {
    Solo leader = Solo.withLog(2, 1, 1, 1, 4, 4, 5, 5, 6, 6, 6);
    Raft follower =
        new Raft(
            2,
            Solo.OPTIONS,
            new SeededRandomness(2),
            new Restored(
                new HardState(7, 0),
                Position.NONE,
                Solo.voters(2),
                Solo.entries(1, followersTerms)),
            leader.now());
    // Both are in term 7; the next is 8, as in the figure.
    leader.receive(new Message.AppendReply(2, ME, 7, 0, 0));
    leader.stand();
    leader.receive(new Message.VoteReply(2, ME, 8, true));
    int messages = 0;
    List<Message> mail = new ArrayList<>(leader.sent());
    while (!mail.isEmpty()) {
      Message next = mail.removeFirst();
      messages += next instanceof Message.AppendRequest ? 1 : 0;
      follower.receive(next, leader.now());
      for (Message reply : carryOut(follower, leader.now())) {
        leader.receive(reply);
      }
      mail.addAll(leader.sent());
    }
    assertThat(terms(follower)).isEqualTo(terms(leader.raft()));
    assertThat(terms(follower)).containsExactly(1L, 1L, 1L, 4L, 4L, 5L, 5L, 6L, 6L, 6L, 8L);
    assertThat(leader.raft().committed()).isEqualTo(11);
    assertThat(messages).as("append requests to %s", name).isLessThanOrEqualTo(mostMessages);
  }

  private static List<Message> carryOut(Raft raft, long now) {
    List<Message> sent = new ArrayList<>();
    List<Effect> effects = raft.takeEffects();
    while (!effects.isEmpty()) {
      for (Effect effect : effects) {
        if (effect instanceof Effect.Send(Message message)) {
          sent.add(message);
        } else if (effect instanceof Effect.Persist persist) {
          raft.persisted(persist, now);
        }
      }
      effects = raft.takeEffects();
    }
    return sent;
  }

  @Test
  @DisplayName("5.3: a refusal lets the leader skip all entries of a conflicting term")
  void oneRefusalSkipsATerm() {
    Solo leader = Solo.withLog(3, 1, 1, 5, 5, 5, 5, 5).lead();
    leader.sent();
    // The follower has 1 1 2 2 2 2 2: its last entry is of a term that the leader has not at all.
    leader.receive(new Message.AppendRefusal(2, ME, 6, 7, new Position(2, 6), 0));
    assertThat(leader.sent(Message.AppendRequest.class))
        .singleElement()
        .satisfies(request -> assertThat(request.previous()).isEqualTo(new Position(1, 2)));
  }

  @Test
  @DisplayName("5.3, leader append-only: a leader never overwrites or deletes entries of its log")
  void aLeaderKeepsItsLog() {
    Solo solo = Solo.withLog(3, 1, 2, 2).lead();
    solo.receive(new Message.AppendRefusal(2, ME, 3, 3, Position.NONE, 0));
    solo.propose("x");
    solo.matched(3, 5);
    assertThat(terms(solo.raft())).containsExactly(1L, 2L, 2L, 3L, 3L);
  }

  @Test
  @DisplayName("5.3 and 5.5: entries that a follower did not confirm are sent until it does")
  void whatIsLostIsSentAgain() {
    TestGroup group = new TestGroup(3);
    TestServer leader = group.elect();
    long follower = leader.id() % 3 + 1;
    group.lose(message -> message.to() == follower && message instanceof Message.AppendRequest);
    for (int i = 0; i < 50; i++) {
      group.propose(leader, "x" + i);
    }
    group.advanceMillis(50);
    assertThat(group.server(follower).applied()).isEmpty();
    group.heal();
    group.advanceMillis(50);
    assertThat(group.server(follower).applied()).hasSize(50);
  }

  @Test
  @DisplayName("5.4.2 and figure 8: an entry of an earlier term is not committed by counting")
  void figure8() {
    // (c): the leader of term 4 has brought its entry of term 2 to a majority.
    Solo solo = Solo.withLog(5, 1, 2);
    solo.receive(new Message.AppendReply(5, ME, 3, 0, 0));
    solo.lead();
    assertThat(solo.raft().term()).isEqualTo(4);
    solo.matched(2, 2).matched(3, 2);
    assertThat(solo.raft().committed()).isZero();
    // (e): once an entry of its own term is there, too, everything is committed.
    solo.matched(2, 3).matched(3, 3);
    assertThat(solo.raft().committed()).isEqualTo(3);
  }

  @Test
  @DisplayName("5.5: requests are idempotent")
  void repeatedRequestsChangeNothing() {
    Solo solo = Solo.ofVoters(3);
    Message request = append(1, Position.NONE, Solo.entries(1, 1, 1), 1);
    solo.receive(request);
    List<Message> first = solo.sent();
    solo.receive(request).receive(request);
    assertThat(solo.sent()).isEqualTo(Stream.of(first, first).flatMap(List::stream).toList());
    assertThat(terms(solo.raft())).containsExactly(1L, 1L);
  }

  @Test
  @DisplayName("5.3: who does not lead takes no proposals")
  void onlyTheLeaderProposes() {
    Solo solo = Solo.ofVoters(3);
    assertThat(solo.raft().refusal(1)).isEqualTo(Refusal.NOT_LEADER);
    assertThatThrownBy(() -> solo.propose("x")).hasMessageContaining("NOT_LEADER");
  }
}
