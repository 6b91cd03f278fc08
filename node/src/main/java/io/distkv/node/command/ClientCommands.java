package io.distkv.node.command;

import static io.distkv.node.command.Flag.ADMIN;
import static io.distkv.node.command.Flag.LOADING;
import static io.distkv.node.command.Flag.NOSCRIPT;
import static io.distkv.node.command.Flag.STALE;

import io.distkv.node.command.SessionState.ReplyMode;
import java.util.List;
import java.util.function.BiConsumer;

/** CLIENT: what a connection says of itself. Looking at others is in {@link ClientSelection}. */
final class ClientCommands {
  private static final List<String> HELP =
      List.of(
          "GETNAME",
          "    Return the name of the current connection.",
          "ID",
          "    Return the ID of the current connection.",
          "INFO",
          "    Return information about the current client connection.",
          "KILL <ip:port>",
          "    Kill connection made from <ip:port>.",
          "KILL <option> <value> [<option> <value> [...]]",
          "    Kill connections. Options are:",
          "    * ADDR <ip:port>",
          "      Kill connections made from the specified address",
          "    * LADDR <ip:port>",
          "      Kill connections made to specified local address",
          "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
          "      Kill connections by type.",
          "    * USER <username>",
          "      Kill connections authenticated by <username>.",
          "    * SKIPME (YES|NO)",
          "      Skip killing current connection (default: yes).",
          "LIST [options ...]",
          "    Return information about client connections. Options:",
          "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
          "      Return clients of specified type.",
          "NO-EVICT (ON|OFF)",
          "    Protect current client connection from eviction.",
          "NO-TOUCH (ON|OFF)",
          "    Reads of this connection do not count as uses of a key.",
          "REPLY (ON|OFF|SKIP)",
          "    Control the replies sent to the current connection.",
          "SETINFO <option> <value>",
          "    Tell the client library. Options are: LIB-NAME, LIB-VER.",
          "SETNAME <name>",
          "    Assign the name <name> to the current connection.");

  private ClientCommands() {}

  static List<CommandSpec> specs() {
    return List.of(
        new SpecBuilder(Group.CONNECTION, "client", -2)
            .docs("2.4.0", "Depends on subcommand.", "A container for client connection commands")
            .subcommands(
                List.of(
                    id(),
                    getName(),
                    setName(),
                    setInfo(),
                    info(),
                    ClientSelection.list(),
                    ClientSelection.kill(),
                    reply(),
                    onOff(
                        "no-evict",
                        "7.0.0",
                        "Set client eviction mode for the current connection",
                        true,
                        SessionState::setNoEvict),
                    onOff(
                        "no-touch",
                        "7.2.0",
                        "Whether reads of this connection leave the idle time of keys alone",
                        false,
                        SessionState::setNoTouch),
                    help()))
            .container());
  }

  static SpecBuilder command(String name, int arity) {
    return new SpecBuilder(Group.CONNECTION, "client|" + name, arity)
        .categories(Category.CONNECTION)
        .flags(NOSCRIPT, LOADING, STALE);
  }

  private static CommandSpec id() {
    return command("id", 2)
        .docs("5.0.0", "O(1)", "Returns the client ID for the current connection")
        .converse(args -> session -> Reply.of(session.id()));
  }

  private static CommandSpec getName() {
    return command("getname", 2)
        .docs("2.6.9", "O(1)", "Get the current connection name")
        .converse(args ->
            session ->
                session.name().isEmpty() ? Reply.NULL : Reply.bulk(Bytes.ascii(session.name())));
  }

  private static CommandSpec setName() {
    return command("setname", 3)
        .docs("2.6.9", "O(1)", "Set the current connection name")
        .syntax("connection-name")
        .converse(args -> {
          ConnectionCommands.checkClientName(args.bytes(2));
          return session -> {
            session.setName(args.text(2));
            return Reply.OK;
          };
        });
  }

  private static CommandSpec setInfo() {
    return command("setinfo", 4)
        .docs("7.2.0", "O(1)", "Set information specific to the client library")
        .syntax("attr=(LIB-NAME libname|LIB-VER libver)")
        .converse(args -> {
          boolean name = args.is(2, "LIB-NAME");
          if (!name && !args.is(2, "LIB-VER")) {
            throw CommandException.invalid(
                "Unrecognized option '" + Bytes.cText(args.bytes(2), 128) + "'");
          }
          ConnectionCommands.checkName(name ? "lib-name" : "lib-ver", args.bytes(3));
          return session -> {
            session.setLibrary(
                name ? args.text(3) : session.libraryName(),
                name ? session.libraryVersion() : args.text(3));
            return Reply.OK;
          };
        });
  }

  private static CommandSpec info() {
    return command("info", 2)
        .tips("nondeterministic_output")
        .docs("6.2.0", "O(1)", "Returns information about the current client connection.")
        .converse(args ->
            session -> new Reply.Verbatim("txt", ClientSelection.describe(session.info()) + "\n"));
  }

  private static CommandSpec reply() {
    return command("reply", 3)
        .docs("3.2.0", "O(1)", "Instruct the server whether to reply to commands")
        .syntax("on_off_skip=(ON|OFF|SKIP)")
        .converse(args -> {
          for (ReplyMode mode : ReplyMode.values()) {
            if (args.is(2, mode.name())) {
              return session -> {
                session.setReplyMode(mode);
                return Reply.OK;
              };
            }
          }
          throw new CommandException(Errors.SYNTAX);
        });
  }

  private static CommandSpec onOff(
      String name,
      String since,
      String summary,
      boolean admin,
      BiConsumer<SessionState, Boolean> setter) {
    SpecBuilder builder = command(name, 3);
    if (admin) {
      builder.flags(ADMIN);
    }
    return builder
        .docs(since, "O(1)", summary)
        .syntax("enabled=(ON|OFF)")
        .converse(args -> {
          boolean on = args.is(2, "ON");
          if (!on && !args.is(2, "OFF")) {
            throw new CommandException(Errors.SYNTAX);
          }
          return session -> {
            setter.accept(session, on);
            return Reply.OK;
          };
        });
  }

  private static CommandSpec help() {
    return new SpecBuilder(Group.CONNECTION, "client|help", 2)
        .categories(Category.CONNECTION)
        .flags(LOADING, STALE)
        .docs("5.0.0", "O(1)", "Show helpful text about the different subcommands")
        .converse(args -> session -> Help.reply("CLIENT", HELP));
  }
}
