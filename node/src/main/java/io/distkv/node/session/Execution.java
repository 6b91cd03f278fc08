package io.distkv.node.session;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.CommandSpec;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Flag;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.command.View;
import io.distkv.node.replica.Condition;
import io.distkv.node.replica.Keyspace;
import io.distkv.node.replica.Mutation;
import io.distkv.node.replica.ReadCall;
import io.distkv.node.replica.Replica;
import io.distkv.node.replica.WriteCall;
import io.distkv.node.session.SnapshotGather.Target;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * One EXEC. What touches data runs first, as one: on one replica as one entry of its log, or, if
 * nothing is written, as one read over snapshots of all replicas concerned. Then what concerns the
 * connection alone runs, and the replies are put together in the order of the commands. Since that
 * may change the session (a SELECT), the requests after such an EXEC are taken when it has ended.
 *
 * <p>A transaction that writes must keep to one partition, its watched keys included, because a
 * partition is what one log makes atomic.
 */
final class Execution {
  static final Reply.Failure CROSS_PARTITION =
      Errors.special(
          ErrorCode.INVALID_ARGUMENT,
          "CROSSSLOT Keys in request don't hash to the same partition; give them a common"
              + " {hash tag}, as in {user1}.name");
  private static final Reply.Failure BROKEN =
      Errors.special(
          ErrorCode.INVALID_ARGUMENT,
          "EXECABORT Transaction discarded because of previous errors.");

  private final Session session;
  private final Slot slot;
  private final Transaction transaction;
  private final Watches watches;
  private final Consumer<Reply> done;
  private final List<Step> steps = new ArrayList<>();
  private final NavigableMap<Long, Target> targets = new TreeMap<>();
  private boolean writes;
  private boolean unbounded;
  private boolean changesSession;

  /** A queued command that touches data, in the keyspace that is selected by then. */
  private record Step(Prepared.Ready command, Keyspace keyspace) {}

  Execution(
      Session session, Slot slot, Transaction transaction, Watches watches, Consumer<Reply> done) {
    this.session = session;
    this.slot = slot;
    this.transaction = transaction;
    this.watches = watches;
    this.done = done;
  }

  /** Whether the versions of all watched keys are known. */
  boolean ready() {
    return !watches.pending();
  }

  /** Begins; {@code done} is told now or later. */
  void start() {
    if (transaction.broken()) {
      end(BROKEN);
      return;
    }
    plan();
    if (changesSession) {
      session.hold();
    }
    if (targets.isEmpty()) {
      finish(List.of());
    } else if (targets.size() == 1) {
      Target target = targets.firstEntry().getValue();
      if (writes) {
        write(target.replica());
      } else {
        read(target);
      }
    } else if (writes) {
      end(CROSS_PARTITION);
    } else {
      SnapshotGather.start(
          session, targets.values(), slot, views -> runReads(views::apply), this::ran);
    }
  }

  private void end(Reply reply) {
    done.accept(reply);
    if (changesSession) {
      session.resume();
    }
  }

  private void plan() {
    Keyspace keyspace = session.keyspace();
    for (Prepared prepared : transaction.commands()) {
      if (!(prepared instanceof Prepared.Ready command)) {
        continue;
      }
      if (command.spec().scope() == CommandSpec.Scope.NONE) {
        keyspace = selectedBy(command, keyspace);
        changesSession = true;
      } else {
        steps.add(new Step(command, keyspace));
        writes |= command instanceof Prepared.Write;
        unbounded |= command.spec().is(Flag.UNBOUNDED);
        addTargets(command, keyspace);
      }
    }
    for (Watches.Watched watched : watches.all()) {
      addTarget(watched.keyspace(), watched.keyspace().partitionOf(watched.condition().key()));
    }
  }

  /** The keyspace that is selected after a command, if it is a SELECT of one that exists. */
  private Keyspace selectedBy(Prepared.Ready command, Keyspace before) {
    if (!command.spec().name().equals("select")) {
      return before;
    }
    Keyspace selected = session.services().keyspaces().find(command.arguments().text(1));
    return selected == null ? before : selected;
  }

  private void addTargets(Prepared.Ready command, Keyspace keyspace) {
    switch (command.spec().scope()) {
      case KEYS -> {
        int keys = command.keyCount();
        for (int i = 0; i < keys; i++) {
          addTarget(keyspace, keyspace.partitionOf(command.key(i)));
        }
      }
      case KEYSPACE -> addAll(keyspace);
      case NODE -> session.services().keyspaces().all().forEach(this::addAll);
      case NONE -> throw new IllegalStateException(command.spec().name() + " touches no data");
    }
  }

  private void addAll(Keyspace keyspace) {
    for (int partition = 0; partition < keyspace.partitions(); partition++) {
      addTarget(keyspace, partition);
    }
  }

  private void addTarget(Keyspace keyspace, int partition) {
    Replica replica = keyspace.replica(partition);
    targets.put(replica.identity().id(), new Target(keyspace, replica));
  }

  private void write(Replica replica) {
    Mutation mutation =
        new Mutation.Transaction(
            steps.stream().map(Step::command).toList(),
            watches.all().stream().map(Watches.Watched::condition).toList());
    CallOutcome outcome = new CallOutcome(slot, this::ran);
    session.home().send(new WriteCall(session.conversation(replica), outcome, mutation));
  }

  private void read(Target target) {
    CallOutcome outcome = new CallOutcome(slot, this::ran);
    session
        .home()
        .send(
            new ReadCall(
                session.conversation(target.replica()),
                outcome,
                view -> runReads(_ -> view),
                unbounded));
  }

  private Reply runReads(IntFunction<View> views) {
    for (Watches.Watched watched : watches.all()) {
      Condition condition = watched.condition();
      if (!condition.holds(views.apply(watched.keyspace().number()))) {
        return Reply.NULL_ARRAY;
      }
    }
    List<Reply> replies = new ArrayList<>(steps.size());
    for (Step step : steps) {
      Prepared.Read read = (Prepared.Read) step.command();
      replies.add(read.run(views.apply(step.keyspace().number())));
    }
    return new Reply.Array(replies);
  }

  private void ran(Reply outcome) {
    if (outcome instanceof Reply.Array replies) {
      finish(replies.elements());
    } else {
      end(outcome);
    }
  }

  private void finish(List<Reply> dataReplies) {
    assemble(transaction.commands().iterator(), dataReplies.iterator(), new ArrayList<>());
  }

  /** Collects the replies from here on; goes on later where one comes later. */
  private void assemble(
      Iterator<Prepared> commands, Iterator<Reply> dataReplies, List<Reply> replies) {
    while (commands.hasNext()) {
      switch (commands.next()) {
        case Prepared.Refused refused -> replies.add(refused.error());
        case Prepared.Read _, Prepared.Write _ -> replies.add(dataReplies.next());
        case Prepared.Converse converse -> replies.add(session.converse(converse, slot));
        case Prepared.Control control -> {
          session.control(
              control,
              slot,
              reply -> {
                replies.add(reply);
                assemble(commands, dataReplies, replies);
              });
          return;
        }
      }
    }
    end(new Reply.Array(replies));
  }
}
