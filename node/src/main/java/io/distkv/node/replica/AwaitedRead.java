package io.distkv.node.replica;

import io.distkv.storage.tree.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * A read for which the group must say whether this server leads, or how far the state must be
 * applied.
 *
 * @param place null if it shows what is applied when the group has spoken
 */
record AwaitedRead(Call call, @Nullable Place place) {

  /**
   * What a read shows while writes that its session sent later are in the log already, and may be
   * applied when the group has spoken: the state as it is at the read's place among them.
   *
   * <p>That is all that anybody was told of before the read came, if this server has led from
   * before the last applied entry until the group has spoken, in one term: who was told by an
   * earlier leader was told of what lies before that entry, who was told by this one of what was
   * applied then, and a later one there is not.
   *
   * @param snapshot to be closed
   * @param term of the last applied entry, in which this server leads
   */
  record Place(Snapshot snapshot, long nowMillis, long term) {}
}
