package io.distkv.node.session;

import io.distkv.node.command.Reply;
import io.distkv.node.replica.Answer;
import io.distkv.node.replica.Call;
import io.distkv.node.replica.FetchCall;
import io.distkv.node.replica.FetchedView;
import io.distkv.node.replica.GatheredBytes;
import io.distkv.node.replica.Keyspace;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings the values of keys together from the partitions they are in, each as of a moment of its
 * own. Used on the session's home lane only.
 */
final class FetchGather implements Answer {
  private final Session session;
  private final Keyspace keyspace;
  private final Slot owner;
  private final Outcome outcome;
  private final List<FetchCall> calls = new ArrayList<>();
  private Reply.@Nullable Failure failure;
  private int awaited;

  /** Who gets the values, or the first failure. */
  interface Outcome {
    void fetched(List<FetchCall> calls, FetchedView view);

    void failed(Reply.Failure why);
  }

  private FetchGather(Session session, Keyspace keyspace, Slot owner, Outcome outcome) {
    this.session = session;
    this.keyspace = keyspace;
    this.owner = owner;
    this.outcome = outcome;
  }

  /**
   * Brings values together, no more of them than a reply may have; the outcome may come before this
   * returns.
   */
  static void values(
      Session session, Keyspace keyspace, List<byte[]> keys, Slot owner, Outcome outcome) {
    new FetchGather(session, keyspace, owner, outcome).start(keys, new GatheredBytes());
  }

  /** The same with versions and expiry alone: the values are empty. */
  static void versions(
      Session session, Keyspace keyspace, List<byte[]> keys, Slot owner, Outcome outcome) {
    new FetchGather(session, keyspace, owner, outcome).start(keys, null);
  }

  private void start(List<byte[]> keys, @Nullable GatheredBytes gathered) {
    SortedMap<Integer, List<byte[]>> byPartition = new TreeMap<>();
    for (byte[] key : keys) {
      byPartition.computeIfAbsent(keyspace.partitionOf(key), _ -> new ArrayList<>()).add(key);
    }
    byPartition.forEach((partition, some) ->
        calls.add(
            new FetchCall(
                session.conversation(keyspace.replica(partition)),
                this,
                some.toArray(byte[][]::new),
                gathered)));
    awaited = calls.size();
    calls.forEach(session.home()::send);
  }

  @Override
  public void answered(Call call) {
    owner.gathered(call);
    if (failure == null) {
      failure = call.failure();
    }
    if (--awaited > 0) {
      return;
    }
    if (failure != null) {
      outcome.failed(failure);
      return;
    }
    FetchedView view = new FetchedView(keyspace.options(), session.wallMillis());
    calls.forEach(view::add);
    outcome.fetched(calls, view);
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
