package io.distkv.node.command;

import static io.distkv.node.command.Flag.DENYOOM;
import static io.distkv.node.command.Flag.FAST;
import static io.distkv.node.command.Flag.WRITE;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values that go to another key, with their expiry: RENAME and COPY. */
final class MoveCommands {
  private static final Reply.Failure NO_SUCH_KEY = Errors.invalid("no such key");
  private static final Reply.Failure SAME_KEY =
      Errors.invalid("source and destination objects are the same");
  private static final Reply.Failure OTHER_KEYSPACE =
      Errors.invalid("COPY to another keyspace is not possible, because a write changes only one");

  private MoveCommands() {}

  static List<CommandSpec> specs() {
    return List.of(
        rename("rename", "1.0.0", "OW update", false),
        rename("renamenx", "1.0.0", "OW insert", true),
        copy());
  }

  private static CommandSpec rename(
      String name, String since, String targetFlags, boolean onlyIfAbsent) {
    SpecBuilder builder =
        new SpecBuilder(Group.GENERIC, name, 3)
            .categories(Category.KEYSPACE)
            .flags(WRITE)
            .key(KeySpec.one("RW access delete", 1))
            .key(KeySpec.one(targetFlags, 2))
            .docs(
                since,
                "O(N) where N is the length of the value.",
                onlyIfAbsent ? "Rename a key, only if the new key does not exist" : "Rename a key")
            .syntax("key newkey");
    if (onlyIfAbsent) {
      builder.flags(FAST);
    }
    return builder.readAndWrite(args -> {
      byte[] from = args.key(1);
      byte[] to = args.key(2);
      return store -> rename(store, from, to, onlyIfAbsent);
    });
  }

  private static Reply rename(Store store, byte[] from, byte[] to, boolean onlyIfAbsent) {
    Value value = store.get(from);
    if (value == null) {
      throw new CommandException(NO_SUCH_KEY);
    }
    if (Arrays.equals(from, to)) {
      return onlyIfAbsent ? Reply.ZERO : Reply.OK;
    }
    if (onlyIfAbsent && store.get(to) != null) {
      return Reply.ZERO;
    }
    byte[] moved = value.copy();
    store.delete(from);
    store.put(to, moved, value.expiresAtMillis());
    return onlyIfAbsent ? Reply.ONE : Reply.OK;
  }

  private static CommandSpec copy() {
    return new SpecBuilder(Group.GENERIC, "copy", -3)
        .categories(Category.KEYSPACE)
        .flags(WRITE, DENYOOM)
        .key(KeySpec.one("RO access", 1))
        .key(KeySpec.one("OW update", 2))
        .docs("6.2.0", "O(N) where N is the length of the value.", "Copy a key")
        .syntax("source destination [DB destination-db] [REPLACE]")
        .readAndWrite(args -> {
          byte[] from = args.key(1);
          byte[] to = args.key(2);
          CopyOptions options = CopyOptions.parse(args);
          return store -> copy(store, from, to, options);
        });
  }

  private record CopyOptions(@Nullable Long keyspace, boolean replace) {

    static CopyOptions parse(Arguments args) {
      Long keyspace = null;
      boolean replace = false;
      for (int i = 3; i < args.size(); i++) {
        if (args.is(i, "REPLACE")) {
          replace = true;
        } else if (args.is(i, "DB") && i + 1 < args.size()) {
          i++;
          keyspace = args.integer(i, Integer.MIN_VALUE, Integer.MAX_VALUE);
          if (keyspace < 0) {
            throw CommandException.invalid("DB index is out of range");
          }
        } else {
          throw new CommandException(Errors.SYNTAX);
        }
      }
      return new CopyOptions(keyspace, replace);
    }
  }

  private static Reply copy(Store store, byte[] from, byte[] to, CopyOptions options) {
    if (options.keyspace != null && options.keyspace != store.keyspace()) {
      throw new CommandException(OTHER_KEYSPACE);
    }
    if (Arrays.equals(from, to)) {
      throw new CommandException(SAME_KEY);
    }
    Value value = store.get(from);
    if (value == null || (!options.replace && store.get(to) != null)) {
      return Reply.ZERO;
    }
    store.put(to, value.copy(), value.expiresAtMillis());
    return Reply.ONE;
  }
}
