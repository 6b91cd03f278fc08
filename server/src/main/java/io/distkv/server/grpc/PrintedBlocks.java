package io.distkv.server.grpc;

import com.google.protobuf.UnsafeByteOperations;
import io.distkv.api.v1.WatchResponse;
import io.distkv.node.replica.Change;
import io.distkv.node.watch.ChangeBlock;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Blocks of changes as the wire has them. Those who watch the same keys are told the same blocks,
 * so each is made once for all watches of a lane, and kept as long as any may be told of it.
 *
 * <p>Used on its lane only.
 */
final class PrintedBlocks {
  private final Map<ChangeBlock, byte[]> printed = new WeakHashMap<>();

  /** The part of a {@link WatchResponse} that has the changes of a block. Not to be changed. */
  byte[] of(ChangeBlock block) {
    return printed.computeIfAbsent(block, PrintedBlocks::print);
  }

  private static byte[] print(ChangeBlock block) {
    WatchResponse.Builder message = WatchResponse.newBuilder();
    for (Change change : block.changes()) {
      message.addChanges(print(change));
    }
    return message.build().toByteArray();
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
