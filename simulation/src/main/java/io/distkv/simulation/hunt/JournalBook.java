package io.distkv.simulation.hunt;

import io.distkv.base.ByteWriter;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Violation;
import io.distkv.storage.journal.Journal;
import io.distkv.storage.journal.RecordKind;
import io.distkv.storage.journal.RecordVisitor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was appended to a journal, what became of it, and what is still needed of it. */
final class JournalBook {
  private static final long MILLI = 1_000_000L;

  private final SimulatedRandomness random;
  private final int mostPayloadBytes;
  private final List<Replica> replicas = new ArrayList<>();

  /** Everything that the journal may still hold, in order. */
  private final List<Entry> entries = new ArrayList<>();

  private long writtenPosition;
  private long durablePosition;
  private boolean powerLost;
  private long serial;

  /** A replica, as far as its log goes. */
  private static final class Replica {
    private final long id;
    private long incarnation = 1;
    private long lastIndex;
    private long released;

    Replica(long id) {
      this.id = id;
    }
  }

  /** One record. */
  private static final class Entry {
    private final long replica;
    private final long incarnation;
    private final RecordKind kind;
    private final long term;
    private final long index;
    private final byte[] payload;
    private long position;
    private boolean mustBecomeDurable;

    /** Whether it survived a restart, and so is durable. */
    private boolean old;

    Entry(long replica, long incarnation, RecordKind kind, long term, long index, byte[] payload) {
      this.replica = replica;
      this.incarnation = incarnation;
      this.kind = kind;
      this.term = term;
      this.index = index;
      this.payload = payload;
    }

    @Override
    public String toString() {
      return "%s of replica %d.%d, term %d, index %d, %d bytes at %x"
          .formatted(kind, replica, incarnation, term, index, payload.length, position);
    }
  }

  JournalBook(SimulatedRandomness random, int replicas, int mostPayloadBytes) {
    this.random = random;
    this.mostPayloadBytes = mostPayloadBytes;
    for (int i = 0; i < replicas; i++) {
      this.replicas.add(new Replica(random.pick(1L, 200L, 1L << 40) + i));
    }
  }

  void appendOne(Journal journal, long nowNanos) {
    Replica replica = replicas.get(random.below(replicas.size()));
    if (random.chance(1)) {
      replica.incarnation += 1 + random.below(3);
      replica.lastIndex = 0;
      replica.released = 0;
    }
    RecordKind kind = random.chance(80) ? RecordKind.ENTRY : random.pick(RecordKind.values());
    long index = kind == RecordKind.ENTRY ? ++replica.lastIndex : replica.lastIndex;
    int length =
        (int) (random.chance(80) ? random.between(8, 60) : random.between(8, mostPayloadBytes));
    Entry entry =
        new Entry(replica.id, replica.incarnation, kind, random.below(5), index, payload(length));
    long within =
        random.pick(Journal.SYNC_AT_ONCE, Journal.NEVER_SYNC, random.between(1, 5000) * MILLI);
    entry.mustBecomeDurable = within != Journal.NEVER_SYNC;
    byte[] padded = new byte[length + 5];
    System.arraycopy(entry.payload, 0, padded, 3, length);
    entry.position =
        journal.append(
            replica.id, replica.incarnation, kind, entry.term, index, padded, 3, length, within);
    Arrays.fill(padded, (byte) 0xAA);
    entries.add(entry);
  }

  /** Noise that begins unlike every other. */
  private byte[] payload(int length) {
    byte[] payload = random.bytes(length);
    System.arraycopy(new ByteWriter(8).putLong(++serial).toByteArray(), 0, payload, 0, 8);
    return payload;
  }

  /** A replica has put entries, all of them durable, into its tables. */
  void releaseSome(Journal journal) {
    Replica replica = replicas.get(random.below(replicas.size()));
    long durableIndex = replica.released;
    for (Entry entry : entries) {
      if (entry.replica == replica.id
          && entry.incarnation == replica.incarnation
          && entry.kind == RecordKind.ENTRY
          && isDurable(entry)) {
        durableIndex = Math.max(durableIndex, entry.index);
      }
    }
    replica.released = random.between(replica.released, durableIndex);
    journal.release(replica.id, replica.released);
  }

  private boolean isDurable(Entry entry) {
    return entry.old || entry.position <= durablePosition;
  }

  void advanced(long written, long durable) {
    if (written < writtenPosition || durable < durablePosition) {
      throw new Violation("a position went back");
    }
    writtenPosition = written;
    durablePosition = durable;
  }

