package io.distkv.node.command;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Everything the node knows of one command. COMMAND, access checks, routing and the documentation
 * are all made from these records, and nothing else describes a command a second time.
 *
 * @param name in lower case; a subcommand has its container's name before a bar, as in {@code
 *     client|id}
 * @param arity number of words with the name; at least {@code -arity} where negative
 * @param flags in the order of {@link Flag}
 * @param categories in the order of {@link Category}
 * @param tips for clients that spread commands over nodes
 * @param keys which words are keys
 * @param keySpecs what is done with them
 * @param scope what part of the data it touches
 * @param docs for people
 * @param subcommands of a container; a container itself cannot run
 * @param parser checks the words
 */
public record CommandSpec(
    String name,
    int arity,
    Set<Flag> flags,
    Set<Category> categories,
    List<String> tips,
    KeyRange keys,
    List<KeySpec> keySpecs,
    Scope scope,
    Docs docs,
    List<CommandSpec> subcommands,
    Parser parser) {

  /** What part of the data a command touches, and so which replicas it must reach. */
  public enum Scope {
    /** No data. */
    NONE,
    /** The keys among its words. */
    KEYS,
    /** Every partition of the selected keyspace. */
    KEYSPACE,
    /** Every partition of every keyspace. */
    NODE
  }

  /**
   * What people read of a command.
   *
   * @param syntax the words after the name: see {@link Syntax}
   * @param deprecatedSince empty if it is not
   */
  record Docs(
      Group group,
      String summary,
      String since,
      String complexity,
      String syntax,
      String deprecatedSince,
      String replacedBy) {}

  /** Checks the words of a command and makes it ready to run. */
  @FunctionalInterface
  interface Parser {
    Prepared parse(CommandSpec spec, Arguments arguments);
  }

  public CommandSpec {
    flags = Collections.unmodifiableSet(EnumSet.copyOf(flags));
    categories = Collections.unmodifiableSet(EnumSet.copyOf(categories));
    tips = List.copyOf(tips);
    keySpecs = List.copyOf(keySpecs);
    subcommands = List.copyOf(subcommands);
  }

  /** Whether it has a flag. */
  public boolean is(Flag flag) {
    return flags.contains(flag);
  }

  /** Whether it looks at what keys hold, and not only at whether there is something. */
  public boolean looksAtValues() {
    return keySpecs.stream().anyMatch(keys -> keys.flags().contains("access"));
  }

  /** The chapter of the documentation that it belongs to. */
  public Group group() {
    return docs.group();
  }

  /** Whether so many words, the name included, fit the arity. */
  boolean accepts(int words) {
    return arity >= 0 ? words == arity : words >= -arity;
  }
}
