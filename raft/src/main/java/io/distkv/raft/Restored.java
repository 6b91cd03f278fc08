package io.distkv.raft;

import java.util.List;

/**
 * What a server knows when it starts.
 *
 * @param hardState as it was last made durable
 * @param base the last entry that is in the state
 * @param membership that held there
 * @param entries that the log holds after the base, by rising index; all durable
 */
public record Restored(
    HardState hardState, Position base, Membership membership, List<Entry> entries) {

  /** A server of a new group, of which each begins with the same membership. */
  public static Restored ofNew(Membership membership) {
    return new Restored(HardState.NONE, Position.NONE, membership, List.of());
  }
}
