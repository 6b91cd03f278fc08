package io.distkv.node.command;

import static io.distkv.node.command.Flag.DENYOOM;
import static io.distkv.node.command.Flag.FAST;
import static io.distkv.node.command.Flag.READONLY;
import static io.distkv.node.command.Flag.WRITE;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whole values read and written: GET, MGET, MSET and their like. SET has a file of its own. */
final class StringCommands {
  private StringCommands() {}

  static List<CommandSpec> specs() {
    return List.of(get(), set(), mget(), mset());
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

  private static CommandSpec set() {
    return command("set", -3)
        .flags(WRITE, DENYOOM)
        .key(
            KeySpec.one("RW access update variable_flags", 1)
                .because("RW and ACCESS due to the optional `GET` argument"))
        .docs("1.0.0", "O(1)", "Set the string value of a key")
        .syntax("key value")
        .writeBlindly(args -> {
          byte[] key = args.key(1);
          byte[] value = args.value(2);
          if (args.size() > 3) {
            throw new CommandException(Errors.SYNTAX);
          }
          return store -> {
            store.put(key, value, 0);
            return Reply.OK;
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
        .syntax("key [key ...]")
        .read(args -> {
          args.keys(1, 1);
          return view -> {
            List<Reply> values = new ArrayList<>(args.size() - 1);
            for (int i = 1; i < args.size(); i++) {
              values.add(replyOf(view.get(args.bytes(i))));
            }
            return new Reply.Array(values);
          };
        });
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
        .syntax("key value [key value ...]")
        .writeBlindly(args -> {
          checkPairs(args);
          return store -> {
            putPairs(store, args);
            return Reply.OK;
          };
        });
  }

  private static void checkPairs(Arguments args) {
    if (args.size() % 2 == 0) {
      throw CommandException.invalid("wrong number of arguments for 'mset' command");
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
