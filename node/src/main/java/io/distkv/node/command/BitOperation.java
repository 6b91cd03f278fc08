package io.distkv.node.command;

import static io.distkv.node.command.Flag.DENYOOM;
import static io.distkv.node.command.Flag.WRITE;

import io.distkv.base.ErrorCode;
import io.distkv.base.Limits;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** BITOP: combines values bit by bit, the shorter ones continued with zeros. */
enum BitOperation {
  AND {
    @Override
    byte apply(byte left, byte right) {
      return (byte) (left & right);
    }
  },
  OR {
    @Override
    byte apply(byte left, byte right) {
      return (byte) (left | right);
    }
  },
  XOR {
    @Override
    byte apply(byte left, byte right) {
      return (byte) (left ^ right);
    }
  },
  NOT {
    @Override
    byte apply(byte left, byte right) {
      return (byte) ~left;
    }
  };

  private static final int FIRST_SOURCE = 3;

  abstract byte apply(byte left, byte right);

  static CommandSpec spec() {
    return new SpecBuilder(Group.BITMAP, "bitop", -4)
        .flags(WRITE, DENYOOM)
        .key(KeySpec.one("OW update", 2))
        .key(KeySpec.of("RO access", 3, -1, 1))
        .docs("2.6.0", "O(N)", "Perform bitwise operations between strings")
        .syntax("operation destkey key...")
        .readAndWrite(args -> {
          BitOperation operation = parse(args);
          byte[] target = args.key(2);
          args.keys(FIRST_SOURCE, 1);
          return store -> operation.run(store, target, args);
        });
  }

  private static BitOperation parse(Arguments args) {
    for (BitOperation operation : values()) {
      if (args.is(1, operation.name())) {
        if (operation == NOT && args.size() != FIRST_SOURCE + 1) {
          throw CommandException.invalid("BITOP NOT must be called with a single source key.");
        }
        return operation;
      }
    }
    throw new CommandException(Errors.SYNTAX);
  }

  private Reply run(Store store, byte[] target, Arguments args) {
    @Nullable Value[] sources = new @Nullable Value[args.size() - FIRST_SOURCE];
    int length = 0;
    long total = 0;
    for (int i = 0; i < sources.length; i++) {
      Value source = store.get(args.bytes(FIRST_SOURCE + i));
      sources[i] = source;
      length = Math.max(length, source == null ? 0 : source.length());
      total += source == null ? 0 : source.length();
    }
    if (total > Limits.MAX_BATCH_BYTES) {
      throw new CommandException(
          Errors.of(
              ErrorCode.TOO_LARGE,
              "the sources of BITOP have at most " + Limits.MAX_BATCH_BYTES + " bytes together"));
    }
    if (length == 0) {
      store.delete(target);
      return Reply.ZERO;
    }
    byte[] result = new byte[length];
    copy(sources[0], result);
    if (this == NOT) {
      combine(result, result);
    }
    byte[] next = new byte[sources.length > 1 ? length : 0];
    for (int i = 1; i < sources.length; i++) {
      Arrays.fill(next, (byte) 0);
      copy(sources[i], next);
      combine(result, next);
    }
    store.put(target, result, 0);
    return Reply.of(length);
  }

  private static void copy(@Nullable Value source, byte[] target) {
    if (source != null) {
      System.arraycopy(source.array(), source.offset(), target, 0, source.length());
    }
  }

  private void combine(byte[] result, byte[] other) {
    for (int i = 0; i < result.length; i++) {
      result[i] = apply(result[i], other[i]);
    }
  }
}
