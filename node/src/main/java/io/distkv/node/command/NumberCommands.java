package io.distkv.node.command;

import static io.distkv.node.command.Flag.DENYOOM;
import static io.distkv.node.command.Flag.FAST;
import static io.distkv.node.command.Flag.WRITE;

import java.util.List;

/** Values that are numbers: INCR, DECR and their like. */
final class NumberCommands {
  private static final Reply.Failure OVERFLOW =
      Errors.invalid("increment or decrement would overflow");

  private NumberCommands() {}

  static List<CommandSpec> specs() {
    return List.of(step("incr", 1), step("decr", -1), incrBy(), decrBy(), incrByFloat());
  }

  private static SpecBuilder command(String name, int arity) {
    return new SpecBuilder(Group.STRING, name, arity)
        .flags(WRITE, DENYOOM, FAST)
        .key(KeySpec.one("RW access update", 1));
  }

  private static CommandSpec step(String name, int by) {
    String verb = by > 0 ? "Increment" : "Decrement";
    return command(name, 2)
        .docs("1.0.0", "O(1)", verb + " the integer value of a key by one")
        .syntax("key")
        .readAndWrite(args -> {
          byte[] key = args.key(1);
          return store -> add(store, key, by);
        });
  }

  private static CommandSpec incrBy() {
    return command("incrby", 3)
        .docs("1.0.0", "O(1)", "Increment the integer value of a key by the given amount")
        .syntax("key increment")
        .readAndWrite(args -> {
          byte[] key = args.key(1);
          long by = args.integer(2);
          return store -> add(store, key, by);
        });
  }

  private static CommandSpec decrBy() {
    return command("decrby", 3)
        .docs("1.0.0", "O(1)", "Decrement the integer value of a key by the given number")
        .syntax("key decrement")
        .readAndWrite(args -> {
          byte[] key = args.key(1);
          long by = args.integer(2);
          if (by == Long.MIN_VALUE) {
            throw CommandException.invalid("decrement would overflow");
          }
          return store -> add(store, key, -by);
        });
  }

  private static Reply add(Store store, byte[] key, long by) {
    Value old = store.get(key);
    long after = sum(old == null ? 0 : number(old), by);
    Writes.replace(store, key, old, Bytes.ascii(Long.toString(after)));
    return Reply.of(after);
  }

  /** The whole number that a value is; anything else ends the command. */
  static long number(Value value) {
    return Numbers.parse(value.array(), value.offset(), value.length(), Errors.NOT_AN_INTEGER);
  }

  /** The sum of two numbers; one that 64 bits cannot hold ends the command. */
  static long sum(long before, long by) {
    long after = before + by;
    if (((before ^ after) & (by ^ after)) < 0) {
      throw new CommandException(OVERFLOW);
    }
    return after;
  }

  private static CommandSpec incrByFloat() {
    return command("incrbyfloat", 3)
        .docs("2.6.0", "O(1)", "Increment the float value of a key by the given amount")
        .syntax("key increment:double")
        .readAndWrite(args -> {
          byte[] key = args.key(1);
          ExtendedFloat by = ExtendedFloat.parse(args.text(2));
          return store -> {
            Value old = store.get(key);
            ExtendedFloat before =
                old == null ? ExtendedFloat.ZERO : ExtendedFloat.parse(Bytes.text(old.copy()));
            byte[] after = Bytes.ascii(before.plus(by).toString());
            Writes.replace(store, key, old, after);
            return Reply.bulk(after);
          };
        });
  }
}
