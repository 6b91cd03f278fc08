package io.distkv.node.command;

import static io.distkv.node.command.Flag.FAST;
import static io.distkv.node.command.Flag.READONLY;
import static io.distkv.node.command.Flag.UNBOUNDED;
import static io.distkv.node.command.Flag.WRITE;

import io.distkv.node.command.CommandSpec.Scope;
import java.util.List;

/** Whether keys are there, and removing them. */
final class KeyCommands {
  private KeyCommands() {}

  static List<CommandSpec> specs() {
    return List.of(
        del(),
        unlink(),
        exists(),
        touch(),
        type(),
        dbSize(),
        flush("flushdb", Scope.KEYSPACE),
        flush("flushall", Scope.NODE));
  }

  private static SpecBuilder command(String name, int arity) {
    return new SpecBuilder(Group.GENERIC, name, arity).categories(Category.KEYSPACE);
  }

  private static CommandSpec del() {
    return command("del", -2)
        .flags(WRITE)
        .key(KeySpec.of("RM delete", 1, -1, 1))
        .tips("request_policy:multi_shard", "response_policy:agg_sum")
        .docs("1.0.0", "O(N) where N is the number of keys that will be removed.", "Delete a key")
        .syntax("key...")
        .readAndWrite(KeyCommands::delete);
  }

  private static CommandSpec unlink() {
    return command("unlink", -2)
        .flags(WRITE, FAST)
        .key(KeySpec.of("RM delete", 1, -1, 1))
        .tips("request_policy:multi_shard", "response_policy:agg_sum")
        .docs(
            "4.0.0",
            "O(N) where N is the number of keys that will be removed.",
            "Delete a key; here the same as DEL, whose space is always reclaimed in the background")
        .syntax("key...")
        .readAndWrite(KeyCommands::delete);
  }

  private static Prepared.Writing delete(Arguments args) {
    args.keys(1, 1);
    return store -> {
      int count = 0;
      for (int i = 1; i < args.size(); i++) {
        if (store.get(args.bytes(i)) != null) {
          store.delete(args.bytes(i));
          count++;
        }
      }
      return Reply.of(count);
    };
  }

  private static CommandSpec exists() {
    return command("exists", -2)
        .flags(READONLY, FAST)
        .key(KeySpec.of("RO", 1, -1, 1))
        .tips("request_policy:multi_shard", "response_policy:agg_sum")
        .docs("1.0.0", "O(N) where N is the number of keys to check.", "Determine if a key exists")
        .syntax("key...")
        .read(KeyCommands::countPresent);
  }

  private static CommandSpec touch() {
    return command("touch", -2)
        .flags(READONLY, FAST)
        .key(KeySpec.of("RO", 1, -1, 1))
        .tips("request_policy:multi_shard", "response_policy:agg_sum")
        .docs(
            "3.2.1",
            "O(N) where N is the number of keys that will be touched.",
            "Alters the last access time of a key(s). Returns the number of existing keys"
                + " specified.")
        .syntax("key...")
        .read(KeyCommands::countPresent);
  }

  /** A key that is named twice counts twice. */
  private static Prepared.Reading countPresent(Arguments args) {
    args.keys(1, 1);
    return view -> {
      int count = 0;
      for (int i = 1; i < args.size(); i++) {
        count += view.get(args.bytes(i)) == null ? 0 : 1;
      }
      return Reply.of(count);
    };
  }

  private static CommandSpec type() {
    return command("type", 2)
        .flags(READONLY, FAST)
        .key(KeySpec.one("RO", 1))
        .docs("1.0.0", "O(1)", "Determine the type stored at key")
        .syntax("key")
        .read(args -> {
          byte[] key = args.key(1);
          return view -> new Reply.Simple(view.get(key) == null ? "none" : "string");
        });
  }

  private static CommandSpec dbSize() {
    return new SpecBuilder(Group.SERVER, "dbsize", 1)
        .categories(Category.KEYSPACE)
        .flags(READONLY, FAST, UNBOUNDED)
        .scope(Scope.KEYSPACE)
        .tips("request_policy:all_shards", "response_policy:agg_sum")
        .docs(
            "1.0.0",
            "O(N) where N is the number of keys.",
            "Return the number of keys in the selected database")
        .read(args -> view -> Reply.of(view.count()));
  }

  private static CommandSpec flush(String name, Scope scope) {
    boolean all = scope == Scope.NODE;
    return new SpecBuilder(Group.SERVER, name, -1)
        .categories(Category.KEYSPACE, Category.DANGEROUS)
        .flags(WRITE)
        .scope(scope)
        .tips("request_policy:all_shards", "response_policy:all_succeeded")
        .docs(
            "1.0.0",
            "O(P) where P is the number of partitions.",
            all
                ? "Remove all keys from all databases"
                : "Remove all keys from the current database")
        .syntax("async=[ASYNC|SYNC]")
        .writeBlindly(args -> {
          boolean plain = args.size() == 1;
          if (!plain && (args.size() > 2 || !(args.is(1, "ASYNC") || args.is(1, "SYNC")))) {
            throw new CommandException(Errors.SYNTAX);
          }
          return store -> {
            store.clear();
            return Reply.OK;
          };
        });
  }
}
