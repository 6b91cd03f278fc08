package io.distkv.node.command;

import static io.distkv.node.command.Flag.LOADING;
import static io.distkv.node.command.Flag.READONLY;
import static io.distkv.node.command.Flag.STALE;

import io.distkv.base.Version;
import java.util.List;
import java.util.function.BiFunction;

/** OBJECT: how a value is kept, as far as that means anything here. */
final class ObjectCommands {
  /** Longest value that Redis keeps beside its header. */
  private static final int EMBEDDED_BYTES = 44;

  private static final int MAX_INTEGER_CHARS = 20;

  private static final Reply.Failure NO_FREQUENCY =
      Errors.invalid(
          "An LFU maxmemory policy is not selected, access frequency not tracked. Please note that"
              + " when switching between policies at runtime LRU and LFU data will take some time"
              + " to adjust.");

  private static final List<String> HELP =
      List.of(
          "ENCODING <key>",
          "    Return the kind of internal representation used in order to store the value",
          "    associated with a <key>.",
          "FREQ <key>",
          "    Return the access frequency index of the <key>. The returned integer is",
          "    proportional to the logarithm of the recent access frequency of the key.",
          "IDLETIME <key>",
          "    Return the idle time of the <key>, that is the approximated number of",
          "    seconds elapsed since the last access to the key.",
          "REFCOUNT <key>",
          "    Return the number of references of the value associated with the specified",
          "    <key>.");

  private ObjectCommands() {}

  static List<CommandSpec> specs() {
    return List.of(
        new SpecBuilder(Group.GENERIC, "object", -2)
            .docs(
                "2.2.3", "Depends on subcommand.", "A container for object introspection commands")
            .subcommands(
                List.of(
                    about(
                        "encoding",
                        "2.2.3",
                        "Inspect the internal encoding of a Redis object",
                        (view, value) -> Reply.bulk(encoding(value))),
                    about(
                        "freq",
                        "4.0.0",
                        "Get the logarithmic access frequency counter of a Redis object",
                        (view, value) -> NO_FREQUENCY),
                    about(
                        "idletime",
                        "2.2.3",
                        "Get the time since a Redis object was last written",
                        (view, value) -> idleSeconds(view, value)),
                    about(
                        "refcount",
                        "2.2.3",
                        "Get the number of references to the value of the key",
                        (view, value) -> Reply.ONE),
                    help()))
            .container());
  }

  private static CommandSpec about(
      String name, String since, String summary, BiFunction<View, Value, Reply> answer) {
    return new SpecBuilder(Group.GENERIC, "object|" + name, 3)
        .categories(Category.KEYSPACE)
        .flags(READONLY)
        .key(KeySpec.one("RO", 2))
        .tips("nondeterministic_output")
        .docs(since, "O(1)", summary)
        .syntax("key")
        .read(args -> {
          byte[] key = args.key(2);
          return view -> {
            Value value = view.get(key);
            return value == null ? Reply.NULL : answer.apply(view, value);
          };
        });
  }

  private static CommandSpec help() {
    return new SpecBuilder(Group.GENERIC, "object|help", 2)
        .categories(Category.KEYSPACE)
        .flags(LOADING, STALE)
        .docs("6.2.0", "O(1)", "Show helpful text about the different subcommands")
        .converse(args -> session -> Help.reply("OBJECT", HELP));
  }

  /** What Redis would choose for a value that was just set. */
  private static String encoding(Value value) {
    boolean integer =
        value.length() <= MAX_INTEGER_CHARS
            && Numbers.isInteger(value.array(), value.offset(), value.length());
    return integer ? "int" : value.length() <= EMBEDDED_BYTES ? "embstr" : "raw";
  }

  /** Reads leave no trace, so the time counts from the last write. */
  private static Reply idleSeconds(View view, Value value) {
    return Reply.of(Math.max(0, view.nowMillis() - Version.millis(value.version())) / 1_000);
  }
}
