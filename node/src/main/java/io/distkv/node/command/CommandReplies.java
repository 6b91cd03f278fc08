package io.distkv.node.command;

import io.distkv.node.command.CommandSpec.Docs;
import io.distkv.node.command.Syntax.Argument;
import java.util.ArrayList;
import java.util.List;

/** What COMMAND INFO and COMMAND DOCS say of one command, in the shape that Redis 7 gives it. */
final class CommandReplies {
  /** What SET does with its key if it is not asked for the old value. */
  private static final List<String> BLIND_FLAGS = List.of("OW", "update");

  private CommandReplies() {}

  private static Reply statuses(List<String> names) {
    return new Reply.Members(names.stream().map(name -> (Reply) new Reply.Simple(name)).toList());
  }

  /** Ten fields: name, arity, flags, first key, last key, step, categories, tips, keys, below. */
  static Reply info(CommandSpec spec) {
    return Reply.array(
        Reply.bulk(spec.name()),
        Reply.of(spec.arity()),
        statuses(spec.flags().stream().filter(Flag::shown).map(Flag::redisName).toList()),
        Reply.of(spec.keys().first()),
        Reply.of(spec.keys().last()),
        Reply.of(spec.keys().step()),
        statuses(spec.categories().stream().map(Category::redisName).toList()),
        new Reply.Members(spec.tips().stream().map(Reply::bulk).toList()),
        new Reply.Members(spec.keySpecs().stream().map(CommandReplies::keySpec).toList()),
        new Reply.Members(spec.subcommands().stream().map(CommandReplies::info).toList()));
  }

  private static Reply keySpec(KeySpec run) {
    List<Reply> fields = new ArrayList<>();
    if (!run.notes().isEmpty()) {
      put(fields, "notes", Reply.bulk(run.notes()));
    }
    put(fields, "flags", statuses(run.flags()));
    put(
        fields,
        "begin_search",
        pairs("type", Reply.bulk("index"), "spec", pairs("index", Reply.of(run.index()))));
    put(
        fields,
        "find_keys",
        pairs(
            "type",
            Reply.bulk("range"),
            "spec",
            pairs(
                "lastkey",
                Reply.of(run.last()),
                "keystep",
                Reply.of(run.step()),
                "limit",
                Reply.ZERO)));
    return new Reply.Pairs(fields);
  }

  /** The flags of one key in a real call, where SET's depend on its options. */
  static Reply flagsOfKey(KeySpec run, byte[][] words) {
    List<String> flags = run.flags();
    if (flags.contains("variable_flags")) {
      Arguments args = new Arguments(words);
      boolean reads = false;
      for (int i = 3; i < words.length; i++) {
        reads |= args.is(i, "GET");
      }
      List<String> reading = flags.stream().filter(flag -> !flag.equals("variable_flags")).toList();
      flags = reads ? reading : BLIND_FLAGS;
    }
    return statuses(flags);
  }

  private static void put(List<Reply> fields, String name, Reply value) {
    fields.add(Reply.bulk(name));
    fields.add(value);
  }

  private static Reply pairs(Object... namesAndValues) {
    List<Reply> flat = new ArrayList<>();
    for (Object part : namesAndValues) {
      flat.add(part instanceof Reply reply ? reply : Reply.bulk((String) part));
    }
    return new Reply.Pairs(flat);
  }

  /** Adds the name and then the documentation. */
  static void addDocs(CommandSpec spec, List<Reply> target) {
    Docs docs = spec.docs();
    List<Reply> fields = new ArrayList<>();
    put(fields, "summary", Reply.bulk(docs.summary()));
    put(fields, "since", Reply.bulk(docs.since()));
    put(fields, "group", Reply.bulk(docs.group().redisName()));
    put(fields, "complexity", Reply.bulk(docs.complexity()));
    if (!docs.deprecatedSince().isEmpty()) {
      put(fields, "doc_flags", statuses(List.of("deprecated")));
      put(fields, "deprecated_since", Reply.bulk(docs.deprecatedSince()));
      put(fields, "replaced_by", Reply.bulk(docs.replacedBy()));
    }
    List<Argument> arguments = Syntax.parse(docs.syntax());
    if (!arguments.isEmpty()) {
      put(fields, "arguments", arguments(arguments, new KeyCounter(spec)));
    }
    if (!spec.subcommands().isEmpty()) {
      List<Reply> below = new ArrayList<>();
      spec.subcommands().forEach(sub -> addDocs(sub, below));
      put(fields, "subcommands", new Reply.Pairs(below));
    }
    put(target, spec.name(), new Reply.Pairs(fields));
  }

  /** Tells which key specification each key argument belongs to: one each, or one for all. */
  private static final class KeyCounter {
    private final int specs;
    private int next;

    KeyCounter(CommandSpec spec) {
      specs = spec.keySpecs().size();
    }

    int next() {
      return Math.min(next++, specs - 1);
    }
  }

  private static Reply arguments(List<Argument> arguments, KeyCounter keys) {
    List<Reply> replies = new ArrayList<>();
    for (Argument argument : arguments) {
      List<Reply> fields = new ArrayList<>();
      put(fields, "name", Reply.bulk(argument.name()));
      put(fields, "type", Reply.bulk(argument.type()));
      if (argument.type().equals("key")) {
        put(fields, "key_spec_index", Reply.of(keys.next()));
      }
      if (!argument.token().isEmpty()) {
        put(fields, "token", Reply.bulk(argument.token()));
      }
      List<String> flags = new ArrayList<>();
      if (argument.optional()) {
        flags.add("optional");
      }
      if (argument.multiple()) {
        flags.add("multiple");
      }
      if (!flags.isEmpty()) {
        put(fields, "flags", statuses(flags));
      }
      if (!argument.nested().isEmpty()) {
        put(fields, "arguments", arguments(argument.nested(), keys));
      }
      replies.add(new Reply.Pairs(fields));
    }
    return new Reply.Array(replies);
  }
}
