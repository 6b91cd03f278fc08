package io.distkv.node.replica;

import io.distkv.node.command.CommandTable;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.session.SelectedKeyspace;
import io.distkv.node.world.TestClient;
import io.distkv.node.world.TestNode;
import io.distkv.node.world.TestWorld;
import java.util.ArrayList;
import java.util.List;

/** Sends mutations to the only partition of a node's first keyspace, as a front end would. */
final class InnerClient {
  private static final CommandTable COMMANDS = CommandTable.standard();

  private final TestWorld world;
  private final Replica replica;
  private final Conversation conversation;
  private final List<Reply> replies = new ArrayList<>();
  private final Answer answer =
      new Answer() {
        @Override
        public void answered(Call call) {
          replies.add(((WriteCall) call).reply());
        }

        @Override
        public boolean abandoned() {
          return false;
        }
      };

  InnerClient(TestWorld world, TestNode node) {
    this.world = world;
    replica = SelectedKeyspace.of(node.client(0).session()).replica(0);
    conversation = new Conversation(replica.port(), replica);
  }

  /** A command as a mutation. */
  static Mutation.Single single(String command) {
    return new Mutation.Single((Prepared.Write) ready(command));
  }

  /** Commands as a transaction. */
  static Mutation.Transaction transaction(List<Condition> conditions, String... commands) {
    List<Prepared.Ready> ready = new ArrayList<>();
    for (String command : commands) {
      ready.add(ready(command));
    }
    return new Mutation.Transaction(ready, conditions);
  }

  private static Prepared.Ready ready(String command) {
    return (Prepared.Ready) COMMANDS.prepare(TestClient.words(command));
  }

  Replica replica() {
    return replica;
  }

  /** What is stored beside the tree. */
  byte[] attachment() {
    return replica.writes().applier().attachment().encode();
  }

  /** Has everything put into tables, as a full memtable would. */
  void flush() {
    world.on(replica.port().lane().index(), replica::flush);
    world.advanceMillis(1_000);
  }

  /** Sends without waiting for the answer. */
  void send(Mutation mutation) {
    int lane = replica.port().lane().index();
    world.on(lane, () -> replica.port().send(new WriteCall(conversation, answer, mutation)));
  }

  /** The answers that have come, as texts. */
  List<String> takeAll() {
    List<String> taken = replies.stream().map(TestClient::text).toList();
    replies.clear();
    return taken;
  }

  String call(Mutation mutation) {
    send(mutation);
    world.run();
    List<String> taken = takeAll();
    if (taken.size() != 1) {
      throw new AssertionError(taken.size() + " answers: " + taken);
    }
    return taken.getFirst();
  }

  /** Opens a session. */
  long open() {
    return Long.parseLong(call(new Mutation.OpenSession()).substring(1));
  }

  /** A write of a session that acknowledges nothing. */
  String call(long session, long sequence, String command) {
    return call(session, sequence, single(command));
  }

  String call(long session, long sequence, Mutation.Plain mutation) {
    return call(new Mutation.InSession(session, sequence, 0, mutation));
  }
}
