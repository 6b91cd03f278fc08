package io.distkv.node.command;

import static io.distkv.node.command.Flag.DENYOOM;
import static io.distkv.node.command.Flag.FAST;
import static io.distkv.node.command.Flag.READONLY;
import static io.distkv.node.command.Flag.WRITE;

import io.distkv.base.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whole values read, and written many at once. What writes one value is in {@link SetCommands}. */
final class StringCommands {
  private StringCommands() {}

  static List<CommandSpec> specs() {
    return List.of(get(), getDel(), getEx(), strlen(), mget(), mset(), msetNx());
  }

  private static SpecBuilder command(String name, int arity) {
    return new SpecBuilder(Group.STRING, name, arity);
  }

  private static CommandSpec get() {
    return command("get", 2)
        .flags(READONLY, FAST)
        .key(KeySpec.one("RO access", 1))
        .docs("1.0.0", "O(1)", "Get the value of a key")
        .syntax("key")
        .read(args -> {
          byte[] key = args.key(1);
          return view -> replyOf(view.get(key));
        });
  }

  private static CommandSpec getDel() {
    return command("getdel", 2)
        .flags(WRITE, FAST)
        .key(KeySpec.one("RW access delete", 1))
        .docs("6.2.0", "O(1)", "Get the value of a key and delete the key")
        .syntax("key")
        .readAndWrite(args -> {
          byte[] key = args.key(1);
          return store -> {
            Value old = store.get(key);
            if (old == null) {
              return Reply.NULL;
            }
            store.delete(key);
            return old.reply();
          };
        });
  }

  private static CommandSpec getEx() {
    return command("getex", -2)
        .flags(WRITE, FAST)
        .key(KeySpec.one("RW access update", 1).because("RW and UPDATE because it changes the TTL"))
        .docs("6.2.0", "O(1)", "Get the value of a key and optionally set its expiration")
        .syntax(
            "key expiration=[EX seconds|PX milliseconds|EXAT unix-time-seconds"
                + "|PXAT unix-time-milliseconds|PERSIST]")
        .readAndWrite(args -> {
          byte[] key = args.key(1);
          ValueOptions options = ValueOptions.ofGetEx(args, 2);
          return store -> getEx(store, key, args, options);
        });
  }

  private static Reply getEx(Store store, byte[] key, Arguments args, ValueOptions options) {
    Value old = store.get(key);
    if (old == null) {
      return Reply.NULL;
    }
    // Redis looks at the time only once it has found the key.
    Expiry expiry = options.expiry(args, "getex");
    if (expiry != null) {
      Writes.putUntil(store, key, old.copy(), expiry.atMillis(store.nowMillis()));
    } else if (options.persist && old.expiresAtMillis() != 0) {
      store.put(key, old.copy(), 0);
    }
    return old.reply();
  }

  private static CommandSpec strlen() {
    return command("strlen", 2)
        .flags(READONLY, FAST)
        .key(KeySpec.one("RO", 1))
        .docs("2.2.0", "O(1)", "Get the length of the value stored in a key")
        .syntax("key")
        .read(args -> {
          byte[] key = args.key(1);
          return view -> {
            Value value = view.get(key);
            return Reply.of(value == null ? 0 : value.length());
          };
        });
  }

  private static CommandSpec mget() {
    return command("mget", -2)
        .flags(READONLY, FAST)
        .key(KeySpec.of("RO access", 1, -1, 1))
        .tips("request_policy:multi_shard")
        .docs(
            "1.0.0",
            "O(N) where N is the number of keys to retrieve.",
            "Get the values of all the given keys")
        .syntax("key...")
        .read(args -> {
          args.keys(1, 1);
          return view -> readAll(args, view, StringCommands::replyOf);
        });
  }

  /** What all words but the first, which are keys, have; each as {@code print} says. */
  static Reply readAll(Arguments args, View view, Function<@Nullable Value, Reply> print) {
    List<Reply> values = new ArrayList<>(args.size() - 1);
    long bytes = 0;
    for (int i = 1; i < args.size(); i++) {
      Value value = view.get(args.bytes(i));
      bytes += value == null ? 0 : value.length();
      if (bytes > Limits.MAX_BATCH_BYTES) {
        throw new CommandException(Errors.replyTooLarge());
      }
      values.add(print.apply(value));
    }
    return new Reply.Array(values);
  }

  private static CommandSpec mset() {
    return command("mset", -3)
        .flags(WRITE, DENYOOM)
        .key(KeySpec.of("OW update", 1, -1, 2))
        .tips("request_policy:multi_shard", "response_policy:all_succeeded")
        .docs(
            "1.0.1",
            "O(N) where N is the number of keys to set.",
            "Set multiple keys to multiple values")
        .syntax("key_value=(key value)...")
        .writeBlindly(args -> {
          checkPairs(args, "mset");
          return store -> {
            putPairs(store, args);
            return Reply.OK;
          };
        });
  }

  private static CommandSpec msetNx() {
    return command("msetnx", -3)
        .flags(WRITE, DENYOOM)
        .key(KeySpec.of("OW insert", 1, -1, 2))
        .tips("request_policy:multi_shard", "response_policy:agg_min")
        .docs(
            "1.0.1",
            "O(N) where N is the number of keys to set.",
            "Set multiple keys to multiple values, only if none of the keys exist")
        .syntax("key_value=(key value)...")
        .readAndWrite(args -> {
          checkPairs(args, "msetnx");
          return store -> {
            for (int i = 1; i < args.size(); i += 2) {
              if (store.get(args.bytes(i)) != null) {
                return Reply.ZERO;
              }
            }
            putPairs(store, args);
            return Reply.ONE;
          };
        });
  }

  private static void checkPairs(Arguments args, String command) {
    if (args.size() % 2 == 0) {
      throw CommandException.invalid("wrong number of arguments for '" + command + "' command");
    }
    args.keys(1, 2);
    for (int i = 2; i < args.size(); i += 2) {
      args.value(i);
    }
  }

  private static void putPairs(Store store, Arguments args) {
    for (int i = 1; i < args.size(); i += 2) {
      store.put(args.bytes(i), args.bytes(i + 1), 0);
    }
  }

  static Reply replyOf(@Nullable Value value) {
    return value == null ? Reply.NULL : value.reply();
  }
}
