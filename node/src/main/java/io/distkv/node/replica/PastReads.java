package io.distkv.node.replica;

import io.distkv.base.ErrorCode;
import io.distkv.base.HybridClock;
import io.distkv.base.Version;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.storage.tree.HistoryGoneException;
import io.distkv.storage.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settles the past of a replica up to a version, such that it is the same whenever it is looked at
 * again, for as long as that history is kept: nothing gets a version at or below it any more.
 *
 * <p>Versions rise along the log, so the past is settled up to the newest version that is applied.
 * For what is newer an entry is logged that does nothing but bring a version above: then it is
 * settled for every replica and every life of this one, wherever the clocks may jump. One entry
 * does for all who wait meanwhile.
 *
 * <p>The rejected way: to have this replica's clock promise higher versions. It costs no entry, and
 * ends with the process and with the lead.
 *
 * <p>Used on the replica's lane only.
 */
final class PastReads {
  private static final Reply.Failure AHEAD =
      Errors.invalid("the version lies ahead of the node's clock; nothing can be said of it yet");

  private final Replica replica;
  private final Tree tree;
  private final HybridClock clock;
  private List<Waiting> waiting = new ArrayList<>();
  private boolean timePasses;

  /** Who waits for the past to be settled up to a version. */
  private record Waiting(long version, Consumer<Reply.@Nullable Failure> then) {}

  PastReads(Replica replica, Tree tree, HybridClock clock) {
    this.replica = replica;
    this.tree = tree;
    this.clock = clock;
  }

  /** Why nobody can say anything as of a version yet; null if somebody can. */
  Reply.@Nullable Failure refusal(long version) {
    return Version.millis(version) > clock.nowMillis() && !isSettled(version) ? AHEAD : null;
  }

  private boolean isSettled(long version) {
    return version <= tree.publishedVersion();
  }

  /**
   * Settles the past up to a version.
   *
   * @param then told why that cannot be; null when it is done, perhaps in this call
   */
  void settle(long version, Consumer<Reply.@Nullable Failure> then) {
    if (isSettled(version)) {
      then.accept(null);
      return;
    }
    clock.observe(version);
    waiting.add(new Waiting(version, then));
    letTimePass();
  }

  private void letTimePass() {
    if (timePasses) {
      return;
    }
    timePasses = true;
    Answer answer =
        new Answer() {
          @Override
          public void answered(Call call) {
            timePasses = false;
            timeHasPassed(call.failure());
          }

          @Override
          public boolean abandoned() {
            return false;
          }
        };
    replica.accept(
        new WriteCall(
            new Conversation(replica.port(), replica), answer, new Mutation.TimePasses()));
  }

  /** Those whose version is not reached came after the entry had got its own. */
  private void timeHasPassed(Reply.@Nullable Failure failure) {
    List<Waiting> all = waiting;
    waiting = new ArrayList<>();
    for (Waiting one : all) {
      if (isSettled(one.version)) {
        one.then.accept(null);
      } else if (failure == null) {
        waiting.add(one);
      } else {
        one.then.accept(failure);
      }
    }
    if (!waiting.isEmpty()) {
      letTimePass();
    }
  }

  /** What a client is told of history that is not kept. */
  static Reply.Failure gone(HistoryGoneException e) {
    return Errors.of(
        ErrorCode.HISTORY_GONE,
        "that is no longer kept; the oldest version that can be read as of is "
            + e.oldestReadable());
  }
}
