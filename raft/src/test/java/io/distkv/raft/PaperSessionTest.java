package io.distkv.raft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.raft.session.ClientSessions;
import io.distkv.raft.session.SessionLimits;
import io.distkv.raft.session.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That a write which is sent again is not applied again (thesis, section 6.3). */
class PaperSessionTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final long MINUTE = 60_000;

  private ClientSessions sessions = new ClientSessions(SessionLimits.DEFAULT);

  /** A write that answers whatever is given here, if it is applied. */
  private Verdict write(long session, long sequence, long acknowledgedBelow, String answer) {
    Verdict verdict = sessions.decide(session, sequence, acknowledgedBelow, NOW);
    if (verdict instanceof Verdict.New) {
      sessions.remember(session, sequence, answer.getBytes(UTF_8));
    }
    return verdict;
  }

  private static @Nullable String answer(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Repeated.class);
    byte[] answer = ((Verdict.Repeated) verdict).answer();
    return answer == null ? null : new String(answer, UTF_8);
  }

  @Test
  @DisplayName("6.3: a session's id is the index of the entry that opens it")
  void theIdIsTheIndexOfTheEntry() {
    assertThat(sessions.register(17, NOW)).isEqualTo(17);
    assertThat(write(17, 1, 0, "a")).isInstanceOf(Verdict.New.class);
  }

  @Test
  @DisplayName("6.3: a number that was applied is answered as at first, and not applied again")
  void whatComesTwiceIsAppliedOnce() {
    sessions.register(1, NOW);
    assertThat(write(1, 1, 0, "first")).isInstanceOf(Verdict.New.class);
    assertThat(answer(write(1, 1, 0, "second"))).isEqualTo("first");
    assertThat(answer(write(1, 1, 0, "third"))).isEqualTo("first");
  }

  @Test
  @DisplayName("6.3: the numbers of one session mean nothing to another")
  void sessionsDoNotMix() {
    sessions.register(1, NOW);
    sessions.register(2, NOW);
    write(1, 1, 0, "of the first");
    assertThat(write(2, 1, 0, "of the second")).isInstanceOf(Verdict.New.class);
    assertThat(answer(write(1, 1, 0, ""))).isEqualTo("of the first");
    assertThat(answer(write(2, 1, 0, ""))).isEqualTo("of the second");
  }

  @Test
  @DisplayName("6.3: several writes may be under way: a set of numbers and answers, in any order")
  void severalWritesMayBeUnderWay() {
    sessions.register(1, NOW);
    for (long sequence : new long[] {3, 1, 4}) {
      assertThat(write(1, sequence, 1, "a" + sequence)).isInstanceOf(Verdict.New.class);
    }
    assertThat(write(1, 2, 1, "a2")).as("later, and not done yet").isInstanceOf(Verdict.New.class);
    for (long sequence = 1; sequence <= 4; sequence++) {
      assertThat(answer(write(1, sequence, 1, ""))).isEqualTo("a" + sequence);
    }
  }

  @Test
  @DisplayName("6.3: what the client has the answer of is forgotten, and still not applied again")
  void answersThatTheClientHasAreForgotten() {
    sessions.register(1, NOW);
    write(1, 1, 1, "a1");
    write(1, 2, 1, "a2");
    int before = sessions.encode().length;
    write(1, 3, 3, "a3");
    assertThat(sessions.encode().length).isLessThan(before);
    assertThat(answer(write(1, 1, 1, "again"))).isNull();
    assertThat(answer(write(1, 2, 1, "again"))).isNull();
    assertThat(answer(write(1, 3, 1, "again"))).isEqualTo("a3");
  }

  @Test
  @DisplayName("6.3: of too many sessions, the one used longest ago ends, on all servers alike")
  void theSessionUsedLongestAgoEnds() {
    for (long index = 1; index <= SessionLimits.DEFAULT.sessions(); index++) {
      sessions.register(index, NOW);
    }
    write(1, 1, 0, "a");
    sessions.register(5_000, NOW);
    assertThat(write(2, 1, 0, "b")).isInstanceOf(Verdict.NotOpen.class);
    assertThat(answer(write(1, 1, 0, ""))).isEqualTo("a");
    assertThat(write(3, 1, 0, "c")).isInstanceOf(Verdict.New.class);
  }

  @Test
  @DisplayName("6.3: sessions end by the time that the entries bring, which all servers agree on")
  void timeIsThatOfTheLog() {
    sessions.register(1, NOW);
    assertThat(sessions.decide(1, 1, 0, NOW + 59 * MINUTE)).isInstanceOf(Verdict.New.class);
    sessions.remember(1, 1, null);
    assertThat(sessions.decide(1, 2, 0, NOW + (59 + 60) * MINUTE))
        .isInstanceOf(Verdict.NotOpen.class);
  }

  @Test
  @DisplayName("6.3: whoever has nothing to write keeps a session open by any use of it")
  void anyUseKeepsASessionOpen() {
    sessions.register(1, NOW);
    write(1, 1, 0, "a");
    for (long i = 1; i <= 10; i++) {
      assertThat(sessions.decide(1, 1, 0, NOW + i * 50 * MINUTE))
          .isInstanceOf(Verdict.Repeated.class);
    }
  }

  @Test
  @DisplayName("6.3: a write does not open a session that has ended: it may have been applied")
  void aWriteDoesNotOpenASession() {
    sessions.register(1, NOW);
    write(1, 1, 0, "a");
    sessions.expire(NOW + 60 * MINUTE);
    assertThat(write(1, 1, 0, "again")).isInstanceOf(Verdict.NotOpen.class);
    assertThat(write(1, 2, 0, "b")).isInstanceOf(Verdict.NotOpen.class);
    assertThat(sessions.isEmpty()).isTrue();
  }

  @Test
  @DisplayName("6.3 and 5.1: sessions are part of the state, and of what is stored of it")
  void theyAreInTheSnapshot() {
    sessions.register(1, NOW);
    write(1, 1, 0, "a1");
    write(1, 3, 0, "a3");
    sessions = ClientSessions.decode(SessionLimits.DEFAULT, sessions.encode());
    assertThat(answer(write(1, 1, 0, ""))).isEqualTo("a1");
    assertThat(answer(write(1, 3, 0, ""))).isEqualTo("a3");
    assertThat(write(1, 2, 0, "a2")).isInstanceOf(Verdict.New.class);
  }
}
