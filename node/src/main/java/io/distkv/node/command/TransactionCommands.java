package io.distkv.node.command;

import static io.distkv.node.command.Flag.ALLOW_BUSY;
import static io.distkv.node.command.Flag.FAST;
import static io.distkv.node.command.Flag.LOADING;
import static io.distkv.node.command.Flag.NOSCRIPT;
import static io.distkv.node.command.Flag.SKIP_SLOWLOG;
import static io.distkv.node.command.Flag.STALE;

import java.util.ArrayList;
import java.util.List;

/** Several commands as one: MULTI, EXEC, DISCARD, WATCH, UNWATCH. */
final class TransactionCommands {
  private TransactionCommands() {}

  static List<CommandSpec> specs() {
    return List.of(multi(), exec(), discard(), watch(), unwatch());
  }

  private static SpecBuilder command(String name, int arity) {
    return new SpecBuilder(Group.TRANSACTIONS, name, arity).flags(NOSCRIPT, LOADING, STALE);
  }

  private static SpecBuilder fast(String name, int arity) {
    return command(name, arity).flags(FAST, ALLOW_BUSY);
  }

  private static CommandSpec multi() {
    return fast("multi", 1)
        .docs("1.2.0", "O(1)", "Mark the start of a transaction block")
        .converse(args ->
            session -> {
              if (session.inTransaction()) {
                throw CommandException.invalid("MULTI calls can not be nested");
              }
              session.beginTransaction();
              return Reply.OK;
            });
  }

  private static CommandSpec exec() {
    return command("exec", 1)
        .flags(SKIP_SLOWLOG)
        .docs(
            "1.2.0",
            "Depends on commands in the transaction",
            "Execute all commands issued after MULTI")
        .control(args ->
            (session, node, done) -> {
              requireTransaction(session, "EXEC");
              session.execute(done);
            });
  }

  private static CommandSpec discard() {
    return fast("discard", 1)
        .docs(
            "2.0.0",
            "O(N), when N is the number of queued commands",
            "Discard all commands issued after MULTI")
        .converse(args ->
            session -> {
              requireTransaction(session, "DISCARD");
              session.discardTransaction();
              return Reply.OK;
            });
  }

  private static void requireTransaction(SessionState session, String name) {
    if (!session.inTransaction()) {
      throw CommandException.invalid(name + " without MULTI");
    }
  }

  private static CommandSpec watch() {
    return fast("watch", -2)
        .key(KeySpec.of("RO", 1, -1, 1))
        .docs(
            "2.2.0",
            "O(1) for every key.",
            "Watch the given keys to determine execution of the MULTI/EXEC block")
        .syntax("key...")
        .control(args -> {
          args.keys(1, 1);
          List<byte[]> keys = new ArrayList<>();
          for (int i = 1; i < args.size(); i++) {
            keys.add(args.bytes(i));
          }
          return (session, node, done) -> {
            if (session.inTransaction()) {
              throw CommandException.invalid("WATCH inside MULTI is not allowed");
            }
            session.watch(keys, done);
          };
        });
  }

  private static CommandSpec unwatch() {
    return fast("unwatch", 1)
        .docs("2.2.0", "O(1)", "Forget about all watched keys")
        .converse(args ->
            session -> {
              session.unwatch();
              return Reply.OK;
            });
  }
}
