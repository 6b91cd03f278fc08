package io.distkv.node.replica;

import io.distkv.node.command.Value;
import io.distkv.node.command.View;
import org.jspecify.annotations.Nullable;

/** Fetches the values of some keys of one replica, for a read that spans several. */
public final class FetchCall extends Call {
  private final byte[][] keys;
  private final @Nullable Value[] values;
  private long asOf;

  public FetchCall(Conversation conversation, Answer answer, byte[][] keys) {
    super(conversation, answer);
    this.keys = keys;
    this.values = new Value[keys.length];
  }

  void run(View view, long asOfVersion) {
    asOf = asOfVersion;
    for (int i = 0; i < keys.length; i++) {
      values[i] = view.get(keys[i]);
    }
  }

  /** The keys as asked for. */
  public byte[][] keys() {
    return keys;
  }

  /** The replica's newest version when they were fetched. */
  public long asOf() {
    return asOf;
  }

  /** The live value of each key, null where there is none. */
  public @Nullable Value[] values() {
    return values;
  }
}
