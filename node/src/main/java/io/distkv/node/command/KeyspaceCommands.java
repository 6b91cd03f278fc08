package io.distkv.node.command;

import static io.distkv.node.command.Flag.ADMIN;
import static io.distkv.node.command.Flag.NOSCRIPT;
import static io.distkv.node.command.Flag.NO_MULTI;

import io.distkv.node.keyspace.KeyspaceOptions;
import java.util.ArrayList;
import java.util.List;

/** KEYSPACE: which keyspaces the node has, and what they are like. */
final class KeyspaceCommands {
  private static final String SINCE = "0.1.0";
  private static final String CHANGES =
      "[DURABILITY (COMMIT|INTERVAL|NONE)] [INTERVAL milliseconds] [HISTORY milliseconds]"
          + " [COMPRESSION list] [MAXBYTES bytes:integer]";

  private static final List<String> HELP =
      List.of(
          "ALTER <name> <option> <value> [<option> <value> [...]]",
          "    Change a keyspace at once and for good. Options are:",
          "    * DURABILITY (commit|interval|none)",
          "      When a write is acknowledged.",
          "    * INTERVAL <milliseconds>",
          "      How long at most a write of durability interval waits for its sync.",
          "    * HISTORY <milliseconds>",
          "      How long old values can still be read.",
          "    * COMPRESSION <name>[,<name>...]",
          "      How tables are compressed (none|lz4|snappy|zstd), by level from the youngest.",
          "    * MAXBYTES <bytes>",
          "      How much it may take on this node; 0 for no limit.",
          "CREATE <name> [<option> <value> [...]]",
          "    Create a keyspace. Options are those of ALTER, and:",
          "    * NUMBER <number>",
          "      What SELECT calls it (default: one more than the largest).",
          "    * PARTITIONS <number>",
          "      Into how many parts it is split, a power of two (default: 1).",
          "DESCRIBE <name>",
          "    Return what a keyspace is like and about how much it holds.",
          "DROP <name> <name>",
          "    Delete a keyspace with all its keys; the name is given twice.",
          "LIST",
          "    Return the names of all keyspaces and their numbers.");

  private KeyspaceCommands() {}

  static List<CommandSpec> specs() {
    return List.of(
        new SpecBuilder(Group.SERVER, "keyspace", -2)
            .docs(SINCE, "Depends on subcommand.", "A container for commands on keyspaces")
            .subcommands(List.of(create(), alter(), drop(), list(), describe(), help()))
            .container());
  }

  private static SpecBuilder command(String name, int arity) {
    return new SpecBuilder(Group.SERVER, "keyspace|" + name, arity).flags(NOSCRIPT);
  }

  private static CommandSpec create() {
    return command("create", -3)
        .flags(ADMIN, NO_MULTI)
        .docs(SINCE, "O(P) where P is the number of partitions.", "Create a keyspace")
        .syntax("name [NUMBER number:integer] [PARTITIONS partitions:integer] " + CHANGES)
        .control(args -> {
          String name = args.text(2);
          KeyspaceWords words = KeyspaceWords.parse(args, true);
          // What is wrong with it whatever keyspaces there are is said at once.
          words.check(name);
          return (session, node, done) -> node.keyspaces().create(name, words.wish(), done);
        });
  }

  private static CommandSpec alter() {
    return command("alter", -5)
        .flags(ADMIN, NO_MULTI)
        .docs(
            SINCE,
            "O(P) where P is the number of partitions.",
            "Change the durability, history, compression or limit of a keyspace")
        .syntax("name " + CHANGES)
        .control(args -> {
          String name = args.text(2);
          KeyspaceWords words = KeyspaceWords.parse(args, false);
          return (session, node, done) -> node.keyspaces().alter(name, words.wish(), done);
        });
  }

  private static CommandSpec drop() {
    return command("drop", 4)
        .flags(ADMIN, NO_MULTI)
        .docs(
            SINCE,
            "O(F) where F is the number of its files.",
            "Delete a keyspace with all its keys; the name is given twice")
        .syntax("name name-again")
        .control(args -> {
          String name = args.text(2);
          if (!name.equals(args.text(3))) {
            throw CommandException.invalid(
                "the two names differ; the name is given twice, since all keys of the keyspace are"
                    + " deleted");
          }
          return (session, node, done) -> node.keyspaces().drop(name, done);
        });
  }

  private static CommandSpec list() {
    return command("list", 2)
        .docs(
            SINCE,
            "O(N) where N is the number of keyspaces.",
            "Get the names of all keyspaces and their numbers")
        .control(args ->
            (session, node, done) -> {
              List<Reply> pairs = new ArrayList<>();
              for (KeyspaceOptions keyspace : node.keyspaces().all()) {
                pairs.add(Reply.bulk(keyspace.name()));
                pairs.add(Reply.of(keyspace.number()));
              }
              done.accept(new Reply.Pairs(pairs));
            });
  }

  private static CommandSpec describe() {
    return command("describe", 3)
        .docs(
            SINCE,
            "O(P) where P is the number of partitions.",
            "Get what a keyspace is like and about how much it holds")
        .syntax("name")
        .control(args -> {
          String name = args.text(2);
          return (session, node, done) -> node.keyspaces().describe(name, done);
        });
  }

  private static CommandSpec help() {
    return command("help", 2)
        .docs(SINCE, "O(1)", "Show helpful text about the different subcommands")
        .converse(args -> session -> Help.reply("KEYSPACE", HELP));
  }
}
