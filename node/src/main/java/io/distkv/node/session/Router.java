package io.distkv.node.session;

import io.distkv.node.command.CommandSpec;
import io.distkv.node.command.Flag;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.Conversation;
import io.distkv.node.replica.FetchCall;
import io.distkv.node.replica.FetchedView;
import io.distkv.node.replica.Keyspace;
import io.distkv.node.replica.Mutation;
import io.distkv.node.replica.ReadCall;
import io.distkv.node.replica.Replica;
import io.distkv.node.replica.WriteCall;
import io.distkv.node.session.SnapshotGather.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a session's commands to where their data is: key → slot → partition → replica → lane.
 *
 * <p>A command whose keys are in one partition goes there whole. A read whose keys are in several
 * runs here, over their values brought together; a read of a whole keyspace runs on a worker over
 * snapshots of all its partitions; so no command has code of its own for it. A write whose keys are
 * in several partitions is refused; one of whole keyspaces becomes one entry in each log.
 */
final class Router {
  private final Session session;
  private final ReplyLine line;

  Router(Session session, ReplyLine line) {
    this.session = session;
    this.line = line;
  }

  void read(Prepared.Read read, boolean silent, long sizeBytes) {
    Keyspace keyspace = session.keyspace();
    if (read.spec().scope() != CommandSpec.Scope.KEYS) {
      readKeyspace(read, keyspace, silent, sizeBytes);
      return;
    }
    Replica replica = onlyReplica(keyspace, read);
    if (replica == null) {
      fetch(read, keyspace, silent, sizeBytes);
      return;
    }
    Conversation conversation = session.conversation(replica);
    boolean unbounded = read.spec().is(Flag.UNBOUNDED);
    boolean onWorker = unbounded || read.ofThePast();
    Reply reply = onWorker ? null : tryRead(replica, conversation, read);
    if (reply != null) {
      line.answerNow(read, reply, silent);
      return;
    }
    Slot slot = line.append(read, silent, sizeBytes);
    session.home().send(new ReadCall(conversation, slot, read::run, unbounded, read.asOf()));
  }

  private @Nullable Reply tryRead(Replica replica, Conversation conversation, Prepared.Read read) {
    if (replica.port() == session.home()) {
      return replica.tryRead(conversation, read);
    }
    return session.inFlight() == 0 ? replica.tryReadInPlace(read) : null;
  }

  /** The replica that all keys of a command belong to; null if there are several. */
  static @Nullable Replica onlyReplica(Keyspace keyspace, Prepared.Ready command) {
    int partition = keyspace.partitionOf(command.key(0));
    if (keyspace.partitions() > 1) {
      int keys = command.keyCount();
      for (int i = 1; i < keys; i++) {
        if (keyspace.partitionOf(command.key(i)) != partition) {
          return null;
        }
      }
    }
    return keyspace.replica(partition);
  }

  private void fetch(Prepared.Read read, Keyspace keyspace, boolean silent, long sizeBytes) {
    List<byte[]> keys = new ArrayList<>();
    int count = read.keyCount();
    for (int i = 0; i < count; i++) {
      keys.add(read.key(i));
    }
    Slot slot = line.append(read, silent, sizeBytes);
    FetchGather.Outcome outcome =
        new FetchGather.Outcome() {
          @Override
          public void fetched(List<FetchCall> calls, FetchedView view) {
            slot.fill(read.run(view));
          }

          @Override
          public void failed(Reply.Failure why) {
            slot.fill(why);
          }
        };
    if (read.spec().looksAtValues()) {
      FetchGather.values(session, keyspace, keys, slot, outcome);
    } else {
      FetchGather.versions(session, keyspace, keys, slot, outcome);
    }
  }

  private void readKeyspace(Prepared.Read read, Keyspace keyspace, boolean silent, long sizeBytes) {
    Slot slot = line.append(read, silent, sizeBytes);
    List<Target> targets =
        keyspace.replicas().stream().map(replica -> new Target(keyspace, replica)).toList();
    SnapshotGather.start(
        session,
        targets,
        read.asOf(),
        slot,
        views -> read.run(views.apply(keyspace.number())),
        slot::fill);
  }

  void write(Prepared.Write write, boolean silent, long sizeBytes) {
    switch (write.spec().scope()) {
      case KEYS -> {
        Replica replica = onlyReplica(session.keyspace(), write);
        if (replica == null) {
          line.answerNow(write, Execution.CROSS_PARTITION, silent);
          return;
        }
        Slot slot = line.append(write, silent, sizeBytes);
        session
            .home()
            .send(new WriteCall(session.conversation(replica), slot, new Mutation.Single(write)));
      }
      case KEYSPACE -> writeAll(write, session.keyspace().replicas(), silent, sizeBytes);
      case NODE -> {
        List<Replica> all = new ArrayList<>();
        session.services().keyspaces().now().all().forEach(one -> all.addAll(one.replicas()));
        writeAll(write, all, silent, sizeBytes);
      }
      case NONE -> throw new IllegalStateException(write.spec().name() + " writes nowhere");
    }
  }

  private void writeAll(
      Prepared.Write write, List<Replica> replicas, boolean silent, long sizeBytes) {
    Slot slot = line.append(write, silent, sizeBytes);
    WriteGather gather = new WriteGather(slot, replicas.size(), slot::fill);
    for (Replica replica : replicas) {
      Mutation mutation = new Mutation.Single(write);
      session.home().send(new WriteCall(session.conversation(replica), gather, mutation));
    }
  }
}
