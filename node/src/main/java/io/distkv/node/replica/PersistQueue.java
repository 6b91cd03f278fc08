package io.distkv.node.replica;

import io.distkv.node.keyspace.Durability;
import io.distkv.raft.Effect;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a replica's core wants to be durable and the journal has not made so, in order. Terms and
 * votes must be durable whatever the keyspace asks; entries as far as it asks.
 *
 * <p>Used on the replica's lane only.
 */
final class PersistQueue {
  private boolean syncsEntries;
  private final Queue<Item> items = new ArrayDeque<>();

  /**
   * Something on its way to the disk.
   *
   * @param position in the journal behind it
   */
  private record Item(long position, Effect.Persist persist) {}

  PersistQueue(Durability durability) {
    altered(durability);
  }

  /** The keyspace asks for something else, also of what is in the queue. */
  final void altered(Durability durability) {
    syncsEntries = durability.mode() == Durability.Mode.COMMIT;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /** Whether something is there when the journal has got so far. */
  boolean isThere(
      long position, Effect.Persist persist, long writtenPosition, long durablePosition) {
    boolean durable = syncsEntries || persist.hardState() != null;
    return position <= (durable ? durablePosition : writtenPosition);
  }

  void add(long position, Effect.Persist persist) {
    items.add(new Item(position, persist));
  }

  /** Takes the first, if it is there now; else null. */
  Effect.@Nullable Persist poll(long writtenPosition, long durablePosition) {
    Item first = items.peek();
    if (first == null
        || !isThere(first.position(), first.persist(), writtenPosition, durablePosition)) {
      return null;
    }
    items.remove();
    return first.persist();
  }

  void clear() {
    items.clear();
  }
}
