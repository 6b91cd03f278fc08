package io.distkv.node.command;

import static io.distkv.node.command.Flag.FAST;
import static io.distkv.node.command.Flag.READONLY;
import static io.distkv.node.command.Flag.UNBOUNDED;

import io.distkv.base.Version;
import io.distkv.node.command.CommandSpec.Scope;
import io.distkv.node.command.SpecBuilder.AsOf;
import java.util.List;

/** Reads that tell versions and may ask for the past: KV.GET, KV.MGET, KV.SCAN. */
final class VersionedReads {
  private VersionedReads() {}

  static List<CommandSpec> specs() {
    return List.of(get(), mget(), scan());
  }

  private static CommandSpec get() {
    return VersionedCommands.command("kv.get", -2)
        .flags(READONLY, FAST)
        .key(KeySpec.one("RO access", 1))
        .docs(
            VersionedCommands.SINCE,
            "O(1)",
            "Get value, version and milliseconds left of a key (-1: it never ends), now or as of a"
                + " version")
        .syntax("key [ASOF version]")
        .readAsOf(args -> {
          byte[] key = args.key(1);
          long asOf = Version.LATEST;
          if (args.size() > 2) {
            if (args.size() != 4 || !args.is(2, "ASOF")) {
              throw new CommandException(Errors.SYNTAX);
            }
            asOf = Versions.parse(args, 3);
          }
          return new AsOf(asOf, view -> VersionedValues.reply(view.get(key), view));
        });
  }

  private static CommandSpec mget() {
    return VersionedCommands.command("kv.mget", -2)
        .flags(READONLY, FAST)
        .key(KeySpec.of("RO access", 1, -1, 1))
        .docs(
            VersionedCommands.SINCE,
            "O(N) where N is the number of keys to retrieve.",
            "Get value, version and milliseconds left of all the given keys")
        .syntax("key...")
        .read(args -> {
          args.keys(1, 1);
          return view ->
              StringCommands.readAll(args, view, value -> VersionedValues.reply(value, view));
        });
  }

  private static CommandSpec scan() {
    return VersionedCommands.command("kv.scan", -1)
        .flags(READONLY, UNBOUNDED)
        .scope(Scope.KEYSPACE)
        .docs(
            VersionedCommands.SINCE,
            "O(N) where N is the number of keys of the page.",
            "List a page of the keys of a range in order, each with value, version and milliseconds"
                + " left, and the key at which the next page begins: the next FROM, or the next TO"
                + " where REVERSE")
        .syntax(
            "[FROM key:string] [TO key:string] [PREFIX prefix] [REVERSE] [LIMIT count]"
                + " [BYTES count] [KEYSONLY] [ASOF version]")
        .readAsOf(args -> {
          ScanOptions options = ScanOptions.parse(args);
          return new AsOf(options.asOf, options.scan()::run);
        });
  }
}
