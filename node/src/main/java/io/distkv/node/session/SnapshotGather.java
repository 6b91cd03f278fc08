package io.distkv.node.session;

import io.distkv.base.Workers;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.Answer;
import io.distkv.node.replica.Call;
import io.distkv.node.replica.Keyspace;
import io.distkv.node.replica.Replica;
import io.distkv.node.replica.SnapshotCall;
import io.distkv.node.replica.SnapshotView;
import io.distkv.node.replica.WorkerReads;
import io.distkv.storage.tree.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs a read on a worker over snapshots of several replicas, each taken in the session's order
 * with that replica. Used on the session's home lane only, but for the read itself.
 */
final class SnapshotGather implements Answer {
  private final Session session;
  private final Slot owner;
  private final Read read;
  private final Consumer<Reply> outcome;
  private final SortedMap<Integer, Keyspace> keyspaces = new TreeMap<>();
  private final List<SnapshotCall> calls = new ArrayList<>();
  private Reply.@Nullable Failure failure;
  private int awaited;

  /** What to read. */
  @FunctionalInterface
  interface Read {

    /**
     * Runs on a worker.
     *
     * @param views of the keyspaces, by number
     */
    Reply run(IntFunction<SnapshotView> views);
  }

  private SnapshotGather(Session session, Slot owner, Read read, Consumer<Reply> outcome) {
    this.session = session;
    this.owner = owner;
    this.read = read;
    this.outcome = outcome;
  }

  /**
   * Starts; the outcome comes on the session's lane.
   *
   * @param asOf version that the snapshots show, or {@link io.distkv.base.Version#LATEST}
   */
  static void start(
      Session session,
      Iterable<Target> targets,
      long asOf,
      Slot owner,
      Read read,
      Consumer<Reply> outcome) {
    new SnapshotGather(session, owner, read, outcome).start(targets, asOf);
  }

  /** One of the replicas. */
  record Target(Keyspace keyspace, Replica replica) {}

  private void start(Iterable<Target> targets, long asOf) {
    for (Target target : targets) {
      keyspaces.put(target.keyspace().number(), target.keyspace());
      calls.add(new SnapshotCall(session.conversation(target.replica()), this, asOf));
    }
    awaited = calls.size();
    List.copyOf(calls).forEach(session.home()::send);
  }

  @Override
  public void answered(Call call) {
    owner.gathered(call);
    if (failure == null) {
      failure = call.failure();
    }
    if (--awaited == 0) {
      run();
    }
  }

  private void run() {
    SortedMap<Integer, SnapshotView> views = new TreeMap<>();
    keyspaces.forEach((number, keyspace) ->
        views.put(number, new SnapshotView(keyspace.options(), session.home().nextSeed())));
    for (SnapshotCall call : calls) {
      Snapshot snapshot = call.snapshot();
      if (snapshot != null) {
        view(views, call.keyspace()).with(call.partition(), snapshot, call.nowMillis());
      }
    }
    if (failure != null || owner.abandoned()) {
      views.values().forEach(SnapshotView::close);
      outcome.accept(failure == null ? Session.CANCELLED : failure);
      return;
    }
    Workers workers = session.services().reads();
    if (!workers.offer(() -> runOnWorker(views))) {
      views.values().forEach(SnapshotView::close);
      outcome.accept(Session.BUSY);
    }
  }

  private void runOnWorker(SortedMap<Integer, SnapshotView> views) {
    Reply reply =
        WorkerReads.guard(session.services().faults(), () -> read.run(n -> view(views, n)));
    views.values().forEach(SnapshotView::close);
    session.home().lane().complete(() -> outcome.accept(reply));
  }

  private static SnapshotView view(SortedMap<Integer, SnapshotView> views, int keyspace) {
    SnapshotView view = views.get(keyspace);
    if (view == null) {
      throw new IllegalStateException("keyspace " + keyspace + " is not among the snapshots");
    }
    return view;
  }

  @Override
  public boolean abandoned() {
    return owner.abandoned();
  }

  @Override
  public boolean followed() {
    return owner.followed();
  }
}
