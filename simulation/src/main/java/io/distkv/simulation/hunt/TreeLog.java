package io.distkv.simulation.hunt;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.Version;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.storage.tree.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The log of a tree's replica: remembers every entry, and can apply it again. */
final class TreeLog {
  private final SimulatedRandomness random;
  private final int keys;
  private final int mostValueBytes;
  private final List<LogEntry> entries = new ArrayList<>();
  private long durableIndex;
  private long serial;

  /** What an entry does to one key; to all of them if the key is null. */
  @SuppressWarnings("ArrayRecordComponent")
  record Change(byte @Nullable [] key, byte @Nullable [] value, long expiresAtMillis) {}

  /** An entry. */
  record LogEntry(long index, long term, long version, List<Change> changes) {}

  TreeLog(SimulatedRandomness random, int keys, int mostValueBytes) {
    this.random = random;
    this.keys = keys;
    this.mostValueBytes = mostValueBytes;
  }

  long lastIndex() {
    return entries.size();
  }

  long durableIndex() {
    return durableIndex;
  }

  LogEntry entry(long index) {
    return entries.get((int) index - 1);
  }

  List<LogEntry> entries() {
    return entries;
  }

  /** Everything up to this index is durable. */
  void durable(long index) {
    durableIndex = Math.max(durableIndex, index);
  }

  /** Some of what was not durable is lost. */
  void powerCut() {
    long survivors = random.between(durableIndex, lastIndex());
    entries.subList((int) survivors, entries.size()).clear();
    durableIndex = survivors;
  }

  byte[] key(int number) {
    String text = "k" + number % 10 + "/" + number;
    byte[] key = Replies.bytes(text);
    return number % 11 == 3 ? Arrays.copyOf(key, 700) : key;
  }

  byte[] anyKey() {
    return key(random.below(keys));
  }

  List<byte[]> allKeys() {
    List<byte[]> all = new ArrayList<>();
    for (int number = 0; number < keys; number++) {
      all.add(key(number));
    }
    return all;
  }

  /** A new entry at the end. */
  LogEntry next() {
    LogEntry last = entries.isEmpty() ? null : entries.getLast();
    long term = (last == null ? 1 : last.term) + (random.chance(2) ? 1 : 0);
    long version = last == null ? Version.ofMillis(1_800_000_000_000L) : last.version;
    version += 1 + random.below(3);
    if (random.chance(20)) {
      version += Version.ofMillis(random.magnitude(1, 4000));
    }
    List<Change> changes = new ArrayList<>();
    int count = random.chance(90) ? random.below(4) : random.below(60);
    for (int i = 0; i < count; i++) {
      changes.add(change(Version.millis(version)));
    }
    LogEntry entry = new LogEntry(lastIndex() + 1, term, version, List.copyOf(changes));
    entries.add(entry);
    return entry;
  }

  /** An entry at the end that changes nothing and brings the log's time up to the clock's. */
  LogEntry time(long wallMillis) {
    long term = entries.isEmpty() ? 1 : entries.getLast().term;
    long last = entries.isEmpty() ? 0 : entries.getLast().version;
    long version = Math.max(last + 1, Version.ofMillis(wallMillis));
    LogEntry entry = new LogEntry(lastIndex() + 1, term, version, List.of());
    entries.add(entry);
    return entry;
  }

  private Change change(long nowMillis) {
    if (random.below(2000) == 0) {
      return new Change(null, null, 0);
    }
    byte[] key = anyKey();
    if (random.chance(30)) {
      return new Change(key, null, 0);
    }
    byte[] token = Replies.bytes("v" + ++serial + ";");
    int most = random.chance(85) ? 40 : random.chance(80) ? 1000 : mostValueBytes;
    byte[] value = Arrays.copyOf(token, token.length + random.below(most + 1));
    if (random.chance(50)) {
      byte[] noise = random.bytes(value.length - token.length);
      System.arraycopy(noise, 0, value, token.length, noise.length);
    }
    long expiry = random.chance(15) ? nowMillis + random.magnitude(1, 20_000) : 0;
    return new Change(key, value, expiry);
  }

  /** Applies an entry to a tree. */
  static void apply(LogEntry entry, Tree tree) {
    for (Change change : entry.changes) {
      if (change.key == null) {
        tree.clear(entry.version);
      } else if (change.value == null) {
        tree.delete(change.key, entry.version);
      } else {
        tree.put(change.key, change.value, change.expiresAtMillis, entry.version);
      }
    }
    tree.publish(entry.version, entry.index, entry.term);
  }

  /** Applies an entry to a model. */
  static void apply(LogEntry entry, VersionedModel model) {
    for (Change change : entry.changes) {
      if (change.key == null) {
        model.clear(entry.version);
      } else {
        model.put(change.key, change.value, change.expiresAtMillis, entry.version);
      }
    }
    model.publish(entry.version);
  }

  /** What a replica would keep beside its tables: it must come back with them. */
  static byte[] attachment(long index) {
    return new ByteWriter(8).putLong(index).toByteArray();
  }

  /** The index in an attachment; 0 in that of a new tree. */
  static long indexIn(byte[] attachment) {
    return attachment.length == 0 ? 0 : new ByteReader(attachment).getLong();
  }
}
