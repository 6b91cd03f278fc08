package io.distkv.node.command;

import static io.distkv.node.command.Flag.DENYOOM;
import static io.distkv.node.command.Flag.FAST;
import static io.distkv.node.command.Flag.WRITE;

import io.distkv.node.command.Expiry.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SET in all its forms, and the older commands that each do one of them. */
final class SetCommands {
  private SetCommands() {}

  static List<CommandSpec> specs() {
    return List.of(
        set(),
        setNx(),
        timed("setex", "2.0.0", Unit.EX),
        timed("psetex", "2.6.0", Unit.PX),
        getSet());
  }

  private static SpecBuilder command(String name, int arity) {
    return new SpecBuilder(Group.STRING, name, arity).flags(WRITE, DENYOOM);
  }

  private static CommandSpec set() {
    return command("set", -3)
        .key(
            KeySpec.one("RW access update variable_flags", 1)
                .because("RW and ACCESS due to the optional `GET` argument"))
        .docs("1.0.0", "O(1)", "Set the string value of a key")
        .syntax(
            "key value condition=[NX|XX] [GET] expiration=[EX seconds|PX milliseconds"
                + "|EXAT unix-time-seconds|PXAT unix-time-milliseconds|KEEPTTL]")
        .build(SetCommands::parseSet);
  }

  private static Prepared parseSet(CommandSpec spec, Arguments args) {
    byte[] key = args.key(1);
    byte[] value = args.value(2);
    if (args.size() == 3) {
      return new Prepared.Write(
          spec,
          args,
          false,
          store -> {
            store.put(key, value, 0);
            return Reply.OK;
          });
    }
    ValueOptions options = ValueOptions.ofSet(args, 3);
    Expiry expiry = options.expiry(args, "set");
    boolean conditional = options.onlyIfAbsent || options.onlyIfPresent;
    boolean readsKey = conditional || options.returnPrevious || options.keepExpiry;
    return new Prepared.Write(
        spec,
        args,
        readsKey,
        store -> {
          // Before the key is looked at, because a time that overflows is an error either way.
          long expiresAtMillis = expiry == null ? 0 : expiry.atMillis(store.nowMillis());
          Value old = readsKey ? store.get(key) : null;
          return set(store, key, value, options, expiresAtMillis, old);
        });
  }

  private static Reply set(
      Store store,
      byte[] key,
      byte[] value,
      ValueOptions options,
      long expiresAtMillis,
      @Nullable Value old) {
    boolean refused = options.onlyIfAbsent ? old != null : options.onlyIfPresent && old == null;
    if (!refused) {
      if (expiresAtMillis != 0) {
        Writes.putUntil(store, key, value, expiresAtMillis);
      } else if (options.keepExpiry) {
        Writes.replace(store, key, old, value);
      } else {
        store.put(key, value, 0);
      }
    }
    if (options.returnPrevious) {
      return StringCommands.replyOf(old);
    }
    return refused ? Reply.NULL : Reply.OK;
  }

  private static CommandSpec setNx() {
    return command("setnx", 3)
        .flags(FAST)
        .key(KeySpec.one("OW insert", 1))
        .docs("1.0.0", "O(1)", "Set the value of a key, only if the key does not exist")
        .syntax("key value")
        .readAndWrite(args -> {
          byte[] key = args.key(1);
          byte[] value = args.value(2);
          return store -> {
            if (store.get(key) != null) {
              return Reply.ZERO;
            }
            store.put(key, value, 0);
            return Reply.ONE;
          };
        });
  }

  private static CommandSpec timed(String name, String since, Unit unit) {
    boolean seconds = unit == Unit.EX;
    return command(name, 4)
        .key(KeySpec.one("OW update", 1))
        .docs(
            since,
            "O(1)",
            seconds
                ? "Set the value and expiration of a key"
                : "Set the value and expiration in milliseconds of a key")
        .syntax(seconds ? "key seconds value" : "key milliseconds value")
        .writeBlindly(args -> {
          byte[] key = args.key(1);
          Expiry expiry = new Expiry(unit, args.integer(2), name);
          expiry.checkPositive();
          byte[] value = args.value(3);
          return store -> {
            Writes.putUntil(store, key, value, expiry.atMillis(store.nowMillis()));
            return Reply.OK;
          };
        });
  }

  private static CommandSpec getSet() {
    return command("getset", 3)
        .flags(FAST)
        .key(KeySpec.one("RW access update", 1))
        .docs("1.0.0", "O(1)", "Set the string value of a key and return its old value")
        .deprecated("6.2.0", "`SET` with the `!GET` argument")
        .syntax("key value")
        .readAndWrite(args -> {
          byte[] key = args.key(1);
          byte[] value = args.value(2);
          return store -> {
            Value old = store.get(key);
            store.put(key, value, 0);
            return StringCommands.replyOf(old);
          };
        });
  }
}
