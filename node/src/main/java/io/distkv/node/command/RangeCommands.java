package io.distkv.node.command;

import static io.distkv.node.command.Flag.DENYOOM;
import static io.distkv.node.command.Flag.FAST;
import static io.distkv.node.command.Flag.READONLY;
import static io.distkv.node.command.Flag.WRITE;

import java.util.Arrays;
import java.util.List;

/** Parts of values: GETRANGE, SETRANGE, APPEND. */
final class RangeCommands {
  private RangeCommands() {}

  static List<CommandSpec> specs() {
    return List.of(append(), getRange(), substr(), setRange());
  }

  private static SpecBuilder command(String name, int arity) {
    return new SpecBuilder(Group.STRING, name, arity);
  }

  private static CommandSpec append() {
    return command("append", 3)
        .flags(WRITE, DENYOOM, FAST)
        .key(KeySpec.one("RW insert", 1))
        .docs("2.0.0", "O(N) where N is the length of the new value.", "Append a value to a key")
        .syntax("key value")
        .readAndWrite(args -> {
          byte[] key = args.key(1);
          byte[] more = args.value(2);
          return store -> {
            Value old = store.get(key);
            int length = old == null ? 0 : old.length();
            Arguments.checkValueLength((long) length + more.length);
            byte[] joined = new byte[length + more.length];
            if (old != null) {
              System.arraycopy(old.array(), old.offset(), joined, 0, length);
            }
            System.arraycopy(more, 0, joined, length, more.length);
            Writes.replace(store, key, old, joined);
            return Reply.of(joined.length);
          };
        });
  }

  private static CommandSpec getRange() {
    return part(command("getrange", 4), "2.4.0");
  }

  private static CommandSpec substr() {
    return part(command("substr", 4).deprecated("2.0.0", "`GETRANGE`"), "1.0.0");
  }

  private static CommandSpec part(SpecBuilder builder, String since) {
    return builder
        .flags(READONLY)
        .key(KeySpec.one("RO access", 1))
        .docs(since, "O(1)", "Get a substring of the string stored at a key")
        .syntax("key start end")
        .read(args -> {
          byte[] key = args.key(1);
          long start = args.integer(2);
          long end = args.integer(3);
          return view -> {
            Value value = view.get(key);
            if (value == null) {
              return Reply.EMPTY_BULK;
            }
            Span span = Span.of(start, end, value.length());
            return span.isEmpty()
                ? Reply.EMPTY_BULK
                : new Reply.Bulk(
                    value.array(),
                    value.offset() + (int) span.first(),
                    (int) (span.last() - span.first() + 1));
          };
        });
  }

  private static CommandSpec setRange() {
    return command("setrange", 4)
        .flags(WRITE, DENYOOM)
        .key(KeySpec.one("RW update", 1))
        .docs(
            "2.2.0",
            "O(N) where N is the length of the whole value.",
            "Overwrite part of a string at key starting at the specified offset")
        .syntax("key offset value")
        .readAndWrite(args -> {
          byte[] key = args.key(1);
          long offset = args.integer(2);
          if (offset < 0) {
            throw CommandException.invalid("offset is out of range");
          }
          byte[] part = args.value(3);
          return store -> setRange(store, key, offset, part);
        });
  }

  private static Reply setRange(Store store, byte[] key, long offset, byte[] part) {
    Value old = store.get(key);
    int oldLength = old == null ? 0 : old.length();
    if (part.length == 0) {
      return Reply.of(oldLength);
    }
    Arguments.checkValueLength(
        offset > Integer.MAX_VALUE ? Integer.MAX_VALUE : offset + part.length);
    int length = Math.max(oldLength, (int) offset + part.length);
    byte[] changed = old == null ? new byte[length] : Arrays.copyOf(old.copy(), length);
    System.arraycopy(part, 0, changed, (int) offset, part.length);
    Writes.replace(store, key, old, changed);
    return Reply.of(length);
  }
}
