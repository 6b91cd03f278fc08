package io.distkv.node.replica;

import io.distkv.node.command.Errors;
import io.distkv.node.command.Value;
import io.distkv.node.command.View;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Fetches the values of some keys of one replica, for a read that spans several. */
public final class FetchCall extends Call {
  private final byte[][] keys;
  private final @Nullable Value[] values;
  private final @Nullable GatheredBytes gathered;
  private long asOf;
  private long ownBytes;

  /**
   * @param gathered by all calls of the read together; null if it asks for versions and expiry
   *     alone, and the values are to be empty
   */
  public FetchCall(
      Conversation conversation, Answer answer, byte[][] keys, @Nullable GatheredBytes gathered) {
    super(conversation, answer);
    this.keys = keys;
    this.gathered = gathered;
    this.values = new Value[keys.length];
  }

  void run(View view, long asOfVersion) {
    asOf = asOfVersion;
    startAnew();
    for (int i = 0; i < keys.length; i++) {
      if (gathered != null && gathered.tooMany()) {
        startAnew();
        fail(Errors.replyTooLarge());
        return;
      }
      Value value = view.get(keys[i]);
      if (value != null) {
        take(i, value);
      }
    }
  }

  /** On the lane it may have come upon a cold key in its middle. */
  private void startAnew() {
    Arrays.fill(values, null);
    if (gathered != null) {
      gathered.add(-ownBytes);
    }
    ownBytes = 0;
  }

  private void take(int place, Value value) {
    if (gathered == null) {
      values[place] = value.withoutBytes();
    } else {
      values[place] = value;
      ownBytes += value.length();
      gathered.add(value.length());
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

  /** The live value of each key, null where there is none; empty if values were not asked for. */
  public @Nullable Value[] values() {
    return values;
  }
}
