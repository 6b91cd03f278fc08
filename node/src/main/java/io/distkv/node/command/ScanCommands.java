package io.distkv.node.command;

import static io.distkv.node.command.Flag.READONLY;
import static io.distkv.node.command.Flag.UNBOUNDED;

import io.distkv.base.ErrorCode;
import io.distkv.base.Limits;
import io.distkv.node.command.CommandSpec.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Commands that look at all keys: KEYS, RANDOMKEY, SCAN. */
final class ScanCommands {
  private static final byte[] EVERYTHING = {'*'};

  /** What a key costs in memory beyond its bytes, roughly. */
  private static final int REPLY_OVERHEAD_BYTES = 64;

  private static final Reply.Failure TOO_MANY =
      Errors.of(ErrorCode.TOO_LARGE, "KEYS finds too many keys for one reply; use SCAN");

  private ScanCommands() {}

  static List<CommandSpec> specs(ScanPositions positions) {
    return List.of(keys(), randomKey(), scan(positions));
  }

  private static SpecBuilder command(String name, int arity) {
    return new SpecBuilder(Group.GENERIC, name, arity)
        .categories(Category.KEYSPACE)
        .flags(READONLY, UNBOUNDED)
        .scope(Scope.KEYSPACE);
  }

  private static CommandSpec keys() {
    return command("keys", 2)
        .categories(Category.DANGEROUS)
        .tips("request_policy:all_shards", "nondeterministic_output_order")
        .docs(
            "1.0.0",
            "O(N) with N being the number of keys that begin like the pattern.",
            "Find all keys matching the given pattern")
        .syntax("pattern")
        .read(args -> {
          GlobPattern pattern = GlobPattern.of(args.bytes(1));
          return view -> keys(view, pattern);
        });
  }

  private static Reply keys(View view, GlobPattern pattern) {
    List<Reply> found = new ArrayList<>();
    long bytes = 0;
    byte[] prefix = pattern.literalPrefix();
    for (int partition = 0; partition < view.partitions(); partition++) {
      try (KeyCursor cursor = view.keys(partition)) {
        boolean more = cursor.seek(prefix);
        while (more && startsWith(cursor.key(), prefix)) {
          byte[] key = cursor.key();
          if (pattern.matches(key)) {
            found.add(Reply.bulk(key));
            bytes += key.length + REPLY_OVERHEAD_BYTES;
            if (bytes > Limits.MAX_BATCH_BYTES) {
              throw new CommandException(TOO_MANY);
            }
          }
          more = cursor.next();
        }
      }
    }
    return new Reply.Array(found);
  }

  static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static CommandSpec randomKey() {
    return command("randomkey", 1)
        .tips("request_policy:all_shards", "nondeterministic_output")
        .docs("1.0.0", "O(log(N))", "Return a random key from the keyspace")
        .read(args ->
            view -> {
              byte[] key = RandomKey.pick(view);
              return key == null ? Reply.NULL : Reply.bulk(key);
            });
  }

  private static CommandSpec scan(ScanPositions positions) {
    return command("scan", -2)
        .tips("nondeterministic_output", "request_policy:special")
        .docs(
            "2.8.0",
            "O(COUNT) for every call. O(N) for a complete iteration, where N is the number of keys.",
            "Incrementally iterate the keys space")
        .syntax("cursor:integer [MATCH pattern] [COUNT count] [TYPE type]")
        .read(args -> {
          Scan scan = parseScan(args);
          return view -> scan.run(view, positions);
        });
  }

  private static Scan parseScan(Arguments args) {
    long cursor = parseCursor(args.text(1));
    byte[] pattern = EVERYTHING;
    long count = Scan.DEFAULT_COUNT;
    boolean strings = true;
    for (int i = 2; i < args.size(); i += 2) {
      boolean hasValue = i + 1 < args.size();
      if (hasValue && args.is(i, "COUNT")) {
        count = args.integer(i + 1);
        if (count < 1) {
          throw new CommandException(Errors.SYNTAX);
        }
      } else if (hasValue && args.is(i, "MATCH")) {
        pattern = args.bytes(i + 1);
      } else if (hasValue && args.is(i, "TYPE")) {
        strings = args.is(i + 1, "STRING");
      } else {
        throw new CommandException(Errors.SYNTAX);
      }
    }
    return new Scan(cursor, GlobPattern.of(pattern), count, strings);
  }

  /** As C's {@code strtoul} reads it: an optional sign, digits, at most 64 bits; empty is 0. */
  private static long parseCursor(String text) {
    String digits = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    boolean valid =
        text.isEmpty() || (!digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9'));
    if (!valid) {
      throw CommandException.invalid("invalid cursor");
    }
    try {
      long value = text.isEmpty() ? 0 : Long.parseUnsignedLong(digits);
      return text.startsWith("-") ? -value : value;
    } catch (NumberFormatException e) {
      throw CommandException.invalid("invalid cursor");
    }
  }
}
