package io.distkv.node.command;

import static io.distkv.node.command.Flag.DENYOOM;
import static io.distkv.node.command.Flag.FAST;
import static io.distkv.node.command.Flag.WRITE;

import io.distkv.node.command.Expiry.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes that tell versions and may hang on them: KV.PUT, KV.DELETE, KV.INCR, KV.BATCH. What gRPC
 * and HTTP offer is made of these and of {@link VersionedReads}; Redis clients may use them, too.
 */
final class VersionedCommands {
  /** The version of DistKV that had them first. */
  static final String SINCE = "0.1.0";

  private VersionedCommands() {}

  static List<CommandSpec> specs() {
    return List.of(put(), delete(), increment(), batch());
  }

  static SpecBuilder command(String name, int arity) {
    return new SpecBuilder(Group.VERSIONED, name, arity);
  }

  private static CommandSpec put() {
    return command("kv.put", -3)
        .flags(WRITE, DENYOOM)
        .key(KeySpec.one("RW access update variable_flags", 1))
        .docs(
            SINCE,
            "O(1)",
            "Set the value of a key, perhaps on a condition; answers its version, and what the key"
                + " had where PREVIOUS asks for it")
        .syntax(
            "key value condition=[IFABSENT|IFPRESENT|IFVERSION version] expiration=[TTL"
                + " milliseconds|EXPIREAT unix-time-milliseconds|KEEPTTL] [PREVIOUS]")
        .build((spec, args) -> {
          KeyWrite.Put put = parsePut(args);
          return new Prepared.Write(spec, args, put.readsKey(), put);
        });
  }

  private static KeyWrite.Put parsePut(Arguments args) {
    byte[] key = args.key(1);
    byte[] value = args.value(2);
    WriteOptions options = WriteOptions.parse(args, 3, "kv.put");
    return new KeyWrite.Put(
        key, value, options.condition, options.expiry, options.keepExpiry, options.returnPrevious);
  }

  private static CommandSpec delete() {
    return command("kv.delete", -2)
        .flags(WRITE, FAST)
        .key(KeySpec.one("RW access delete", 1))
        .docs(
            SINCE,
            "O(1)",
            "Remove a key, perhaps on a condition; answers the version of the removal, null if"
                + " there was no such key, and what it had where PREVIOUS asks for it")
        .syntax("key [IFVERSION version] [PREVIOUS]")
        .readAndWrite(args -> {
          byte[] key = args.key(1);
          WriteOptions options = WriteOptions.parse(args, 2, "kv.delete");
          boolean foreign = options.expiry != null || options.keepExpiry;
          if (foreign || options.condition.kind() == VersionCondition.Kind.ABSENT) {
            throw new CommandException(Errors.SYNTAX);
          }
          return new KeyWrite.Delete(key, options.condition, options.returnPrevious);
        });
  }

  private static CommandSpec increment() {
    return command("kv.incr", -3)
        .flags(WRITE, DENYOOM, FAST)
        .key(KeySpec.one("RW access update", 1))
        .docs(
            SINCE,
            "O(1)",
            "Add to the whole number that a key holds; answers the sum and its version. An absent"
                + " key counts as INITIAL, or 0, and then takes the TTL")
        .syntax("key increment [INITIAL number:integer] [TTL milliseconds]")
        .readAndWrite(args -> {
          byte[] key = args.key(1);
          long by = args.integer(2);
          long initial = 0;
          Expiry expiry = null;
          for (int i = 3; i < args.size(); i += 2) {
            boolean hasValue = i + 1 < args.size();
            if (hasValue && args.is(i, "INITIAL")) {
              initial = args.integer(i + 1);
            } else if (hasValue && args.is(i, "TTL")) {
              expiry = expiry(Unit.PX, args, i + 1, "kv.incr");
            } else {
              throw new CommandException(Errors.SYNTAX);
            }
          }
          return new KeyWrite.Increment(key, by, initial, expiry);
        });
  }

  private static CommandSpec batch() {
    return command("kv.batch", -1 - KeyBatch.WORDS)
        .flags(WRITE, DENYOOM)
        .key(KeySpec.of("RW access update delete variable_flags", 2, -1, KeyBatch.WORDS))
        .docs(
            SINCE,
            "O(N) where N is the number of operations.",
            "Do several operations as one: all of them, or none if one fails. Value and condition"
                + " are as in the single commands, - where there is none; a value that is none is"
                + " empty; life is milliseconds, KEEP or -")
        .syntax("(GET|PUT|DELETE|INCR key value condition:string life:string)...")
        .readAndWrite(KeyBatch::parse);
  }

  /** A life that a word says, which must be longer than nothing. */
  static Expiry expiry(Unit unit, Arguments args, int index, String command) {
    Expiry expiry = new Expiry(unit, args.integer(index), command);
    expiry.checkPositive();
    return expiry;
  }

  /** Conditions and life, in any order; of two that contradict each other, neither is taken. */
  private static final class WriteOptions {
    VersionCondition condition = VersionCondition.NONE;
    @Nullable Expiry expiry;
    boolean keepExpiry;
    boolean returnPrevious;

    private WriteOptions() {}

    static WriteOptions parse(Arguments args, int from, String command) {
      WriteOptions options = new WriteOptions();
      for (int i = from; i < args.size(); i++) {
        if (args.is(i, "PREVIOUS")) {
          options.returnPrevious = true;
        } else if (args.is(i, "IFABSENT")) {
          options.require(VersionCondition.ABSENT);
        } else if (args.is(i, "IFPRESENT")) {
          options.require(VersionCondition.PRESENT);
        } else if (args.is(i, "KEEPTTL")) {
          options.live(null);
        } else if (i + 1 < args.size() && args.is(i, "IFVERSION")) {
          options.require(VersionCondition.version(args, ++i));
        } else if (i + 1 < args.size() && args.is(i, "TTL")) {
          options.live(VersionedCommands.expiry(Unit.PX, args, ++i, command));
        } else if (i + 1 < args.size() && args.is(i, "EXPIREAT")) {
          options.live(VersionedCommands.expiry(Unit.PXAT, args, ++i, command));
        } else {
          throw new CommandException(Errors.SYNTAX);
        }
      }
      return options;
    }

    private void require(VersionCondition one) {
      if (condition.kind() != VersionCondition.Kind.NONE) {
        throw new CommandException(Errors.SYNTAX);
      }
      condition = one;
    }

    private void live(@Nullable Expiry until) {
      if (expiry != null || keepExpiry) {
        throw new CommandException(Errors.SYNTAX);
      }
      expiry = until;
      keepExpiry = until == null;
    }
  }
}
