package io.distkv.node.command;

import io.distkv.base.Version;
import io.distkv.node.command.CommandSpec.Docs;
import io.distkv.node.command.CommandSpec.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/**
 * Describes one command step by step, and derives what follows from the rest: categories from the
 * flags and group, the plain key range from the key specifications.
 */
final class SpecBuilder {
  private final String name;
  private final int arity;
  private final Group group;
  private final EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
  private final EnumSet<Category> categories = EnumSet.noneOf(Category.class);
  private final List<KeySpec> keySpecs = new ArrayList<>();
  private KeyRange keys = KeyRange.NONE;
  private Scope scope = Scope.NONE;
  private List<String> tips = List.of();
  private List<CommandSpec> subcommands = List.of();
  private String summary = "";
  private String since = "";
  private String complexity = "";
  private String syntax = "";
  private String deprecatedSince = "";
  private String replacedBy = "";

  SpecBuilder(Group group, String name, int arity) {
    this.group = group;
    this.name = name;
    this.arity = arity;
  }

  SpecBuilder flags(Flag... more) {
    flags.addAll(Arrays.asList(more));
    return this;
  }

  /** Categories beyond those that follow from flags and group. */
  SpecBuilder categories(Category... more) {
    categories.addAll(Arrays.asList(more));
    return this;
  }

  SpecBuilder key(KeySpec spec) {
    keySpecs.add(spec);
    return this;
  }

  SpecBuilder scope(Scope wider) {
    scope = wider;
    return this;
  }

  SpecBuilder tips(String... hints) {
    tips = List.of(hints);
    return this;
  }

  SpecBuilder subcommands(List<CommandSpec> specs) {
    subcommands = specs;
    return this;
  }

  SpecBuilder docs(String since, String complexity, String summary) {
    this.since = since;
    this.complexity = complexity;
    this.summary = summary;
    return this;
  }

  /** Says that another command should be used instead. */
  SpecBuilder deprecated(String since, String replacement) {
    deprecatedSince = since;
    replacedBy = replacement;
    return this;
  }

  /** The words after the name: see {@link Syntax}. */
  SpecBuilder syntax(String words) {
    syntax = words;
    return this;
  }

  CommandSpec read(Parsing<Prepared.Reading> parsing) {
    return build(
        (spec, args) -> new Prepared.Read(spec, args, Version.LATEST, parsing.parse(args)));
  }

  /** A read that may ask for the past. */
  CommandSpec readAsOf(Parsing<AsOf> parsing) {
    return build((spec, args) -> {
      AsOf read = parsing.parse(args);
      return new Prepared.Read(spec, args, read.version(), read.action());
    });
  }

  /** What a read does, and as of which version. */
  record AsOf(long version, Prepared.Reading action) {}

  /** A write that reads its keys first. */
  CommandSpec readAndWrite(Parsing<Prepared.Writing> parsing) {
    return build((spec, args) -> new Prepared.Write(spec, args, true, parsing.parse(args)));
  }

  /** A write that never looks at what was there. */
  CommandSpec writeBlindly(Parsing<Prepared.Writing> parsing) {
    return build((spec, args) -> new Prepared.Write(spec, args, false, parsing.parse(args)));
  }

  CommandSpec converse(Parsing<Prepared.Conversing> parsing) {
    return build((spec, args) -> new Prepared.Converse(spec, args, parsing.parse(args)));
  }

  CommandSpec control(Parsing<Prepared.Controlling> parsing) {
    return build((spec, args) -> new Prepared.Control(spec, args, parsing.parse(args)));
  }

  /** A command that only holds subcommands: the table never runs it. */
  CommandSpec container() {
    return build((spec, args) -> {
      throw new CommandException(CommandTable.wrongArity(spec));
    });
  }

  CommandSpec build(CommandSpec.Parser parser) {
    deriveCategories();
    deriveKeys();
    return new CommandSpec(
        name,
        arity,
        flags,
        categories,
        tips,
        keys,
        keySpecs,
        scope,
        new Docs(group, summary, since, complexity, syntax, deprecatedSince, replacedBy),
        subcommands,
        parser);
  }

  private void deriveCategories() {
    if (flags.contains(Flag.WRITE)) {
      categories.add(Category.WRITE);
    }
    if (flags.contains(Flag.READONLY)) {
      categories.add(Category.READ);
    }
    if (flags.contains(Flag.ADMIN)) {
      categories.add(Category.ADMIN);
      categories.add(Category.DANGEROUS);
    }
    categories.add(flags.contains(Flag.FAST) ? Category.FAST : Category.SLOW);
    switch (group) {
      case STRING -> categories.add(Category.STRING);
      case BITMAP -> categories.add(Category.BITMAP);
      case TRANSACTIONS -> categories.add(Category.TRANSACTION);
      case VERSIONED -> categories.add(Category.KEYSPACE);
      case GENERIC, CONNECTION, SERVER -> {
        // Redis sorts these one by one.
      }
    }
  }

  /** As Redis does: the smallest range that covers all runs. */
  private void deriveKeys() {
    if (keySpecs.isEmpty()) {
      return;
    }
    KeySpec first = keySpecs.getFirst();
    KeySpec last = keySpecs.getLast();
    int end = last.last() < 0 ? last.last() : last.index() + last.last();
    keys = new KeyRange(first.index(), end, first.step());
    scope = Scope.KEYS;
  }

  /** Checks words and gives what runs afterwards. */
  @FunctionalInterface
  interface Parsing<A> {
    A parse(Arguments arguments);
  }
}
