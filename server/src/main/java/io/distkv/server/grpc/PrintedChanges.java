package io.distkv.server.grpc;

import com.google.protobuf.UnsafeByteOperations;
import io.distkv.node.replica.Change;
import org.jspecify.annotations.Nullable;

/**
 * Changes as the wire has them. Those who watch the same keys are told the same changes within the
 * same moment, so each is made once for all watches of a lane; the last ones are kept, whose number
 * and size are bounded.
 *
 * <p>Used on its lane only.
 */
final class PrintedChanges {
  private static final int PLACES = 1_024;

  /** What is kept beyond its moment takes no more than this each. */
  private static final long MOST_KEPT_BYTES = 4_096;

  private final @Nullable Change[] changes = new Change[PLACES];
  private final io.distkv.api.v1.Change[] printed = new io.distkv.api.v1.Change[PLACES];

  /** The change as the wire has it. */
  @SuppressWarnings("ReferenceEquality") // Another object is another change, or printed again.
  io.distkv.api.v1.Change of(Change change) {
    if (change.sizeBytes() > MOST_KEPT_BYTES) {
      return print(change);
    }
    int place = place(change);
    if (changes[place] != change) {
      printed[place] = print(change);
      changes[place] = change;
    }
    return printed[place];
  }

  /** Those of one version differ in their keys, most often in the last byte. */
  private static int place(Change change) {
    byte[] key = change.key();
    long mixed = (change.version() ^ (change.version() >>> 16)) * 31 + key[key.length - 1];
    return (int) mixed & (PLACES - 1);
  }

  private static io.distkv.api.v1.Change print(Change change) {
    io.distkv.api.v1.Change.Builder printed =
        io.distkv.api.v1.Change.newBuilder()
            .setKey(UnsafeByteOperations.unsafeWrap(change.key()))
            .setVersion(change.version())
            .setExpiresAtMillis(change.expiresAtMillis());
    byte[] value = change.value();
    if (value != null) {
      printed.setValue(
          UnsafeByteOperations.unsafeWrap(value, change.valueOffset(), change.valueLength()));
    }
    return printed.build();
  }
}
