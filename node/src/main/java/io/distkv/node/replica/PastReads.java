package io.distkv.node.replica;

import io.distkv.base.ErrorCode;
import io.distkv.base.HybridClock;
import io.distkv.base.Version;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.raft.Role;
import io.distkv.storage.tree.HistoryGoneException;
import io.distkv.storage.tree.Tree;
import org.jspecify.annotations.Nullable;

/**
 * Shows a replica's state as of a version of a client's choice, such that it shows the same
 * whenever it is asked again, for as long as that history is kept: nothing may get a version at or
 * below one that was shown.
 *
 * <p>At or below the newest version that is applied, nothing can: versions rise along the log.
 * Above it, only a leader can tell: from here on it gives higher versions only, and the read waits
 * for what has got a version before.
 *
 * <p>Used on the replica's lane only.
 */
final class PastReads {
  private static final Reply.Failure AHEAD =
      Errors.invalid(
          "the version to read as of lies ahead of the node's clock; nothing can be said of it yet");
  private static final Reply.Failure ASK_LEADER =
      Errors.of(
          ErrorCode.NOT_LEADER,
          "only the leader of the partition can tell the data as of so new a version");

  private final Tree tree;
  private final HybridClock clock;
  private final WritePath writes;

  PastReads(Tree tree, HybridClock clock, WritePath writes) {
    this.tree = tree;
    this.clock = clock;
    this.writes = writes;
  }

  /** Why the state as of a version cannot be shown here; null if it can, now or soon. */
  Reply.@Nullable Failure refusal(long asOf) {
    if (isApplied(asOf)) {
      return null;
    }
    if (Version.millis(asOf) > clock.nowMillis()) {
      return AHEAD;
    }
    return writes.replication().raft().role() == Role.LEADER ? null : ASK_LEADER;
  }

  /** The write that must be applied first; null if the state can be shown now. */
  @Nullable WriteCall awaited(long asOf) {
    if (isApplied(asOf)) {
      return null;
    }
    clock.observe(asOf);
    return writes.applier().lastProposed();
  }

  private boolean isApplied(long asOf) {
    return asOf <= tree.publishedVersion();
  }

  /** What a client is told of history that is not kept. */
  static Reply.Failure gone(HistoryGoneException e) {
    return Errors.of(
        ErrorCode.HISTORY_GONE,
        "that is no longer kept; the oldest version that can be read as of is "
            + e.oldestReadable());
  }
}
