package io.distkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What clients may count on (Raft paper, section 8; thesis, chapter 6): whom to ask, when a write
 * has happened, and that a read never sees less than a write that was answered before it.
 */
class PaperClientTest {

  @Test
  @DisplayName("8 and thesis 6.2: a server that does not lead knows whom to ask")
  void followersKnowWhomToAsk() {
    TestGroup group = new TestGroup(3);
    TestServer leader = group.elect();
    assertThat(group.servers()).allMatch(each -> each.raft().leader() == leader.id());
    leader.crash();
    group.advanceMillis(1_000);
    TestServer next = group.elect();
    assertThat(group.servers().stream().filter(TestServer::isUp))
        .allMatch(each -> each.raft().leader() == next.id());
  }

  @Test
  @DisplayName("8: a write has happened when its entry is committed, and not before")
  void aWriteHasHappenedWhenItIsCommitted() {
    Solo solo = Solo.ofVoters(3).lead().matched(2, 1);
    long index = solo.propose("x");
    assertThat(solo.effects()).doesNotContain(new Effect.Committed(index));
    solo.matched(2, index);
    assertThat(solo.effects()).contains(new Effect.Committed(index));
    assertThat(solo.raft().entry(index).term()).isEqualTo(solo.raft().term());
  }

  @Test
  @DisplayName("8: a write that another leader's entry has replaced never happens")
  void aWriteThatWasReplacedNeverHappens() {
    Solo solo = Solo.ofVoters(3).lead().matched(2, 1);
    long index = solo.propose("x");
    long term = solo.raft().term();
    solo.receive(
        new Message.AppendRequest(
            3, Solo.ME, term + 1, new Position(1, 1), Solo.entries(index, term + 1), index, 0));
    assertThat(solo.effects()).contains(new Effect.Committed(index));
    assertThat(solo.raft().entry(index).term()).isNotEqualTo(term);
  }

  /** One read on its way. */
  private record Asked(long server, long least) {}

  /**
   * Any server may be asked at any time, while servers are cut off, stopped, restarted and hand
   * over. Whatever any server knew to be committed when a read came may have been answered to a
   * client, so the read must not see less.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5})
  @DisplayName("8 and thesis 6.4: a read sees every write that was answered before it came")
  void readsSeeWhatWasAnsweredBefore(int voters) {
    long served = 0;
    for (long seed = 0; seed < 100; seed++) {
      TestGroup group = new TestGroup(voters, seed, TestGroup.OPTIONS);
      SeededRandomness random = new SeededRandomness(seed);
      SortedMap<Long, Asked> asked = new TreeMap<>();
      long known = 0;
      for (long step = 0; step < 150; step++) {
        disturb(group, random);
        for (TestServer server : group.servers()) {
          if (server.isUp()) {
            known = Math.max(known, server.raft().committed());
          }
        }
        TestServer reader = group.servers().get(random.below(voters));
        if (reader.isUp()) {
          asked.put(step, new Asked(reader.id(), known));
          reader.raft().read(step, group.now());
          group.settle(reader);
        }
      }
      for (long read : asked.keySet()) {
        Asked question = asked.get(read);
        Long index = question == null ? null : group.server(question.server()).reads().get(read);
        if (question != null && index != null) {
          served++;
          assertThat(index)
              .as("seed %d: read %d on server %d", seed, read, question.server())
              .isGreaterThanOrEqualTo(question.least());
        }
      }
    }
    assertThat(served).isGreaterThan(3_000);
  }

  private static void disturb(TestGroup group, SeededRandomness random) {
    TestServer server = group.servers().get(random.below(group.servers().size()));
    switch (random.below(20)) {
      case 0 -> group.cutOff(server.id());
      case 1, 2 -> group.heal();
      case 3 -> {
        if (server.isUp()) {
          server.crash();
        }
      }
      case 4, 5, 6 -> {
        if (!server.isUp()) {
          server.start();
        }
      }
      case 7 -> {
        if (server.isUp()) {
          server.raft().transferTo(random.below(group.servers().size()) + 1L, group.now());
          group.settle(server);
        }
      }
      case 8 -> group.passNanos(random.below(300) * TestGroup.MILLI);
      default -> {
        for (TestServer each : group.servers()) {
          if (each.isUp() && each.raft().refusal(9) == null) {
            each.raft().propose(new byte[9], group.now());
            group.settle(each);
          }
        }
      }
    }
    if (random.chance(70)) {
      group.advanceMillis(random.below(30));
    }
  }
}
