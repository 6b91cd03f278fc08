package io.distkv.node.command;

import static io.distkv.node.command.Flag.DENYOOM;
import static io.distkv.node.command.Flag.FAST;
import static io.distkv.node.command.Flag.READONLY;
import static io.distkv.node.command.Flag.WRITE;

import io.distkv.base.Limits;
import java.util.Arrays;
import java.util.List;

/** Single bits, and counts and searches of bits. BITOP is in {@link BitOperation}. */
final class BitmapCommands {
  private static final Reply.Failure BAD_OFFSET =
      Errors.invalid("bit offset is not an integer or out of range");
  private static final Reply.Failure BAD_BIT =
      Errors.invalid("bit is not an integer or out of range");

  private BitmapCommands() {}

  static List<CommandSpec> specs() {
    return List.of(getBit(), setBit(), bitCount(), bitPos(), BitOperation.spec());
  }

  private static SpecBuilder command(String name, int arity) {
    return new SpecBuilder(Group.BITMAP, name, arity);
  }

  /** Bits are counted from the highest bit of the first byte. */
  private static int bitAt(Value value, long offset) {
    int index = (int) (offset >>> 3);
    return index < value.length() ? (value.at(index) >> (7 - (offset & 7))) & 1 : 0;
  }

  private static long offset(Arguments args) {
    long offset = args.integer(2, BAD_OFFSET);
    if (offset < 0 || offset >>> 3 >= Limits.MAX_VALUE_BYTES) {
      throw new CommandException(BAD_OFFSET);
    }
    return offset;
  }

  private static CommandSpec getBit() {
    return command("getbit", 3)
        .flags(READONLY, FAST)
        .key(KeySpec.one("RO access", 1))
        .docs("2.2.0", "O(1)", "Returns the bit value at offset in the string value stored at key")
        .syntax("key offset")
        .read(args -> {
          byte[] key = args.key(1);
          long offset = offset(args);
          return view -> {
            Value value = view.get(key);
            return Reply.of(value == null ? 0 : bitAt(value, offset));
          };
        });
  }

  private static CommandSpec setBit() {
    return command("setbit", 4)
        .flags(WRITE, DENYOOM)
        .key(KeySpec.one("RW access update", 1))
        .docs(
            "2.2.0",
            "O(N) where N is the length of the whole value.",
            "Sets or clears the bit at offset in the string value stored at key")
        .syntax("key offset value:integer")
        .readAndWrite(args -> {
          byte[] key = args.key(1);
          long offset = offset(args);
          long bit = args.integer(3, BAD_BIT);
          if (bit != 0 && bit != 1) {
            throw new CommandException(BAD_BIT);
          }
          return store -> setBit(store, key, offset, (int) bit);
        });
  }

  private static Reply setBit(Store store, byte[] key, long offset, int bit) {
    Value old = store.get(key);
    int index = (int) (offset >>> 3);
    byte[] bytes = old == null ? new byte[0] : old.copy();
    byte[] changed = index < bytes.length ? bytes : Arrays.copyOf(bytes, index + 1);
    int mask = 1 << (7 - (offset & 7));
    int before = (changed[index] & mask) == 0 ? 0 : 1;
    changed[index] = (byte) (bit == 0 ? changed[index] & ~mask : changed[index] | mask);
    Writes.replace(store, key, old, changed);
    return Reply.of(before);
  }

  private static CommandSpec bitCount() {
    return command("bitcount", -2)
        .flags(READONLY)
        .key(KeySpec.one("RO access", 1))
        .docs("2.6.0", "O(N)", "Count set bits in a string")
        .syntax("key index=[start end index_unit=[BYTE|BIT]]")
        .read(args -> {
          byte[] key = args.key(1);
          return view -> {
            Value value = view.get(key);
            // As in Redis, what follows the key is not even read if there is no value.
            return value == null ? Reply.ZERO : bitCount(value, args);
          };
        });
  }

  private static Reply bitCount(Value value, Arguments args) {
    if (args.size() == 2) {
      return Reply.of(Bits.count(value, 0, value.length() * 8L - 1));
    }
    if (args.size() > 5 || args.size() == 3) {
      throw new CommandException(Errors.SYNTAX);
    }
    long start = args.integer(2);
    long end = args.integer(3);
    if (start < 0 && end < 0 && start > end) {
      return Reply.ZERO;
    }
    boolean inBits = args.size() == 5 && inBits(args, 4);
    Span span = Span.of(start, end, inBits ? value.length() * 8L : value.length());
    if (span.isEmpty()) {
      return Reply.ZERO;
    }
    return Reply.of(
        inBits
            ? Bits.count(value, span.first(), span.last())
            : Bits.count(value, span.first() * 8, span.last() * 8 + 7));
  }

  private static boolean inBits(Arguments args, int index) {
    if (!args.is(index, "BIT") && !args.is(index, "BYTE")) {
      throw new CommandException(Errors.SYNTAX);
    }
    return args.is(index, "BIT");
  }

  private static CommandSpec bitPos() {
    return command("bitpos", -3)
        .flags(READONLY)
        .key(KeySpec.one("RO access", 1))
        .docs("2.8.7", "O(N)", "Find first bit set or clear in a string")
        .syntax("key bit index=[start end_index=[end index_unit=[BYTE|BIT]]]")
        .read(args -> {
          byte[] key = args.key(1);
          long bit = args.integer(2);
          if (bit != 0 && bit != 1) {
            throw CommandException.invalid("The bit argument must be 1 or 0.");
          }
          return view -> {
            Value value = view.get(key);
            return value == null ? Reply.of(-bit) : bitPos(value, (int) bit, args);
          };
        });
  }

  private static Reply bitPos(Value value, int bit, Arguments args) {
    if (args.size() > 6) {
      throw new CommandException(Errors.SYNTAX);
    }
    long start = args.size() > 3 ? args.integer(3) : 0;
    boolean inBits = args.size() == 6 && inBits(args, 5);
    boolean endGiven = args.size() > 4;
    long total = inBits ? value.length() * 8L : value.length();
    long end = endGiven ? args.integer(4) : total - 1;
    Span span = Span.lenient(start, end, total);
    if (span.isEmpty()) {
      return Reply.of(-1);
    }
    long first = inBits ? span.first() : span.first() * 8;
    long last = inBits ? span.last() : span.last() * 8 + 7;
    long found = Bits.find(value, bit, first, last);
    // Without an end, the value goes on in zeros for ever.
    return Reply.of(found < 0 && bit == 0 && !endGiven ? value.length() * 8L : found);
  }
}
