package io.distkv.raft.session;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import java.util.BitSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one session: which of its writes were applied, and what some of them
 * answered.
 *
 * <p>Invariants: all numbers below {@code acknowledgedBelow} count as applied; {@code applied} is
 * within the window behind it; an answer is kept only of a number that is in {@code applied}.
 */
final class ClientSession {
  private long lastUseMillis;
  private long acknowledgedBelow;

  /** Bit i stands for the number {@code acknowledgedBelow + i}. */
  private BitSet applied = new BitSet();

  private final NavigableMap<Long, byte[]> answers = new TreeMap<>();

  ClientSession(long nowMillis) {
    lastUseMillis = nowMillis;
  }

  long lastUseMillis() {
    return lastUseMillis;
  }

  void use(long nowMillis) {
    lastUseMillis = nowMillis;
  }

  int answers() {
    return answers.size();
  }

  /** What all its answers weigh. */
  long weightBytes() {
    long weight = 0;
    for (byte[] answer : answers.values()) {
      weight += weightBytes(answer);
    }
    return weight;
  }

  private static long weightBytes(byte[] answer) {
    return SessionLimits.ANSWER_OVERHEAD_BYTES + (long) answer.length;
  }

  /**
   * The client has the answers of all numbers below one.
   *
   * @return what the answers weighed that are forgotten
   */
  long acknowledge(long below) {
    long risen = below - acknowledgedBelow;
    if (risen <= 0) {
      return 0;
    }
    int end = applied.length();
    applied = risen >= end ? new BitSet() : applied.get((int) risen, end);
    acknowledgedBelow = below;
    long weight = 0;
    while (!answers.isEmpty() && answers.firstKey() < below) {
      weight += dropLowestAnswer();
    }
    return weight;
  }

  boolean hasApplied(long sequence) {
    return sequence < acknowledgedBelow
        || (isWithin(sequence, applied.length()) && isSet(sequence));
  }

  private boolean isSet(long sequence) {
    return applied.get((int) (sequence - acknowledgedBelow));
  }

  boolean isWithin(long sequence, int window) {
    return sequence - acknowledgedBelow < window;
  }

  byte @Nullable [] answer(long sequence) {
    return answers.get(sequence);
  }

  void setApplied(long sequence) {
    applied.set((int) (sequence - acknowledgedBelow));
  }

  /** Keeps the answer of a write that was applied, and returns what it weighs. */
  long keep(long sequence, byte[] answer) {
    answers.put(sequence, answer);
    return weightBytes(answer);
  }

  /** Forgets the answer of the lowest number that has one, and returns what it weighed. */
  long dropLowestAnswer() {
    Map.Entry<Long, byte[]> lowest = answers.pollFirstEntry();
    if (lowest == null) {
      throw new IllegalStateException("no answer is kept");
    }
    return weightBytes(lowest.getValue());
  }

  /**
   * Appends its bytes.
   *
   * @param previousUseMillis last use of the session that is written before it
   */
  void encode(ByteWriter writer, long previousUseMillis) {
    writer
        .putVarLong(lastUseMillis - previousUseMillis)
        .putVarLong(acknowledgedBelow)
        .putBlob(applied.toByteArray())
        .putVarInt(answers.size());
    for (Map.Entry<Long, byte[]> each : answers.entrySet()) {
      writer.putVarLong(each.getKey() - acknowledgedBelow).putBlob(each.getValue());
    }
  }

  /**
   * Reads one back.
   *
   * @throws MalformedBytesException if it is none within the limits
   */
  static ClientSession decode(ByteReader reader, long previousUseMillis, SessionLimits limits) {
    long lastUseMillis = previousUseMillis + reader.getVarLong();
    long acknowledgedBelow = reader.getVarLong();
    byte[] bits = reader.getBlob();
    require(lastUseMillis >= previousUseMillis, "a last use before that of an earlier one");
    require(acknowledgedBelow >= 0, "a number over 63 bits");
    require(bits.length == 0 || bits[bits.length - 1] != 0, "a zero behind the applied numbers");
    ClientSession session = new ClientSession(lastUseMillis);
    session.acknowledgedBelow = acknowledgedBelow;
    session.applied = BitSet.valueOf(bits);
    int end = session.applied.length();
    require(
        end <= limits.window() && acknowledgedBelow <= Long.MAX_VALUE - end,
        "a number beyond the window");
    long before = -1;
    int count = reader.getVarInt();
    require(count >= 0 && count <= limits.answersPerSession(), "too many answers");
    for (int left = count; left > 0; left--) {
      long bit = reader.getVarLong();
      require(bit > before && bit < end && session.applied.get((int) bit), "a misplaced answer");
      byte[] answer = reader.getBlob();
      require(answer.length <= limits.answerBytes(), "a large answer");
      session.answers.put(acknowledgedBelow + bit, answer);
      before = bit;
    }
    return session;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new MalformedBytesException("a client session with " + what);
    }
  }
}
