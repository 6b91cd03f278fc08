package io.distkv.node.replica;

import io.distkv.base.Lane;
import io.distkv.base.Version;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.replica.AwaitedRead.Place;
import io.distkv.node.replica.ReplicaCounters.Counter;
import io.distkv.storage.tree.HistoryGoneException;
import io.distkv.storage.tree.Snapshot;
import io.distkv.storage.tree.Tree;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of a read through a replica: once what is applied is recent enough, which the group says,
 * it runs on the lane if memory has all it asks for, else again as a whole on a worker, over a
 * snapshot taken in its turn.
 *
 * <p>Used on the replica's lane only, but for {@link #tryInPlace}.
 */
final class ReadPath {
  private final Replica replica;
  private final ReplicaGroup group;
  private final ReplicaEnvironment environment;
  private final KeyspaceOptions keyspace;
  private final Tree tree;
  private final MemoryView memory;
  private final WritePath writes;
  private final PastReads past;

  ReadPath(Replica replica, ReplicaGroup group, Tree tree, MemoryView memory, WritePath writes) {
    this.replica = replica;
    this.group = group;
    this.tree = tree;
    this.memory = memory;
    this.writes = writes;
    environment = group.environment();
    past = new PastReads(replica, tree, group.clock());
    keyspace = replica.identity().keyspace().options();
  }

  /**
   * Runs a read in this call, if nothing stands before it and memory has all it asks for; else
   * null, and the read must be made a call.
   */
  @Nullable Reply tryNow(Conversation conversation, Prepared.Read read) {
    if (writes.lost() || !conversation.idle() || !writes.replication().mayReadNow()) {
      return null;
    }
    try {
      return read.run(memory.begin());
    } catch (ColdReadException | ReadFailedException e) {
      return null;
    }
  }

  /**
   * Runs a read in this call, on a lane that is not the replica's, if memory has all it asks for;
   * else null, and the read must be made a call. For a session that has nothing under way, since a
   * read in place waits for nothing. What it sees was published before, and every write is
   * published before it is answered, so it sees all writes that anybody was told of.
   *
   * <p>The way to the replica's lane and back would be two wake-ups, and takes longer than the read
   * itself.
   */
  @Nullable Reply tryInPlace(Prepared.Read read) {
    if (!writes.replication().mayReadNow()) {
      return null;
    }
    Snapshot snapshot;
    try {
      snapshot = tree.snapshot();
    } catch (IllegalStateException e) {
      // The node has closed it: its lane says what that means.
      return null;
    }
    try (InPlaceView view = new InPlaceView(snapshot, group.clock(), keyspace)) {
      Reply reply = read.run(view);
      group.countInPlace(view.hits(), view.misses());
      return reply;
    } catch (ColdReadException | ReadFailedException e) {
      return null;
    }
  }

  /** What reads of the past have to heed. */
  PastReads past() {
    return past;
  }

  /** Runs a read whose turn it is. */
  void read(Call call) {
    if (writes.lost()) {
      replica.refuse(call, writes.whyLost());
    } else if (writes.replication().mayReadNow()) {
      serve(call);
    } else if (call.conversation().lastWrite() == null || ofThePast(call)) {
      call.conversation().awaitRead();
      writes.replication().awaitRead(new AwaitedRead(call, null));
    } else {
      awaitAtPlace(call);
    }
  }

  private void awaitAtPlace(Call call) {
    long term = tree.publishedTerm();
    if (!writes.replication().leads(term)) {
      replica.refuse(call, Refusals.LEAD_CHANGED);
      return;
    }
    call.begun(group.port().stageNanos(call));
    Place place = new Place(tree.snapshot(), group.clock().nowMillis(), term);
    writes.replication().awaitRead(new AwaitedRead(call, place));
  }

  private void awaitedAtPlace(Call call, Place place, Reply.@Nullable Failure why) {
    boolean leads = writes.replication().leads(place.term());
    if (why != null || !leads) {
      place.snapshot().close();
      replica.refuse(call, why == null ? Refusals.LEAD_CHANGED : why);
    } else if (call instanceof SnapshotCall snapshot) {
      snapshot.taken(place.snapshot(), place.nowMillis());
      group.port().answer(call);
    } else {
      readOnWorker(call, view(place.snapshot(), place.nowMillis()));
    }
  }

  /** Ends a read that was awaited; why is null if it can run now. */
  void awaited(AwaitedRead read, Reply.@Nullable Failure why) {
    Call call = read.call();
    Place place = read.place();
    if (place != null) {
      awaitedAtPlace(call, place, why);
      return;
    }
    if (why == null) {
      serve(call);
    } else {
      replica.refuse(call, why);
    }
    call.conversation().endAwaiting();
    replica.resume(call.conversation());
  }

