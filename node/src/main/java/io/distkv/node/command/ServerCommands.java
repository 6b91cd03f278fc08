package io.distkv.node.command;

import static io.distkv.node.command.Flag.ADMIN;
import static io.distkv.node.command.Flag.FAST;
import static io.distkv.node.command.Flag.LOADING;
import static io.distkv.node.command.Flag.NOSCRIPT;
import static io.distkv.node.command.Flag.STALE;

import io.distkv.node.command.NodeControl.Field;
import io.distkv.node.command.NodeControl.InfoSection;
import io.distkv.node.command.NodeControl.Setting;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The node itself: INFO, CONFIG, TIME. */
final class ServerCommands {
  /** Sections that INFO shows only when asked for them or for all. */
  private static final List<String> NOT_BY_DEFAULT = List.of("commandstats", "latencystats");

  private static final List<String> ALL = List.of("all", "everything");

  private static final List<String> CONFIG_HELP =
      List.of(
          "GET <pattern>",
          "    Return parameters matching the glob-like <pattern> and their values.",
          "SET <directive> <value>",
          "    Set the configuration <directive> to <value>.",
          "RESETSTAT",
          "    Reset statistics reported by the INFO command.");

  private ServerCommands() {}

  static List<CommandSpec> specs() {
    return List.of(info(), time(), config());
  }

  private static CommandSpec info() {
    return new SpecBuilder(Group.SERVER, "info", -1)
        .categories(Category.DANGEROUS)
        .flags(LOADING, STALE)
        .tips("nondeterministic_output", "request_policy:all_shards", "response_policy:special")
        .docs("1.0.0", "O(1)", "Get information and statistics about the server")
        .syntax("[section...]")
        .control(args -> {
          Set<String> wanted = new LinkedHashSet<>();
          for (int i = 1; i < args.size(); i++) {
            wanted.add(args.text(i).toLowerCase(Locale.ROOT));
          }
          return (session, node, done) ->
              node.info(sections -> done.accept(info(sections, wanted)));
        });
  }

  private static Reply info(List<InfoSection> sections, Set<String> wanted) {
    boolean byDefault = wanted.isEmpty() || wanted.contains("default");
    boolean all = ALL.stream().anyMatch(wanted::contains);
    StringBuilder text = new StringBuilder();
    for (InfoSection section : sections) {
      boolean shown =
          all
              || wanted.contains(section.name())
              || (byDefault && !NOT_BY_DEFAULT.contains(section.name()));
      if (shown) {
        text.append(text.isEmpty() ? "# " : "\r\n# ").append(title(section.name())).append("\r\n");
        for (Field field : section.fields()) {
          text.append(field.name()).append(':').append(field.value()).append("\r\n");
        }
      }
    }
    return new Reply.Verbatim("txt", text.toString());
  }

  private static String title(String section) {
    return section.equals("cpu")
        ? "CPU"
        : section.substring(0, 1).toUpperCase(Locale.ROOT) + section.substring(1);
  }

  private static CommandSpec time() {
    return new SpecBuilder(Group.SERVER, "time", 1)
        .flags(LOADING, STALE, FAST)
        .tips("nondeterministic_output")
        .docs("2.6.0", "O(1)", "Return the current server time")
        .control(args ->
            (session, node, done) -> {
              long micros = node.wallMicros();
              done.accept(
                  Reply.array(
                      Reply.bulk(Long.toString(micros / 1_000_000)),
                      Reply.bulk(Long.toString(micros % 1_000_000))));
            });
  }

  private static CommandSpec config() {
    return new SpecBuilder(Group.SERVER, "config", -2)
        .docs("2.0.0", "Depends on subcommand.", "A container for server configuration commands")
        .subcommands(List.of(configGet(), configSet(), configResetStat(), configHelp()))
        .container();
  }

  private static SpecBuilder configCommand(String name, int arity) {
    return new SpecBuilder(Group.SERVER, "config|" + name, arity)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE);
  }

  private static CommandSpec configGet() {
    return configCommand("get", -3)
        .docs(
            "2.0.0",
            "O(N) when N is the number of configuration parameters provided",
            "Get the values of configuration parameters")
        .syntax("parameter=(parameter)...")
        .control(args -> {
          List<GlobPattern> patterns = new ArrayList<>();
          for (int i = 2; i < args.size(); i++) {
            patterns.add(GlobPattern.ignoringCase(args.bytes(i)));
          }
          return (session, node, done) -> {
            List<Reply> found = new ArrayList<>();
            for (Setting setting : node.settings()) {
              byte[] name = Bytes.ascii(setting.name());
              if (patterns.stream().anyMatch(pattern -> pattern.matches(name))) {
                found.add(Reply.bulk(name));
                found.add(Reply.bulk(setting.value()));
              }
            }
            done.accept(new Reply.Pairs(found));
          };
        });
  }

  private static CommandSpec configSet() {
    return configCommand("set", -4)
        .tips("request_policy:all_nodes", "response_policy:all_succeeded")
        .docs(
            "2.0.0",
            "O(N) when N is the number of configuration parameters provided",
            "Set configuration parameters to the given values")
        .syntax("parameter_value=(parameter value)...")
        .control(args -> {
          List<Setting> changes = parseChanges(args);
          return (session, node, done) -> {
            String wrong = node.set(changes);
            done.accept(wrong == null ? Reply.OK : Errors.invalid(wrong));
          };
        });
  }

  private static List<Setting> parseChanges(Arguments args) {
    if (args.size() % 2 != 0) {
      throw new CommandException(Errors.SYNTAX);
    }
    List<Setting> changes = new ArrayList<>();
    for (int i = 2; i < args.size(); i += 2) {
      String name = args.text(i).toLowerCase(Locale.ROOT);
      if (changes.stream().anyMatch(change -> change.name().equals(name))) {
        throw CommandException.invalid(
            "CONFIG SET failed (possibly related to argument '"
                + args.text(i)
                + "') - duplicate parameter");
      }
      changes.add(new Setting(name, args.text(i + 1)));
    }
    return changes;
  }

  private static CommandSpec configResetStat() {
    return configCommand("resetstat", 2)
        .docs("2.0.0", "O(1)", "Reset the stats returned by INFO")
        .control(args ->
            (session, node, done) -> {
              node.resetStatistics();
              done.accept(Reply.OK);
            });
  }

  private static CommandSpec configHelp() {
    return new SpecBuilder(Group.SERVER, "config|help", 2)
        .flags(LOADING, STALE)
        .docs("5.0.0", "O(1)", "Show helpful text about the different subcommands")
        .converse(args -> session -> Help.reply("CONFIG", CONFIG_HELP));
  }
}
