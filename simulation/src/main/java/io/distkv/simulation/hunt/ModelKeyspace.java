package io.distkv.simulation.hunt;

import io.distkv.node.command.CommandTable;
import io.distkv.node.command.KeyCursor;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.command.Store;
import io.distkv.node.command.Value;
import io.distkv.node.keyspace.Slots;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A keyspace, or a part of one, as it should be: a sorted map that the node's own command handlers
 * run on. It has none of what lies between a command and its effect in a node: no log, no tree, no
 * cache, no partitions that could disagree.
 */
final class ModelKeyspace implements Store {
  private final CommandTable table;
  private final int number;
  private final int partitions;
  private final NavigableMap<byte[], Value> values = new TreeMap<>(Arrays::compareUnsigned);
  private long nowMillis;
  private long version = 1;

  ModelKeyspace(CommandTable table, int number, int partitions) {
    this.table = table;
    this.number = number;
    this.partitions = partitions;
  }

  /** The same content, which changes by itself from then on. */
  ModelKeyspace copy() {
    ModelKeyspace copy = new ModelKeyspace(table, number, partitions);
    copy.values.putAll(values);
    copy.version = version;
    return copy;
  }

  /** Runs one command at a time, as its own entry. */
  Reply run(byte[][] words, long atMillis) {
    beginEntry(atMillis);
    return runInEntry(words);
  }

  /** From here on commands belong to one entry. */
  void beginEntry(long atMillis) {
    nowMillis = atMillis;
    version++;
  }

  /** Runs a command of the entry that was begun. */
  Reply runInEntry(byte[][] words) {
    return switch (table.prepare(words)) {
      case Prepared.Refused(Reply.Failure error, boolean _) -> error;
      case Prepared.Read read -> read.run(this);
      case Prepared.Write write -> write.run(this);
      case Prepared.Converse _, Prepared.Control _ ->
          throw new IllegalArgumentException(Replies.text(words) + " is no data command");
    };
  }

  /** The key's value if it has one that has not expired. */
  @Nullable Value live(byte[] key, long atMillis) {
    Value value = values.get(key);
    return value == null || Value.expired(value.expiresAtMillis(), atMillis) ? null : value;
  }

  /** Everything in it, what has expired included. */
  NavigableMap<byte[], Value> values() {
    return values;
  }

  @Override
  public void put(byte[] key, byte[] value, long expiresAtMillis) {
    values.put(key, new Value(value, 0, value.length, version, expiresAtMillis));
  }

  @Override
  public void delete(byte[] key) {
    values.remove(key);
  }

  @Override
  public void clear() {
    values.clear();
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public @Nullable Value get(byte[] key) {
    return live(key, nowMillis);
  }

  @Override
  public int keyspace() {
    return number;
  }

  @Override
  public long nowMillis() {
    return nowMillis;
  }

  @Override
  public int partitions() {
    return partitions;
  }

  @Override
  public long count() {
    return values.keySet().stream().filter(key -> get(key) != null).count();
  }

  @Override
  public long seed() {
    return version;
  }

  @Override
  public KeyCursor keys(int partition) {
    return new Cursor(partition);
  }

  private final class Cursor implements KeyCursor {
    private final int partition;
    private byte @Nullable [] key;

    Cursor(int partition) {
      this.partition = partition;
    }

    @Override
    public boolean first() {
      return upFrom(values.isEmpty() ? null : values.firstKey());
    }

    @Override
    public boolean last() {
      return downFrom(values.isEmpty() ? null : values.lastKey());
    }

    @Override
    public boolean seek(byte[] from) {
      return upFrom(values.ceilingKey(from));
    }

    @Override
    public boolean seekBefore(byte[] from) {
      return downFrom(values.lowerKey(from));
    }

    @Override
    public boolean next() {
      return upFrom(values.higherKey(key()));
    }

    @Override
    public byte[] key() {
      if (key == null) {
        throw new IllegalStateException("the cursor stands nowhere");
      }
      return key;
    }

    @Override
    public void close() {
      // Holds nothing.
    }

    private boolean upFrom(byte @Nullable [] start) {
      key = start;
      while (key != null && !shown(key)) {
        key = values.higherKey(key);
      }
      return key != null;
    }

    private boolean downFrom(byte @Nullable [] start) {
      key = start;
      while (key != null && !shown(key)) {
        key = values.lowerKey(key);
      }
      return key != null;
    }

    private boolean shown(byte[] candidate) {
      return Slots.partitionOf(candidate, partitions) == partition && get(candidate) != null;
    }
  }
}
