package io.distkv.node.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * All commands by name. Looks names up without regard to case and without making garbage, since
 * that happens once per request.
 *
 * <p>Immutable; any thread.
 */
public final class CommandTable {
  /** The version of Redis whose behaviour clients may rely on. */
  public static final String REDIS_VERSION = "7.0.15";

  private static final int MAX_ECHOED = 128;

  private final List<CommandSpec> commands;
  private final @Nullable CommandSpec[] slots;

  /** A table of these commands, subcommands inside their containers. */
  CommandTable(List<CommandSpec> specs) {
    commands = specs.stream().sorted(Comparator.comparing(CommandSpec::name)).toList();
    slots = new CommandSpec[Integer.highestOneBit(commands.size() * 4)];
    for (CommandSpec spec : commands) {
      int slot = hash(Bytes.ascii(spec.name()));
      while (slots[slot] != null) {
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = spec;
    }
  }

  /** The table of every command that DistKV has. */
  public static CommandTable standard() {
    List<CommandSpec> specs = new ArrayList<>();
    specs.addAll(StringCommands.specs());
    specs.addAll(SetCommands.specs());
    specs.addAll(RangeCommands.specs());
    specs.addAll(NumberCommands.specs());
    specs.add(Lcs.spec());
    specs.addAll(BitmapCommands.specs());
    specs.addAll(VersionedCommands.specs());
    specs.addAll(VersionedReads.specs());
    specs.addAll(KeyCommands.specs());
    specs.addAll(MoveCommands.specs());
    specs.addAll(ExpireCommands.specs());
    specs.addAll(ObjectCommands.specs());
    specs.addAll(ScanCommands.specs(new ScanPositions()));
    specs.addAll(ConnectionCommands.specs());
    specs.addAll(ClientCommands.specs());
    specs.addAll(TransactionCommands.specs());
    specs.addAll(ServerCommands.specs());
    specs.add(SlowLogCommands.spec());
    specs.addAll(KeyspaceCommands.specs());
    AtomicReference<CommandTable> table = new AtomicReference<>();
    specs.addAll(CommandCommands.specs(table::get));
    table.set(new CommandTable(specs));
    return table.get();
  }

  /** All commands in the order of their names, without the subcommands. */
  public List<CommandSpec> commands() {
    return commands;
  }

  /** The command of this name in any case, or null; not for subcommands. */
  public @Nullable CommandSpec find(byte[] name) {
    int slot = hash(name);
    for (CommandSpec spec = slots[slot]; spec != null; spec = slots[slot]) {
      if (Bytes.equalsIgnoreCase(name, spec.name())) {
        return spec;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    return null;
  }

  /**
   * The command or subcommand that words call, or null. A container alone, or with a word that is
   * none of its subcommands, is null in the latter case only.
   */
  @Nullable CommandSpec resolve(byte[][] words) {
    CommandSpec spec = find(words[0]);
    if (spec == null || spec.subcommands().isEmpty() || words.length == 1) {
      return spec;
    }
    int prefix = spec.name().length() + 1;
    for (CommandSpec sub : spec.subcommands()) {
      if (Bytes.equalsIgnoreCase(words[1], sub.name().substring(prefix))) {
        return sub;
      }
    }
    return null;
  }

  /**
   * Checks a command's words.
   *
   * @param words the name first; not changed by anyone afterwards
   */
  public Prepared prepare(byte[][] words) {
    CommandSpec spec = resolve(words);
    if (spec == null) {
      return new Prepared.Refused(unknown(words), true);
    }
    if (!spec.accepts(words.length)) {
      return new Prepared.Refused(wrongArity(spec), true);
    }
    try {
      return spec.parser().parse(spec, new Arguments(words));
    } catch (CommandException e) {
      return new Prepared.Refused(e.error(), false);
    }
  }

  static Reply.Failure wrongArity(CommandSpec spec) {
    return Errors.invalid("wrong number of arguments for '" + spec.name() + "' command");
  }

  private Reply.Failure unknown(byte[][] words) {
    CommandSpec container = find(words[0]);
    if (container != null) {
      return Errors.invalid(
          "unknown subcommand '"
              + Bytes.cText(words[1], MAX_ECHOED)
              + "'. Try "
              + Bytes.upper(Bytes.cText(words[0], Integer.MAX_VALUE))
              + " HELP.");
    }
    StringBuilder beginning = new StringBuilder();
    for (int i = 1; i < words.length && beginning.length() < MAX_ECHOED; i++) {
      String word = Bytes.cText(words[i], MAX_ECHOED - beginning.length());
      beginning.append('\'').append(word).append("' ");
    }
    return Errors.invalid(
        "unknown command '"
            + Bytes.cText(words[0], MAX_ECHOED)
            + "', with args beginning with: "
            + beginning);
  }

  private int hash(byte[] name) {
    int hash = 17;
    for (byte b : name) {
      hash = hash * 31 + (b | 0x20);
    }
    return (hash ^ (hash >>> 15)) & (slots.length - 1);
  }
}
