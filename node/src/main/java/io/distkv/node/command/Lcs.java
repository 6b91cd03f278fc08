package io.distkv.node.command;

import static io.distkv.node.command.Flag.READONLY;
import static io.distkv.node.command.Flag.UNBOUNDED;

import io.distkv.base.Limits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LCS: the longest common subsequence of two values, by the table of all pairs of their prefixes.
 * Where several are equally long, and for the order in which matches are told, Redis's walk through
 * the table decides, so it is followed step by step.
 */
final class Lcs {
  private static final byte[] NOTHING = {};

  private final byte[] left;
  private final byte[] right;
  private final int width;

  /** By pairs of prefixes; a length in it never needs more than 16 bits, because of its size. */
  private final char[] table;

  private Lcs(byte[] left, byte[] right) {
    long cells = (left.length + 1L) * (right.length + 1L);
    if (cells * Character.BYTES > Limits.MAX_BATCH_BYTES) {
      throw CommandException.invalid(
          "Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
    }
    this.left = left;
    this.right = right;
    width = right.length + 1;
    table = new char[(int) cells];
    for (int i = 1; i <= left.length; i++) {
      for (int j = 1; j <= right.length; j++) {
        int length =
            left[i - 1] == right[j - 1]
                ? at(i - 1, j - 1) + 1
                : Math.max(at(i - 1, j), at(i, j - 1));
        table[i * width + j] = (char) length;
      }
    }
  }

  private int at(int i, int j) {
    return table[i * width + j];
  }

  static CommandSpec spec() {
    return new SpecBuilder(Group.STRING, "lcs", -3)
        .flags(READONLY, UNBOUNDED)
        .key(KeySpec.of("RO access", 1, 1, 1))
        .docs(
            "7.0.0",
            "O(N*M) where N and M are the lengths of s1 and s2, respectively",
            "Find longest common substring")
        .syntax("key1 key2 [LEN] [IDX] [MINMATCHLEN len] [WITHMATCHLEN]")
        .read(args -> {
          byte[] first = args.key(1);
          byte[] second = args.key(2);
          Options options = Options.parse(args);
          return view -> {
            Lcs lcs = new Lcs(bytes(view.get(first)), bytes(view.get(second)));
            return lcs.reply(options);
          };
        });
  }

  private static byte[] bytes(@Nullable Value value) {
    return value == null ? NOTHING : value.copy();
  }

  private record Options(boolean length, boolean index, boolean withLength, long minimum) {

    static Options parse(Arguments args) {
      boolean length = false;
      boolean index = false;
      boolean withLength = false;
      long minimum = 0;
      for (int i = 3; i < args.size(); i++) {
        if (args.is(i, "IDX")) {
          index = true;
        } else if (args.is(i, "LEN")) {
          length = true;
        } else if (args.is(i, "WITHMATCHLEN")) {
          withLength = true;
        } else if (args.is(i, "MINMATCHLEN") && i + 1 < args.size()) {
          i++;
          minimum = Math.max(0, args.integer(i));
        } else {
          throw new CommandException(Errors.SYNTAX);
        }
      }
      if (index && length) {
        throw CommandException.invalid(
            "If you want both the length and indexes, please just use IDX.");
      }
      return new Options(length, index, withLength, minimum);
    }
  }

  private Reply reply(Options options) {
    int length = at(left.length, right.length);
    if (options.length) {
      return Reply.of(length);
    }
    byte[] common = new byte[length];
    List<Reply> matches = new ArrayList<>();
    walk(common, matches, options);
    if (!options.index) {
      return Reply.bulk(common);
    }
    return new Reply.Pairs(
        List.of(
            Reply.bulk("matches"), new Reply.Array(matches), Reply.bulk("len"), Reply.of(length)));
  }

  /** From the table's last corner back, collecting the bytes and the runs of matches. */
  private void walk(byte[] common, List<Reply> matches, Options options) {
    int missing = common.length;
    int i = left.length;
    int j = right.length;
    int run = 0;
    while (i > 0 && j > 0) {
      if (left[i - 1] == right[j - 1]) {
        i--;
        j--;
        run++;
        common[--missing] = left[i];
      } else {
        emit(i, j, run, matches, options);
        run = 0;
        if (at(i - 1, j) > at(i, j - 1)) {
          i--;
        } else {
          j--;
        }
      }
    }
    emit(i, j, run, matches, options);
  }

  private static void emit(int i, int j, int run, List<Reply> matches, Options options) {
    if (run > 0 && run >= options.minimum) {
      matches.add(match(i, j, run, options.withLength));
    }
  }

  private static Reply match(int i, int j, int length, boolean withLength) {
    Reply leftRun = Reply.array(Reply.of(i), Reply.of(i + length - 1L));
    Reply rightRun = Reply.array(Reply.of(j), Reply.of(j + length - 1L));
    return withLength
        ? Reply.array(leftRun, rightRun, Reply.of(length))
        : Reply.array(leftRun, rightRun);
  }
}
