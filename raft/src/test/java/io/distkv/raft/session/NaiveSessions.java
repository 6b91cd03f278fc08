package io.distkv.raft.session;

import io.distkv.base.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Client sessions as one would write them without a thought for time or memory. */
final class NaiveSessions {
  private static final class Known {
    private final long id;
    private long lastUse;
    private long acknowledgedBelow;
    private final SortedMap<Long, Optional<byte[]>> applied = new TreeMap<>();

    Known(long id, long now) {
      this.id = id;
      lastUse = now;
    }

    Optional<Long> lowestAnswered() {
      return applied.entrySet().stream()
          .filter(each -> each.getValue().isPresent())
          .map(Map.Entry::getKey)
          .findFirst();
    }

    int above(long sequence) {
      return (int) (sequence - acknowledgedBelow);
    }

    long answers() {
      return applied.values().stream().filter(Optional::isPresent).count();
    }
  }

  private final SessionLimits limits;

  /** In the order of their last use. */
  private final List<Known> open = new ArrayList<>();

  NaiveSessions(SessionLimits limits) {
    this.limits = limits;
  }

  void register(long index, long now) {
    expire(now);
    if (open.size() == limits.sessions()) {
      open.removeFirst();
    }
    open.add(new Known(index, time(now)));
  }

  Verdict decide(long session, long sequence, long acknowledgedBelow, long now) {
    expire(now);
    Known known = find(session);
    if (known == null) {
      return new Verdict.NotOpen();
    }
    known.lastUse = time(now);
    open.remove(known);
    open.add(known);
    known.acknowledgedBelow = Math.max(known.acknowledgedBelow, acknowledgedBelow);
    known.applied.headMap(known.acknowledgedBelow).clear();
    if (sequence < known.acknowledgedBelow) {
      return new Verdict.Repeated(null);
    }
    Optional<byte[]> answer = known.applied.get(sequence);
    if (answer != null) {
      return new Verdict.Repeated(answer.orElse(null));
    }
    return sequence < known.acknowledgedBelow + limits.window()
        ? new Verdict.New()
        : new Verdict.TooFarAhead();
  }

  void remember(long session, long sequence, byte @Nullable [] answer) {
    Known known = find(session);
    if (known == null) {
      throw new AssertionError(session + " is not open");
    }
    boolean kept = answer != null && answer.length <= limits.answerBytes();
    known.applied.put(sequence, kept ? Optional.ofNullable(answer) : Optional.empty());
    while (known.answers() > limits.answersPerSession()) {
      known.applied.put(known.lowestAnswered().orElseThrow(), Optional.empty());
    }
    while (allAnswersBytes() > limits.allAnswersBytes()) {
      Known oldest = open.stream().filter(each -> each.answers() > 0).findFirst().orElseThrow();
      oldest.applied.put(oldest.lowestAnswered().orElseThrow(), Optional.empty());
    }
  }

  void expire(long now) {
    open.removeIf(each -> now - each.lastUse >= limits.idleMillis());
  }

  /** As docs/formats.md has it. */
  byte[] encode() {
    ByteWriter writer = new ByteWriter(100).putByte(1).putVarInt(open.size());
    long before = 0;
    for (Known each : open) {
      writer.putVarLong(each.id).putVarLong(each.lastUse - before);
      before = each.lastUse;
      byte[] bits =
          new byte[each.applied.isEmpty() ? 0 : each.above(each.applied.lastKey()) / 8 + 1];
      for (long sequence : each.applied.keySet()) {
        bits[each.above(sequence) / 8] |= (byte) (1 << each.above(sequence) % 8);
      }
      writer.putVarLong(each.acknowledgedBelow).putBlob(bits).putVarLong(each.answers());
      each.applied.forEach((sequence, answer) ->
          answer.ifPresent(bytes -> writer.putVarLong(each.above(sequence)).putBlob(bytes)));
    }
    return writer.toByteArray();
  }

  private long time(long now) {
    return open.stream().mapToLong(each -> each.lastUse).reduce(now, Math::max);
  }

  private @Nullable Known find(long session) {
    return open.stream().filter(each -> each.id == session).findFirst().orElse(null);
  }

  private long allAnswersBytes() {
    return open.stream()
        .flatMap(each -> each.applied.values().stream())
        .flatMap(Optional::stream)
        .mapToLong(answer -> answer.length + SessionLimits.ANSWER_OVERHEAD_BYTES)
        .sum();
  }
}
