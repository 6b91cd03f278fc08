package io.distkv.node.command;

import io.distkv.base.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A keyspace in a sorted map per partition, with a clock that the test moves. */
final class TreeStore implements Store {
  private final List<NavigableMap<byte[], Value>> partitions = new ArrayList<>();
  private long version;

  TreeStore() {
    this(1);
  }

  TreeStore(int partitionCount) {
    for (int i = 0; i < partitionCount; i++) {
      partitions.add(new TreeMap<>(Arrays::compareUnsigned));
    }
    setNow(1_000_000_000_000L);
  }

  /** Moves the clock to a millisecond. */
  void setNow(long millis) {
    version = Version.ofMillis(millis);
  }

  private NavigableMap<byte[], Value> partitionOf(byte[] key) {
    return partitions.get(Math.floorMod(Arrays.hashCode(key), partitions.size()));
  }

  @Override
  public @Nullable Value get(byte[] key) {
    Value value = partitionOf(key).get(key);
    return value == null || Value.expired(value.expiresAtMillis(), nowMillis()) ? null : value;
  }

  @Override
  public int keyspace() {
    return 0;
  }

  @Override
  public long nowMillis() {
    return Version.millis(version);
  }

  @Override
  public int partitions() {
    return partitions.size();
  }

  @Override
  public KeyCursor keys(int partition) {
    return new MapCursor(partitions.get(partition));
  }

  @Override
  public long count() {
    long count = 0;
    for (int i = 0; i < partitions.size(); i++) {
      try (KeyCursor cursor = keys(i)) {
        for (boolean more = cursor.first(); more; more = cursor.next()) {
          count++;
        }
      }
    }
    return count;
  }

  @Override
  public long seed() {
    return version;
  }

  @Override
  public void put(byte[] key, byte[] value, long expiresAtMillis) {
    if (expiresAtMillis != 0 && expiresAtMillis <= nowMillis()) {
      throw new IllegalArgumentException("expires in the past: " + expiresAtMillis);
    }
    partitionOf(key).put(key, new Value(value, 0, value.length, version, expiresAtMillis));
  }

  @Override
  public void delete(byte[] key) {
    partitionOf(key).remove(key);
  }

  @Override
  public void clear() {
    partitions.forEach(NavigableMap::clear);
  }

  @Override
  public long version() {
    return version;
  }

  private final class MapCursor implements KeyCursor {
    private final NavigableMap<byte[], Value> map;
    private byte @Nullable [] at;

    MapCursor(NavigableMap<byte[], Value> map) {
      this.map = map;
    }

    private boolean forward(byte @Nullable [] from) {
      at = from;
      while (at != null && expired(at)) {
        at = map.higherKey(at);
      }
      return at != null;
    }

    private boolean backward(byte @Nullable [] from) {
      at = from;
      while (at != null && expired(at)) {
        at = map.lowerKey(at);
      }
      return at != null;
    }

    private boolean expired(byte[] key) {
      Value value = map.get(key);
      return value == null || Value.expired(value.expiresAtMillis(), nowMillis());
    }

    @Override
    public boolean first() {
      return forward(map.isEmpty() ? null : map.firstKey());
    }

    @Override
    public boolean last() {
      return backward(map.isEmpty() ? null : map.lastKey());
    }

    @Override
    public boolean seek(byte[] from) {
      return forward(map.ceilingKey(from));
    }

    @Override
    public boolean seekBefore(byte[] bound) {
      return backward(map.lowerKey(bound));
    }

    @Override
    public boolean next() {
      return forward(map.higherKey(key()));
    }

    @Override
    public byte[] key() {
      if (at == null) {
        throw new IllegalStateException("the cursor stands nowhere");
      }
      return at;
    }

    @Override
    public void close() {}
  }
}
