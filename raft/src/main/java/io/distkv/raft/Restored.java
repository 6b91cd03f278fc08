package io.distkv.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server knows when it starts.
 *
 * @param hardState as it was last made durable
 * @param base the last entry that is in the state, or an earlier one
 * @param membership that held there
 * @param entries that the log holds after the base, by rising index; all durable
 * @param committed up to where it is known to be committed; all of that is in the state
 * @param alone whether the group has never had another member, see {@link #ofAlone}
 * @param partial what the disk holds of a snapshot that was not installed; null if nothing
 */
public record Restored(
    HardState hardState,
    Position base,
    Membership membership,
    List<Entry> entries,
    long committed,
    boolean alone,
    @Nullable PartialSnapshot partial) {

  public Restored(HardState hardState, Position base, Membership membership, List<Entry> entries) {
    this(hardState, base, membership, entries, base.index(), false, null);
  }

  /** The same of which more is known to be committed. */
  public Restored withCommitted(long index) {
    return new Restored(hardState, base, membership, entries, index, alone, partial);
  }

  /** The same with what the disk holds of a snapshot that was not installed; null if nothing. */
  public Restored with(@Nullable PartialSnapshot newPartial) {
    return new Restored(hardState, base, membership, entries, committed, alone, newPartial);
  }

  /** A server of a new group, of which each begins with the same membership. */
  public static Restored ofNew(Membership membership) {
    return new Restored(HardState.NONE, Position.NONE, membership, List.of());
  }

  /**
   * A server whose group has never had another member. It goes on to lead its only term at once,
   * with no election, no entry to begin with and nothing to write: all of its log is committed, and
   * nobody can have seen what a crash took away.
   *
   * @param last the end of the log, all of which is in the state; {@link Position#NONE} if new
   */
  public static Restored ofAlone(long id, Position last) {
    return new Restored(
        new HardState(Math.max(1, last.term()), id),
        last,
        Membership.ofVoters(id),
        List.of(),
        last.index(),
        true,
        null);
  }
}
