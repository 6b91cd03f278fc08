package io.distkv.node.replica;

import io.distkv.node.command.KeyCursor;
import io.distkv.node.command.Value;
import io.distkv.node.command.View;
import io.distkv.node.keyspace.KeyspaceOptions;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of some keys, brought together from several replicas. Each was live when it was
 * fetched; the time of the view is that of the last fetch, which may show one of them expired.
 */
public final class FetchedView implements View {
  private final Map<ByteBuffer, Value> values = new HashMap<>();
  private final KeyspaceOptions keyspace;
  private final long nowMillis;

  /**
   * An empty view.
   *
   * @param keyspace that the view is of
   */
  public FetchedView(KeyspaceOptions keyspace, long nowMillis) {
    this.keyspace = keyspace;
    this.nowMillis = nowMillis;
  }

  /** Adds what a call fetched. */
  public void add(FetchCall call) {
    byte[][] keys = call.keys();
    @Nullable Value[] fetched = call.values();
    for (int i = 0; i < keys.length; i++) {
      Value value = fetched[i];
      if (value != null) {
        values.put(ByteBuffer.wrap(keys[i]), value);
      }
    }
  }

  @Override
  public @Nullable Value get(byte[] key) {
    Value value = values.get(ByteBuffer.wrap(key));
    return value == null || Value.expired(value.expiresAtMillis(), nowMillis) ? null : value;
  }

  @Override
  public long nowMillis() {
    return nowMillis;
  }

  @Override
  public int keyspace() {
    return keyspace.number();
  }

  @Override
  public int partitions() {
    return keyspace.partitions();
  }

  @Override
  public KeyCursor keys(int partition) {
    throw new IllegalStateException("only some keys are in the view");
  }

  @Override
  public long count() {
    throw new IllegalStateException("only some keys are in the view");
  }

  @Override
  public long seed() {
    return 0;
  }
}