  /** Runs a read that what is applied is recent enough for. */
  private void serve(Call call) {
    if (!ofThePast(call)) {
      run(call);
      return;
    }
    Reply.Failure refusal = past.refusal(call.askedVersion());
    if (refusal != null) {
      replica.refuse(call, refusal);
      return;
    }
    past.settle(
        call.askedVersion(),
        failure -> {
          if (failure == null) {
            run(call);
          } else {
            replica.refuse(call, failure);
          }
        });
  }

  private void run(Call call) {
    call.begun(group.port().stageNanos(call));
    try {
      switch (call) {
        case SnapshotCall snapshot -> snapshot.taken(snapshot(call), timeMillis(call));
        case FetchCall fetch -> fetch.run(memory.begin(), tree.publishedVersion());
        case ReadCall read when read.unbounded() || ofThePast(call) -> {
          readOnWorker(call);
          return;
        }
        case ReadCall read -> read.run(memory.begin());
        case WriteCall _ -> throw new IllegalStateException("a write is not read");
      }
    } catch (ColdReadException e) {
      readOnWorker(call);
      return;
    } catch (HistoryGoneException e) {
      call.fail(PastReads.gone(e));
    } catch (ReadFailedException e) {
      call.fail(e.failure(environment.faults()));
    } catch (RuntimeException e) {
      environment.faults().defect(e);
      call.fail(WritePath.DEFECT);
    }
    group.port().answer(call);
  }

  private static boolean ofThePast(Call call) {
    return call.askedVersion() != Version.LATEST;
  }

  private Snapshot snapshot(Call call) throws HistoryGoneException {
    return ofThePast(call) ? tree.snapshot(call.askedVersion()) : tree.snapshot();
  }

  /** The time by which expiry is judged. */
  private long timeMillis(Call call) {
    return ofThePast(call) ? Version.millis(call.askedVersion()) : group.clock().nowMillis();
  }

  private void readOnWorker(Call call) {
    group.counters().add(Counter.COLD_READS, 1);
    SnapshotView view;
    try {
      view = view(snapshot(call), timeMillis(call));
    } catch (HistoryGoneException e) {
      replica.refuse(call, PastReads.gone(e));
      return;
    }
    readOnWorker(call, view);
  }

  private void readOnWorker(Call call, SnapshotView view) {
    Lane home = call.conversation().home().lane();
    boolean queued =
        environment
            .reads()
            .offer(() -> {
              runOn(view, call);
              home.complete(() -> call.answer().answered(call));
            });
    if (!queued) {
      view.close();
      group.counters().add(Counter.OVERLOADED, 1);
      replica.refuse(call, WritePath.BUSY);
    }
  }

  /**
   * Has a worker bring into memory what a write will read.
   *
   * @param refusable whether it is a client's wish, which must not queue without bound
   * @param then told on the lane what went wrong, if anything did
   * @return false if the workers have too much to do
   */
  boolean warm(Mutation mutation, boolean refusable, Consumer<@Nullable ReadFailedException> then) {
    SnapshotView view = view(tree.snapshot(), group.clock().nowMillis());
    Runnable task = () -> warmOnWorker(view, mutation, then);
    if (!refusable) {
      environment.reads().execute(task);
      return true;
    }
    boolean queued = environment.reads().offer(task);
    if (!queued) {
      view.close();
      group.counters().add(Counter.OVERLOADED, 1);
    }
    return queued;
  }

  private void warmOnWorker(
      SnapshotView view, Mutation mutation, Consumer<@Nullable ReadFailedException> then) {
    @Nullable ReadFailedException failure = null;
    try (view) {
      mutation.readAhead(view::get);
    } catch (ReadFailedException e) {
      failure = e;
    }
    @Nullable ReadFailedException outcome = failure;
    group.port().lane().complete(() -> then.accept(outcome));
  }

  /** The replica as a snapshot shows it, disk included; to be closed. */
  private SnapshotView view(Snapshot snapshot, long nowMillis) {
    return new SnapshotView(keyspace, group.port().nextSeed())
        .with(replica.partition(), snapshot, nowMillis);
  }

  private void runOn(SnapshotView view, Call call) {
    call.decided(environment.clock().monotonicNanos());
    try (view) {
      switch (call) {
        case Call _ when call.answer().abandoned() -> call.fail(WritePath.BUSY);
        case ReadCall read -> read.run(view);
        case FetchCall fetch -> fetch.run(view, view.asOf(replica.partition()));
        case SnapshotCall _, WriteCall _ -> throw new IllegalStateException("not for a worker");
      }
    } catch (ReadFailedException e) {
      call.fail(e.failure(environment.faults()));
    } catch (RuntimeException e) {
      environment.faults().defect(e);
      call.fail(WritePath.DEFECT);
    }
    call.ended(environment.clock().monotonicNanos());
  }
}
