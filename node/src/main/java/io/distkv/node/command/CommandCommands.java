package io.distkv.node.command;

import static io.distkv.node.command.Flag.LOADING;
import static io.distkv.node.command.Flag.STALE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** COMMAND: the table as clients ask for it, usually right after they connect. */
final class CommandCommands {
  private static final List<String> HELP =
      List.of(
          "(no subcommand)",
          "    Return details about all Redis commands.",
          "COUNT",
          "    Return the total number of commands in this Redis server.",
          "LIST",
          "    Return a list of all commands in this Redis server.",
          "INFO [<command-name> ...]",
          "    Return details about multiple Redis commands.",
          "    If no command names are given, documentation details for all",
          "    commands are returned.",
          "DOCS [<command-name> ...]",
          "    Return documentation details about multiple Redis commands.",
          "    If no command names are given, documentation details for all",
          "    commands are returned.",
          "GETKEYS <full-command>",
          "    Return the keys from a full Redis command.",
          "GETKEYSANDFLAGS <full-command>",
          "    Return the keys and the access flags from a full Redis command.");

  private final Supplier<CommandTable> table;

  private CommandCommands(Supplier<CommandTable> table) {
    this.table = table;
  }

  /** The commands about a table that is complete only once they are in it. */
  static List<CommandSpec> specs(Supplier<CommandTable> table) {
    CommandCommands commands = new CommandCommands(table);
    return List.of(commands.command());
  }

  private CommandSpec command() {
    return new SpecBuilder(Group.SERVER, "command", -1)
        .categories(Category.CONNECTION)
        .flags(LOADING, STALE)
        .tips("nondeterministic_output_order")
        .docs(
            "2.8.13",
            "O(N) where N is the total number of Redis commands",
            "Get array of Redis command details")
        .subcommands(
            List.of(
                count(),
                list(),
                about(
                    "info",
                    "2.8.13",
                    "Get array of specific Redis command details, or all when no argument is given.",
                    this::infoOf),
                about(
                    "docs",
                    "7.0.0",
                    "Get array of specific Redis command documentation",
                    this::docsOf),
                keysOf("getkeys", "2.8.13", "Extract keys given a full Redis command", false),
                keysOf(
                    "getkeysandflags",
                    "7.0.0",
                    "Extract keys and access flags given a full Redis command",
                    true),
                help()))
        .converse(args -> session -> infoOf(args));
  }

  private static SpecBuilder subcommand(String name, int arity) {
    return new SpecBuilder(Group.SERVER, "command|" + name, arity)
        .categories(Category.CONNECTION)
        .flags(LOADING, STALE);
  }

  private CommandSpec count() {
    return subcommand("count", 2)
        .docs("2.8.13", "O(1)", "Get total number of Redis commands")
        .converse(args -> session -> Reply.of(table.get().commands().size()));
  }

  private CommandSpec list() {
    return subcommand("list", -2)
        .tips("nondeterministic_output_order")
        .docs(
            "7.0.0",
            "O(N) where N is the total number of Redis commands",
            "Get an array of Redis command names")
        .syntax("[FILTERBY filterby=(MODULE module-name|ACLCAT category|PATTERN pattern)]")
        .converse(args -> {
          Predicate<CommandSpec> filter = parseFilter(args);
          return session -> {
            List<Reply> names = new ArrayList<>();
            for (CommandSpec spec : table.get().commands()) {
              addNames(spec, filter, args.size() > 2, names);
            }
            return new Reply.Array(names);
          };
        });
  }

  /** Redis tells the subcommands only where it filters. */
  private static void addNames(
      CommandSpec spec, Predicate<CommandSpec> filter, boolean deep, List<Reply> names) {
    if (filter.test(spec)) {
      names.add(Reply.bulk(spec.name()));
    }
    if (deep) {
      spec.subcommands().forEach(sub -> addNames(sub, filter, true, names));
    }
  }