  boolean allWritten() {
    return entries.isEmpty()
        || entries.getLast().old
        || entries.getLast().position <= writtenPosition;
  }

  boolean allDurableThatMust() {
    return entries.stream().allMatch(entry -> !entry.mustBecomeDurable || isDurable(entry));
  }

  void closed() {
    if (!entries.stream().allMatch(this::isDurable)) {
      throw new Violation("the journal was closed before everything was durable");
    }
  }

  void powerCut() {
    powerLost = true;
  }

  /** The comparison of what a restart finds. */
  Replay replay() {
    return new Replay();
  }

  /** Whether somebody needs the record at this place. */
  private boolean needed(int at) {
    Entry entry = entries.get(at);
    Replica replica =
        replicas.stream().filter(r -> r.id == entry.replica).findFirst().orElseThrow();
    if (entry.incarnation < replica.incarnation) {
      return false;
    }
    return switch (entry.kind) {
      case ENTRY -> entry.index > replica.released;
      case TRUNCATE -> false;
      case HARD_STATE, CHECKPOINT ->
          entries.subList(at + 1, entries.size()).stream()
              .noneMatch(later ->
                  later.replica == entry.replica
                      && later.incarnation == entry.incarnation
                      && later.kind == entry.kind);
    };
  }

  /** Takes what a restart replays, and compares it with what was appended. */
  final class Replay implements RecordVisitor {
    private @Nullable Integer first;
    private int next;

    @Override
    public void record(
        long replica,
        long incarnation,
        RecordKind kind,
        long term,
        long index,
        byte[] payload,
        int offset,
        int length) {
      byte[] copy = Arrays.copyOfRange(payload, offset, offset + length);
      Entry found = new Entry(replica, incarnation, kind, term, index, copy);
      if (first == null) {
        first = indexOf(found);
        next = first;
      }
      if (next >= entries.size() || !same(entries.get(next), found)) {
        throw new Violation(
            "replayed is %s, after %s, where %s is expected"
                .formatted(
                    found,
                    next == 0 ? "nothing" : entries.get(next - 1),
                    next < entries.size() ? entries.get(next) : "the end"));
      }
      next++;
    }

    private int indexOf(Entry found) {
      for (int i = 0; i < entries.size(); i++) {
        if (same(entries.get(i), found)) {
          return i;
        }
      }
      throw new Violation("nobody appended " + found);
    }

    private boolean same(Entry one, Entry other) {
      return one.replica == other.replica
          && one.incarnation == other.incarnation
          && one.kind == other.kind
          && one.term == other.term
          && one.index == other.index
          && Arrays.equals(one.payload, other.payload);
    }

    /** Everything was replayed: judges where it began and ended, and goes on from there. */
    void end() {
      int begin = first == null ? survivorsWithoutReplay() : first;
      int end = first == null ? begin : next;
      for (int i = 0; i < begin; i++) {
        if (needed(i)) {
          throw new Violation("not replayed, though needed: " + entries.get(i));
        }
      }
      for (int i = end; i < entries.size(); i++) {
        Entry lost = entries.get(i);
        boolean promised = powerLost ? isDurable(lost) : lost.position <= writtenPosition;
        if (lost.old || promised) {
          throw new Violation(
              "lost, though %s: %s".formatted(powerLost ? "durable" : "written", lost));
        }
      }
      entries.subList(end, entries.size()).clear();
      entries.subList(0, begin).clear();
      entries.forEach(entry -> entry.old = true);
      forgetLost();
      writtenPosition = 0;
      durablePosition = 0;
      powerLost = false;
    }

    /** Nothing was replayed: all that is needed by nobody may be gone. */
    private int survivorsWithoutReplay() {
      int begin = 0;
      while (begin < entries.size()
          && !needed(begin)
          && (entries.get(begin).old || isDurable(entries.get(begin)))) {
        begin++;
      }
      return begin;
    }

    /** The replicas go on with the indexes after those that survived. */
    private void forgetLost() {
      Map<Long, Entry> last = new TreeMap<>();
      for (Entry entry : entries) {
        if (entry.kind == RecordKind.ENTRY) {
          last.put(entry.replica, entry);
        }
      }
      for (Replica replica : replicas) {
        Entry newest = last.get(replica.id);
        long lastIndex =
            newest == null || newest.incarnation < replica.incarnation ? 0 : newest.index;
        replica.lastIndex = Math.max(lastIndex, replica.released);
      }
    }
  }
}
