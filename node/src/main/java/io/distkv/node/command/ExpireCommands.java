package io.distkv.node.command;

import static io.distkv.node.command.Flag.FAST;
import static io.distkv.node.command.Flag.READONLY;
import static io.distkv.node.command.Flag.WRITE;

import io.distkv.node.command.Expiry.Unit;
import java.util.List;
import java.util.function.ToLongBiFunction;

/** When keys end: EXPIRE, TTL, PERSIST and their like. */
final class ExpireCommands {
  private static final String CONDITION = " condition=[NX|XX|GT|LT]";

  private ExpireCommands() {}

  static List<CommandSpec> specs() {
    return List.of(
        expire("expire", "1.0.0", Unit.EX, "seconds", "Set a key's time to live in seconds"),
        expire(
            "pexpire",
            "2.6.0",
            Unit.PX,
            "milliseconds",
            "Set a key's time to live in milliseconds"),
        expire(
            "expireat",
            "1.2.0",
            Unit.EXAT,
            "unix-time-seconds",
            "Set the expiration for a key as a UNIX timestamp"),
        expire(
            "pexpireat",
            "2.6.0",
            Unit.PXAT,
            "unix-time-milliseconds",
            "Set the expiration for a key as a UNIX timestamp specified in milliseconds"),
        tell(
            command("ttl", 2)
                .docs("1.0.0", "O(1)", "Get the time to live for a key in seconds")
                .tips("nondeterministic_output"),
            (at, now) -> seconds(Math.max(0, at - now))),
        tell(
            command("pttl", 2)
                .docs("2.6.0", "O(1)", "Get the time to live for a key in milliseconds")
                .tips("nondeterministic_output"),
            (at, now) -> Math.max(0, at - now)),
        tell(
            command("expiretime", 2)
                .docs("7.0.0", "O(1)", "Get the expiration Unix timestamp for a key"),
            (at, now) -> seconds(at)),
        tell(
            command("pexpiretime", 2)
                .docs(
                    "7.0.0", "O(1)", "Get the expiration Unix timestamp for a key in milliseconds"),
            (at, now) -> at),
        persist());
  }

  private static SpecBuilder command(String name, int arity) {
    return new SpecBuilder(Group.GENERIC, name, arity).categories(Category.KEYSPACE).flags(FAST);
  }

  /** Rounded; unsigned, because the largest times there are would overflow by the rounding. */
  private static long seconds(long millis) {
    return Long.divideUnsigned(millis + 500, 1_000);
  }

  private static CommandSpec expire(
      String name, String since, Unit unit, String amount, String summary) {
    return command(name, -3)
        .flags(WRITE)
        .key(KeySpec.one("RW update", 1))
        .docs(since, "O(1)", summary)
        .syntax("key " + amount + CONDITION)
        .readAndWrite(args -> {
          byte[] key = args.key(1);
          Condition condition = Condition.parse(args);
          Expiry expiry = new Expiry(unit, args.integer(2), name);
          return store -> expire(store, key, expiry, condition);
        });
  }

  private static Reply expire(Store store, byte[] key, Expiry expiry, Condition condition) {
    long atMillis = expiry.atMillis(store.nowMillis());
    Value value = store.get(key);
    if (value == null || !condition.holds(value.expiresAtMillis(), atMillis)) {
      return Reply.ZERO;
    }
    Writes.putUntil(store, key, value.copy(), atMillis);
    return Reply.ONE;
  }

  /** When an expiry may be changed; XX may be joined by GT or LT. */
  private record Condition(boolean ifNone, boolean ifAny, boolean ifGreater, boolean ifLess) {

    static Condition parse(Arguments args) {
      boolean none = false;
      boolean any = false;
      boolean greater = false;
      boolean less = false;
      for (int i = 3; i < args.size(); i++) {
        if (args.is(i, "NX")) {
          none = true;
        } else if (args.is(i, "XX")) {
          any = true;
        } else if (args.is(i, "GT")) {
          greater = true;
        } else if (args.is(i, "LT")) {
          less = true;
        } else {
          throw CommandException.invalid(
              "Unsupported option " + Bytes.cText(args.bytes(i), Integer.MAX_VALUE));
        }
      }
      if (none && (any || greater || less)) {
        throw CommandException.invalid(
            "NX and XX, GT or LT options at the same time are not compatible");
      }
      if (greater && less) {
        throw CommandException.invalid("GT and LT options at the same time are not compatible");
      }
      return new Condition(none, any, greater, less);
    }

    /** A key without an expiry counts as one that ends after all others. */
    boolean holds(long currentMillis, long nextMillis) {
      boolean ends = currentMillis != 0;
      return !(ifNone && ends)
          && !(ifAny && !ends)
          && !(ifGreater && (!ends || nextMillis <= currentMillis))
          && !(ifLess && ends && nextMillis >= currentMillis);
    }
  }

  private static CommandSpec tell(SpecBuilder builder, ToLongBiFunction<Long, Long> answer) {
    return builder
        .flags(READONLY)
        .key(KeySpec.one("RO access", 1))
        .syntax("key")
        .read(args -> {
          byte[] key = args.key(1);
          return view -> {
            Value value = view.get(key);
            if (value == null) {
              return Reply.of(-2);
            }
            long at = value.expiresAtMillis();
            return Reply.of(at == 0 ? -1 : answer.applyAsLong(at, view.nowMillis()));
          };
        });
  }

  private static CommandSpec persist() {
    return command("persist", 2)
        .flags(WRITE)
        .key(KeySpec.one("RW update", 1))
        .docs("2.2.0", "O(1)", "Remove the expiration from a key")
        .syntax("key")
        .readAndWrite(args -> {
          byte[] key = args.key(1);
          return store -> {
            Value value = store.get(key);
            if (value == null || value.expiresAtMillis() == 0) {
              return Reply.ZERO;
            }
            store.put(key, value.copy(), 0);
            return Reply.ONE;
          };
        });
  }
}