  private static Predicate<CommandSpec> parseFilter(Arguments args) {
    if (args.size() == 2) {
      return spec -> true;
    }
    if (args.size() != 5 || !args.is(2, "FILTERBY")) {
      throw new CommandException(Errors.SYNTAX);
    }
    if (args.is(3, "MODULE")) {
      return spec -> false;
    }
    if (args.is(3, "ACLCAT")) {
      String wanted = "@" + args.text(4).toLowerCase(Locale.ROOT);
      return spec -> spec.categories().stream().anyMatch(c -> c.redisName().equals(wanted));
    }
    if (args.is(3, "PATTERN")) {
      GlobPattern pattern = GlobPattern.ignoringCase(args.bytes(4));
      return spec -> pattern.matches(Bytes.ascii(spec.name()));
    }
    throw new CommandException(Errors.SYNTAX);
  }

  private interface Answer {
    Reply of(Arguments args);
  }

  private static CommandSpec about(String name, String since, String summary, Answer answer) {
    return subcommand(name, -2)
        .tips("nondeterministic_output_order")
        .docs(since, "O(N) where N is the number of commands to look up", summary)
        .syntax("[command-name...]")
        .converse(args -> session -> answer.of(args));
  }

  /** The command or subcommand of a name such as {@code client|id}, or null. */
  private @Nullable CommandSpec named(byte[] name) {
    String text = Bytes.text(name);
    int bar = text.indexOf('|');
    if (bar < 0) {
      return table.get().find(name);
    }
    byte[][] words = {Bytes.ascii(text.substring(0, bar)), Bytes.ascii(text.substring(bar + 1))};
    CommandSpec container = table.get().find(words[0]);
    return container == null || container.subcommands().isEmpty()
        ? null
        : table.get().resolve(words);
  }

  private Reply infoOf(Arguments args) {
    List<Reply> replies = new ArrayList<>();
    if (args.size() <= 2) {
      table.get().commands().forEach(spec -> replies.add(CommandReplies.info(spec)));
    }
    for (int i = 2; i < args.size(); i++) {
      CommandSpec spec = named(args.bytes(i));
      replies.add(spec == null ? Reply.NULL : CommandReplies.info(spec));
    }
    return new Reply.Array(replies);
  }

  private Reply docsOf(Arguments args) {
    List<Reply> replies = new ArrayList<>();
    if (args.size() == 2) {
      table.get().commands().forEach(spec -> CommandReplies.addDocs(spec, replies));
    }
    for (int i = 2; i < args.size(); i++) {
      CommandSpec spec = named(args.bytes(i));
      if (spec != null) {
        CommandReplies.addDocs(spec, replies);
      }
    }
    return new Reply.Pairs(replies);
  }

  private CommandSpec keysOf(String name, String since, String summary, boolean withFlags) {
    return subcommand(name, -4)
        .docs(since, "O(N) where N is the number of arguments to the command", summary)
        .syntax("command [arg...]")
        .converse(args -> session -> keysOf(args, withFlags));
  }

  private Reply keysOf(Arguments args, boolean withFlags) {
    byte[][] words = Arrays.copyOfRange(args.words(), 2, args.size());
    CommandSpec spec = table.get().resolve(words);
    if (spec == null) {
      throw CommandException.invalid("Invalid command specified");
    }
    if (spec.keySpecs().isEmpty()) {
      throw CommandException.invalid("The command has no key arguments");
    }
    if (!spec.accepts(words.length)) {
      throw CommandException.invalid("Invalid number of arguments specified for command");
    }
    List<Reply> keys = new ArrayList<>();
    for (KeySpec run : spec.keySpecs()) {
      int last = run.last() < 0 ? words.length + run.last() : run.index() + run.last();
      for (int i = run.index(); i <= last; i += run.step()) {
        Reply key = Reply.bulk(words[i]);
        keys.add(withFlags ? Reply.array(key, CommandReplies.flagsOfKey(run, words)) : key);
      }
    }
    return new Reply.Array(keys);
  }

  private static CommandSpec help() {
    return subcommand("help", 2)
        .docs("5.0.0", "O(1)", "Show helpful text about the different subcommands")
        .converse(args -> session -> Help.reply("COMMAND", HELP));
  }
}
