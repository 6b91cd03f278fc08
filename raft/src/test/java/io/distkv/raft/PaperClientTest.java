package io.distkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
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

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5})
  @DisplayName("8 and thesis 6.4: a read sees every write that was answered before it came")
  void readsSeeWhatWasAnsweredBefore(int voters) {
    long served = 0;
    for (long seed = 0; seed < 100; seed++) {
      try {
        served += new Life(voters, seed).live();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + " of " + voters + " voters: " + e, e);
      }
    }
    assertThat(served).isGreaterThan(1_000);
  }

  /**
   * A group of which any server may be asked at any time, while messages are late, servers hand
   * over, and one or another stands still and does not notice. Whatever any server knew to be
   * committed when a read came may have been answered to a client, so the read must not see less.
   */
  private static final class Life {
    private static final int STEPS = 400;

    private final TestGroup group;
    private final SeededRandomness random;
    private final SortedMap<Long, Asked> asked = new TreeMap<>();
    private final int voters;
    private long known;
    private long paused;

    Life(int voters, long seed) {
      this.voters = voters;
      group = new TestGroup(voters, seed, TestGroup.OPTIONS);
      random = new SeededRandomness(seed);
    }

    /** A read on its way, and the least that it must see. */
    private record Asked(long server, long least) {}

    /** Returns how many reads were served. */
    long live() {
      for (long step = 0; step < STEPS; step++) {
        if (random.chance(5)) {
          paused = random.chance(50) ? 0 : leaderOrAny();
        }
        group.passNanos(random.below(paused == 0 ? 10 : 40) * TestGroup.MILLI);
        group.servers().forEach(this::workOn);
        deliverSome();
        group.servers().forEach(each -> known = Math.max(known, each.raft().committed()));
        read(step, random.chance(40) && paused != 0 ? paused : random.below(voters) + 1L);
      }
      long served = 0;
      for (Map.Entry<Long, Asked> each : asked.entrySet()) {
        Asked question = each.getValue();
        Long index = group.server(question.server()).reads().get(each.getKey());
        if (index != null) {
          served++;
          assertThat(index)
              .as("read %d on server %d", each.getKey(), question.server())
              .isGreaterThanOrEqualTo(question.least());
        }
      }
      return served;
    }

    private long leaderOrAny() {
      TestServer leader = group.leader();
      return leader == null ? random.below(voters) + 1L : leader.id();
    }

    private void workOn(TestServer server) {
      if (server.id() == paused) {
        return;
      }
      server.raft().tick(group.now());
      if (random.chance(30) && server.raft().refusal(9) == null) {
        server.raft().propose(new byte[9], group.now());
      }
      if (random.chance(1)) {
        server.raft().transferTo(random.below(voters) + 1L, group.now());
      }
      group.settle(server);
      while (server.writeOne()) {
        group.settle(server);
      }
    }

    /** What is for the one that stands still waits; so may anything else. */
    private void deliverSome() {
      for (int n = random.below(30); n > 0 && !group.mail().isEmpty(); n--) {
        int at = random.chance(80) ? 0 : random.below(group.mail().size());
        Message message = group.mail().remove(at);
        if (message.to() == paused) {
          group.mail().add(message);
        } else {
          group.deliver(message);
        }
      }
    }

    private void read(long read, long id) {
      TestServer server = group.server(id);
      asked.put(read, new Asked(id, known));
      server.raft().read(read, group.now());
      group.settle(server);
    }
  }
}
