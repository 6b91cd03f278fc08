package io.distkv.node.session;

import io.distkv.base.ErrorCode;
import io.distkv.base.Version;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.command.View;
import io.distkv.node.replica.Condition;
import io.distkv.node.replica.Keyspace;
import io.distkv.node.replica.Mutation;
import io.distkv.node.replica.ReadCall;
import io.distkv.node.replica.Refusals;
import io.distkv.node.replica.ReplyList;
import io.distkv.node.replica.WriteCall;
import io.distkv.node.session.SnapshotGather.Target;
import io.distkv.node.session.TransactionPlan.Flush;
import io.distkv.node.session.TransactionPlan.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * One EXEC. What touches data runs first, as one: on one replica as one entry of its log, or, if
 * nothing is written, as one read over snapshots of all replicas concerned. Then what concerns the
 * connection alone runs, and the replies are put together in the order of the commands. Since that
 * may change the session (a SELECT), the requests after such an EXEC are taken when it has ended.
 *
 * <p>A transaction that writes must keep to one partition, its watched keys included, because a
 * partition is what one log makes atomic. FLUSHALL and FLUSHDB alone may reach further, as they do
 * without MULTI: the other partitions are emptied once the transaction has taken effect in its own.
 */
final class Execution {
  static final Reply.Failure CROSS_PARTITION =
      Errors.special(
          ErrorCode.INVALID_ARGUMENT,
          "CROSSSLOT Keys in request don't hash to the same partition; give them a common"
              + " {hash tag}, as in {user1}.name");
  private static final Reply.Failure CROSS_KEYSPACE =
      Errors.special(
          ErrorCode.INVALID_ARGUMENT,
          "CROSSSLOT a transaction that writes must keep to one keyspace, watched keys included");
  private static final Reply.Failure BROKEN =
      Errors.special(
          ErrorCode.INVALID_ARGUMENT,
          "EXECABORT Transaction discarded because of previous errors.");

  private final Session session;
  private final Slot slot;
  private final Transaction transaction;
  private final Watches watches;
  private final Consumer<Reply> done;
  private final TransactionPlan plan;

  Execution(
      Session session, Slot slot, Transaction transaction, Watches watches, Consumer<Reply> done) {
    this.session = session;
    this.slot = slot;
    this.transaction = transaction;
    this.watches = watches;
    this.done = done;
    plan = new TransactionPlan();
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
    plan.add(session.services().keyspaces().now(), session.keyspace(), transaction, watches);
    if (plan.holdsUpWhatFollows()) {
      session.hold();
    }
    Keyspace gone = plan.gone();
    if (gone != null) {
      end(Refusals.dropped(gone.name()));
      return;
    }
    Collection<Target> targets = plan.targets();
    if (targets.isEmpty() && !plan.writes()) {
      finish(List.of());
    } else if (plan.writes()) {
      if (targets.size() > 1) {
        end(plan.isOfOneKeyspace() ? CROSS_PARTITION : CROSS_KEYSPACE);
      } else if (!session.admitsTransaction(slot)) {
        end(Admission.REFUSED);
      } else {
        write(plan.main());
      }
    } else if (targets.size() == 1) {
      read(targets.iterator().next());
    } else {
      SnapshotGather.start(
          session, targets, Version.LATEST, slot, views -> runReads(views::apply), this::ran);
    }
  }

  private void end(Reply reply) {
    done.accept(reply);
    if (plan.holdsUpWhatFollows()) {
      session.resume();
    }
  }

  private void write(Target main) {
    Mutation mutation =
        new Mutation.Transaction(
            plan.steps().stream().filter(step -> step.concerns(main)).map(Step::command).toList(),
            watches.all().stream().map(Watches.Watched::condition).toList());
    CallOutcome outcome = new CallOutcome(slot, reply -> wrote(main, reply));
    session.home().send(new WriteCall(session.conversation(main.replica()), outcome, mutation));
  }

  /** The transaction has taken effect in its own partition, or not: then nothing else does. */
  private void wrote(Target main, Reply outcome) {
    if (!(outcome instanceof Reply.Array(List<Reply> replies))) {
      end(outcome);
      return;
    }
    SortedMap<Long, Flush> elsewhere = plan.flushedBeside(main);
    if (elsewhere.isEmpty()) {
      finish(replies);
      return;
    }
    WriteGather gather =
        new WriteGather(slot, elsewhere.size(), flushed -> finish(joined(main, replies, flushed)));
    elsewhere
        .values()
        .forEach(flush ->
            session
                .home()
                .send(
                    new WriteCall(
                        session.conversation(flush.target().replica()),
                        gather,
                        new Mutation.Single(flush.command()))));
  }

  /** The replies of the steps that ran in the main partition, and of the flushes of the others. */
  private List<Reply> joined(Target main, List<Reply> replies, Reply flushed) {
    Iterator<Reply> own = replies.iterator();
    List<Reply> all = new ArrayList<>();
    for (Step step : plan.steps()) {
      Reply reply = step.concerns(main) ? own.next() : flushed;
      all.add(step.flushes() && flushed instanceof Reply.Failure ? flushed : reply);
    }
    return all;
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
                plan.unbounded(),
                Version.LATEST));
  }

  private Reply runReads(IntFunction<View> views) {
    for (Watches.Watched watched : watches.all()) {
      Condition condition = watched.condition();
      if (!condition.holds(views.apply(watched.keyspace().number()))) {
        return Reply.NULL_ARRAY;
      }
    }
    ReplyList replies = new ReplyList(plan.steps().size());
    for (Step step : plan.steps()) {
      Prepared.Read read = (Prepared.Read) step.command();
      replies.add(read.run(views.apply(step.keyspace().number())));
    }
    return replies.reply();
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
