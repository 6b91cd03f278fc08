package io.distkv.node.replica;

import io.distkv.base.ErrorCode;
import io.distkv.base.Version;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.ReplicaCounters.Counter;
import java.util.function.Consumer;

/**
 * The replies of transactions that both write and walk a whole keyspace. Their writes are applied
 * on the lane like all others; the walk would hold the lane up. So the whole transaction is run a
 * second time, on a worker, over a snapshot from just before it: the state is left alone there, and
 * the replies are those that it would have given on the lane.
 *
 * <p>Used on the replica's lane only.
 */
final class DetachedReplies {
  private static final Reply.Failure NO_REPLIES =
      Errors.of(
          ErrorCode.OVERLOADED,
          "the transaction took effect, but too many requests wait for what it read");

  private final Replica replica;
  private int awaited;

  DetachedReplies(Replica replica) {
    this.replica = replica;
  }

  /** A transaction, and the state that it finds. */
  record Pending(WriteCall write, Mutation.Transaction transaction, SnapshotStore store) {}

  /** Keeps the state that a transaction finds; called before it is applied. */
  Pending before(WriteCall write, Mutation.Transaction transaction) {
    long stamp = write.stamp();
    SnapshotView view =
        new SnapshotView(replica.identity().keyspace().options(), stamp)
            .with(replica.partition(), replica.tree().snapshot(), Version.millis(stamp));
    return new Pending(write, transaction, new SnapshotStore(view, replica.partition(), stamp));
  }

  /**
   * Finds the replies of a transaction that was applied.
   *
   * @param then told on the lane when the call is done
   */
  void find(Pending pending, Consumer<WriteCall> then) {
    awaited++;
    ReplicaEnvironment environment = replica.environment();
    boolean queued =
        environment
            .reads()
            .offer(() -> {
              Reply reply = run(pending, environment.faults());
              replica.port().lane().complete(() -> found(pending, reply, then));
            });
    if (!queued) {
      pending.store().close();
      replica.count(Counter.OVERLOADED);
      found(pending, NO_REPLIES, then);
    }
  }

  private static Reply run(Pending pending, ReplicaEnvironment.Faults faults) {
    try (SnapshotStore store = pending.store()) {
      return WorkerReads.guard(faults, () -> pending.transaction().run(store));
    }
  }

  private void found(Pending pending, Reply reply, Consumer<WriteCall> then) {
    awaited--;
    pending.write().done(reply);
    then.accept(pending.write());
  }

  boolean isEmpty() {
    return awaited == 0;
  }
}
