package io.distkv.raft.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.MalformedBytesException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClientSessionsTest {
  /** Small, so that every bound is met often. */
  private static final SessionLimits SMALL =
      new SessionLimits(4, 1_000, 10, 5, 8, 9 * (SessionLimits.ANSWER_OVERHEAD_BYTES + 6));

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static void apply(ClientSessions sessions, long session, long sequence, String answer) {
    assertThat(sessions.decide(session, sequence, 0, 0)).isEqualTo(new Verdict.New());
    sessions.remember(session, sequence, bytes(answer));
  }

  /** The answer that is kept of a write that was applied; null if none is. */
  private static @Nullable String answer(ClientSessions sessions, long session, long sequence) {
    Verdict verdict = sessions.decide(session, sequence, 0, 0);
    assertThat(verdict).isInstanceOf(Verdict.Repeated.class);
    byte[] answer = ((Verdict.Repeated) verdict).answer();
    return answer == null ? null : new String(answer, UTF_8);
  }

  private static boolean same(Verdict one, Verdict other) {
    if (one instanceof Verdict.Repeated first && other instanceof Verdict.Repeated second) {
      return Arrays.equals(first.answer(), second.answer());
    }
    return one.equals(other);
  }

  /**
   * Random histories, against the naive sessions and a twin that is stored and read all the time.
   */
  @Test
  void whateverComesTheyDoWhatTheNaiveOnesDo() {
    for (long seed = 0; seed < 150; seed++) {
      try {
        new History(seed).live();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e, e);
      }
    }
  }

  private static final class History {
    private final SplittableRandom random;
    private final ClientSessions sessions = new ClientSessions(SMALL);
    private final NaiveSessions naive = new NaiveSessions(SMALL);
    private ClientSessions stored = new ClientSessions(SMALL);
    private final List<Long> registered = new ArrayList<>();
    private long now = 1_800_000_000_000L;
    private long index;

    History(long seed) {
      random = new SplittableRandom(seed);
    }

    void live() {
      for (int step = 0; step < 400; step++) {
        index++;
        now += random.nextInt(100) < 98 ? random.nextInt(20) : random.nextInt(-500, 2_000);
        step(step / 40);
        byte[] bytes = sessions.encode();
        if (!Arrays.equals(stored.encode(), bytes) || !Arrays.equals(naive.encode(), bytes)) {
          throw new AssertionError("step " + step + " left another state");
        }
        if (random.nextInt(3) == 0) {
          stored = ClientSessions.decode(SMALL, bytes);
        }
      }
    }

    /**
     * Something happens.
     *
     * @param lowest number that a client has not acknowledged, more or less
     */
    private void step(long lowest) {
      int choice = random.nextInt(100);
      if (choice < 4) {
        registered.addLast(index);
        naive.register(index, now);
        sessions.register(index, now);
        stored.register(index, now);
      } else if (choice < 8) {
        naive.expire(now);
        sessions.expire(now);
        stored.expire(now);
      } else if (!registered.isEmpty()) {
        int back = random.nextInt(Math.min(6, registered.size()));
        long session = registered.get(registered.size() - 1 - back);
        long acknowledged = lowest + (random.nextInt(20) == 0 ? random.nextInt(4) : 0);
        write(session, lowest + random.nextInt(15), acknowledged);
      }
    }

    private void write(long session, long sequence, long acknowledgedBelow) {
      Verdict expected = naive.decide(session, sequence, acknowledgedBelow, now);
      for (ClientSessions each : List.of(sessions, stored)) {
        Verdict actual = each.decide(session, sequence, acknowledgedBelow, now);
        if (!same(actual, expected)) {
          throw new AssertionError(actual + " instead of " + expected);
        }
      }
      if (expected instanceof Verdict.New) {
        byte[] answer = random.nextInt(10) == 0 ? null : new byte[random.nextInt(11)];
        naive.remember(session, sequence, answer);
        sessions.remember(session, sequence, answer);
        stored.remember(session, sequence, answer);
      }
    }
  }

  @Test
  void thereAreNoMoreSessionsThanThereMayBe() {
    ClientSessions sessions = new ClientSessions(SMALL);
    for (long index = 1; index <= 4; index++) {
      sessions.register(index, 0);
    }
    apply(sessions, 1, 0, "a");
    sessions.register(5, 0);
    assertThat(sessions.decide(2, 0, 0, 0)).isInstanceOf(Verdict.NotOpen.class);
    assertThat(answer(sessions, 1, 0)).isEqualTo("a");
    assertThat(sessions.decide(3, 0, 0, 0)).isInstanceOf(Verdict.New.class);
  }

  @Test
  void aSessionEndsAfterTheIdleTimeAndNotBefore() {
    ClientSessions sessions = new ClientSessions(SMALL);
    sessions.register(1, 500);
    sessions.expire(1_499);
    assertThat(sessions.isEmpty()).isFalse();
    sessions.expire(1_500);
    assertThat(sessions.isEmpty()).isTrue();
  }

  @Test
  void numbersOutsideOfTheWindowAreRefusedUntilTheClientHasAcknowledgedMore() {
    ClientSessions sessions = new ClientSessions(SMALL);
    sessions.register(1, 0);
    assertThat(sessions.decide(1, 10, 0, 0)).isInstanceOf(Verdict.TooFarAhead.class);
    assertThat(sessions.decide(1, Long.MAX_VALUE, 0, 0)).isInstanceOf(Verdict.TooFarAhead.class);
    assertThatThrownBy(() -> sessions.remember(1, 10, null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("write 10 of 1 was not new");
    apply(sessions, 1, 9, "a");
    assertThat(sessions.decide(1, 10, 1, 0)).isInstanceOf(Verdict.New.class);
    assertThat(sessions.decide(1, Long.MAX_VALUE, Long.MAX_VALUE, 0))
        .isInstanceOf(Verdict.New.class);
  }

  @Test
  void aLargeAnswerIsNotKept() {
    ClientSessions sessions = new ClientSessions(SMALL);
    sessions.register(1, 0);
    apply(sessions, 1, 0, "12345678");
    apply(sessions, 1, 1, "123456789");
    assertThat(answer(sessions, 1, 0)).isEqualTo("12345678");
    assertThat(answer(sessions, 1, 1)).isNull();
  }

  @Test
  void aSessionKeepsTheAnswersOfItsHighestNumbersOnly() {
    ClientSessions sessions = new ClientSessions(SMALL);
    sessions.register(1, 0);
    for (long sequence : new long[] {0, 7, 2, 3, 4, 5}) {
      apply(sessions, 1, sequence, "a" + sequence);
    }
    assertThat(answer(sessions, 1, 0)).isNull();
    for (long sequence : new long[] {2, 3, 4, 5, 7}) {
      assertThat(answer(sessions, 1, sequence)).isEqualTo("a" + sequence);
    }
  }

  @Test
  void whereAllAnswersTakeTooMuchThoseOfTheSessionUsedLongestAgoGoFirst() {
    ClientSessions sessions = new ClientSessions(SMALL);
    for (long index = 1; index <= 3; index++) {
      sessions.register(index, 0);
    }
    for (long index = 1; index <= 2; index++) {
      for (long sequence = 0; sequence < 4; sequence++) {
        apply(sessions, index, sequence, "123456");
      }
    }
    assertThat(answer(sessions, 1, 3)).as("used, so the last to lose some").isNotNull();
    apply(sessions, 3, 0, "123456");
    apply(sessions, 3, 1, "1");
    assertThat(answer(sessions, 3, 1)).isEqualTo("1");
    assertThat(answer(sessions, 2, 0)).isNull();
    assertThat(answer(sessions, 2, 1)).isNotNull();
    assertThat(answer(sessions, 1, 0)).isNotNull();
  }

  @Test
  void roomIsGivenBackByAcknowledgingAndByEnding() {
    ClientSessions sessions = new ClientSessions(SMALL);
    for (long index = 1; index < 200; index++) {
      sessions.register(index, 0);
      for (long sequence = 0; sequence < 5; sequence++) {
        assertThat(sessions.decide(index, sequence, sequence, 0)).isEqualTo(new Verdict.New());
        sessions.remember(index, sequence, bytes("123456"));
        assertThat(answer(sessions, index, sequence)).isEqualTo("123456");
      }
      if (index > 1) {
        assertThat(answer(sessions, index - 1, 4)).isEqualTo("123456");
      }
    }
  }

  /** As docs/formats.md has it. */
  @Test
  void theFormatStaysWhatItIs() {
    ClientSessions sessions = new ClientSessions(SMALL);
    sessions.register(300, 1_000);
    sessions.register(301, 1_128);
    sessions.register(302, 1_128);
    apply(sessions, 300, 9, "xyz");
    assertThat(sessions.decide(300, 5, 5, 1_130)).isEqualTo(new Verdict.New());
    sessions.remember(300, 5, null);
    String hex =
        "01 03" + " ad02 e808 00 00 00" + " ae02 00 00 00 00" + " ac02 02 05 01 11 01 04 03 78797a";
    byte[] golden = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(sessions.encode()).isEqualTo(golden);
    assertThat(ClientSessions.decode(SMALL, golden).encode()).isEqualTo(golden);
    assertThat(new ClientSessions(SMALL).encode()).containsExactly(1, 0);
  }

  @Test
  void whateverIsCutOrLongerOrOfAnotherVersionIsRefused() {
    byte[] whole = full().encode();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ClientSessions.decode(SMALL, cut))
          .isInstanceOf(MalformedBytesException.class);
    }
    refused(Arrays.copyOf(whole, whole.length + 1), "1 bytes behind client sessions");
    refused(new byte[] {2, 0}, "client sessions of version 2");
  }

  @Test
  void whatNoSessionsWithinTheLimitsCanBeIsRefused() {
    refused("01 05", "too many client sessions");
    refused("01 ffffffff0f", "too many client sessions");
    refused("01 01 00 00 00 00 00", "client session 0 comes twice, or is none");
    refused("01 02 07 00 00 00 00 07 00 00 00 00", "client session 7 comes twice, or is none");
    refused("01 01 07 ffffffffffffffffff01 00 00 00", "a last use before that of an earlier one");
    refused("01 01 07 00 ffffffffffffffffff01 00 00", "a number over 63 bits");
    refused("01 01 07 00 00 02 0100 00", "a zero behind the applied numbers");
    refused("01 01 07 00 00 02 0104 00", "a number beyond the window");
    refused("01 01 07 00 ffffffffffffffff7f 01 01 00", "a number beyond the window");
    refused("01 01 07 00 00 01 01 01 01 00", "a misplaced answer");
    refused("01 01 07 00 00 01 03 02 01 00 00 00", "a misplaced answer");
    refused("01 01 07 00 00 01 02 01 00 00", "a misplaced answer");
    refused("01 01 07 00 00 01 3f 06", "too many answers");
    refused("01 01 07 00 00 01 01 01 00 09 000000000000000000", "a large answer");
    StringBuilder tooMuch = new StringBuilder("01 02");
    for (int id = 7; id < 9; id++) {
      tooMuch.append(" 0").append(id).append(" 00 00 01 1f 05");
      for (int bit = 0; bit < 5; bit++) {
        tooMuch.append(" 0").append(bit).append(" 06 000000000000");
      }
    }
    refused(tooMuch.toString(), "too many answers of client sessions");
  }

  private static void refused(String hex, String why) {
    refused(HexFormat.of().parseHex(hex.replace(" ", "")), why);
  }

  private static void refused(byte[] bytes, String why) {
    assertThatThrownBy(() -> ClientSessions.decode(SMALL, bytes))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining(why);
  }

  @Test
  void randomBytesNeverEndInAnotherException() {
    byte[] valid = full().encode();
    int accepted = 0;
    for (long seed = 0; seed < 10_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = valid.clone();
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        ClientSessions read = ClientSessions.decode(SMALL, bytes);
        byte[] again = read.encode();
        assertThat(ClientSessions.decode(SMALL, again).encode())
            .as("seed %d", seed)
            .isEqualTo(again);
        accepted++;
      } catch (MalformedBytesException expected) {
        assertThat(expected).as("seed %d", seed).hasMessageNotContaining("null");
      }
    }
    assertThat(accepted).isGreaterThan(250);
  }

  private static ClientSessions full() {
    ClientSessions sessions = new ClientSessions(SMALL);
    for (long index = 1; index <= 4; index++) {
      sessions.register(index * 1_000, index);
      for (long sequence = 0; sequence < 3; sequence++) {
        apply(sessions, index * 1_000, sequence * index, "answer");
      }
    }
    return sessions;
  }

  @Test
  void limitsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new SessionLimits(0, 1, 1, 0, 0, 0)).hasMessageContaining("sessions");
    assertThatThrownBy(() -> new SessionLimits(1, 0, 1, 0, 0, 0)).hasMessageContaining("idle");
    assertThatThrownBy(() -> new SessionLimits(1, 1, 0, 0, 0, 0)).hasMessageContaining("window");
    assertThatThrownBy(() -> new SessionLimits(1, 1, 1, -1, 0, 0)).hasMessageContaining("answers");
    assertThatThrownBy(() -> new SessionLimits(1, 1, 1, 0, -1, 0))
        .hasMessageContaining("answerBytes");
    assertThatThrownBy(() -> new SessionLimits(1, 1, 1, 0, 0, -1))
        .hasMessageContaining("allAnswersBytes");
  }

  @Test
  void anIndexOpensOneSessionOnly() {
    ClientSessions sessions = new ClientSessions(SMALL);
    sessions.register(1, 0);
    assertThatThrownBy(() -> sessions.register(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("session 1 is open already");
  }
}
