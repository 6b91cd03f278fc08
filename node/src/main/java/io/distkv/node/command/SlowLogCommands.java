package io.distkv.node.command;

import static io.distkv.node.command.Flag.ADMIN;
import static io.distkv.node.command.Flag.LOADING;
import static io.distkv.node.command.Flag.STALE;

import java.util.List;

/** SLOWLOG: the commands that took long, and what their time was spent on. */
final class SlowLogCommands {
  private static final int SHOWN_BY_DEFAULT = 10;

  private static final Reply.Failure BAD_COUNT =
      Errors.invalid("count should be greater than or equal to -1");

  private static final List<String> HELP =
      List.of(
          "GET [<count>]",
          "    Return top <count> entries from the slowlog (default: 10, -1 mean all).",
          "    Entries are made of:",
          "    id, timestamp, time in microseconds, arguments array, client IP and port,",
          "    client name, what the time was spent on",
          "LEN",
          "    Return the length of the slowlog.",
          "RESET",
          "    Reset the slowlog.");

  private SlowLogCommands() {}

  static CommandSpec spec() {
    return new SpecBuilder(Group.SERVER, "slowlog", -2)
        .docs("2.2.12", "Depends on subcommand.", "A container for slow log commands")
        .subcommands(List.of(get(), length(), reset(), help()))
        .container();
  }

  private static SpecBuilder command(String name, int arity) {
    return new SpecBuilder(Group.SERVER, "slowlog|" + name, arity).flags(ADMIN, LOADING, STALE);
  }

  private static CommandSpec get() {
    return command("get", -2)
        .tips("request_policy:all_nodes", "nondeterministic_output")
        .docs(
            "2.2.12",
            "O(N) where N is the number of entries returned",
            "Get the slow log's entries")
        .syntax("[count]")
        .control(args -> {
          if (args.size() > 3) {
            throw CommandException.invalid(
                "unknown subcommand or wrong number of arguments for '"
                    + args.text(1)
                    + "'. Try SLOWLOG HELP.");
          }
          long count = args.size() < 3 ? SHOWN_BY_DEFAULT : args.integer(2, BAD_COUNT);
          if (count < -1) {
            throw new CommandException(BAD_COUNT);
          }
          int most = count < 0 ? Integer.MAX_VALUE : (int) Math.min(count, Integer.MAX_VALUE);
          return (session, node, done) ->
              done.accept(
                  new Reply.Array(
                      node.slowLog().newest(most).stream().map(SlowLogCommands::reply).toList()));
        });
  }

  private static Reply reply(SlowLog.Entry entry) {
    return Reply.array(
        Reply.of(entry.id()),
        Reply.of(entry.endedMillis() / 1000),
        Reply.of(entry.micros()),
        new Reply.Array(entry.words().stream().map(Reply::bulk).toList()),
        Reply.bulk(entry.address()),
        Reply.bulk(entry.name()),
        Reply.bulk(entry.parts()));
  }

  private static CommandSpec length() {
    return command("len", 2)
        .tips("request_policy:all_nodes", "response_policy:agg_sum", "nondeterministic_output")
        .docs("2.2.12", "O(1)", "Get the slow log's length")
        .control(args -> (session, node, done) -> done.accept(Reply.of(node.slowLog().size())));
  }

  private static CommandSpec reset() {
    return command("reset", 2)
        .tips("request_policy:all_nodes", "response_policy:all_succeeded")
        .docs(
            "2.2.12",
            "O(N) where N is the number of entries in the slowlog",
            "Clear all entries from the slow log")
        .control(args ->
            (session, node, done) -> {
              node.slowLog().clear();
              done.accept(Reply.OK);
            });
  }

  private static CommandSpec help() {
    return new SpecBuilder(Group.SERVER, "slowlog|help", 2)
        .flags(LOADING, STALE)
        .docs("6.2.0", "O(1)", "Show helpful text about the different subcommands")
        .converse(args -> session -> Help.reply("SLOWLOG", HELP));
  }
}
