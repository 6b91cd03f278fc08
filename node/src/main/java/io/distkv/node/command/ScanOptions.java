package io.distkv.node.command;

import io.distkv.base.Version;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The options of KV.SCAN; of one that is said twice, the later counts. */
final class ScanOptions {
  private byte[] from = {};
  private byte @Nullable [] to;
  private byte[] prefix = {};
  private boolean reverse;
  private boolean keysOnly;
  private int limit = KeyScan.DEFAULT_LIMIT;
  private long bytes = KeyScan.DEFAULT_BYTES;
  long asOf = Version.LATEST;

  private ScanOptions() {}

  static ScanOptions parse(Arguments args) {
    ScanOptions options = new ScanOptions();
    for (int i = 1; i < args.size(); i++) {
      if (args.is(i, "REVERSE")) {
        options.reverse = true;
      } else if (args.is(i, "KEYSONLY")) {
        options.keysOnly = true;
      } else if (i + 1 < args.size() && options.take(args, i)) {
        i++;
      } else {
        throw new CommandException(Errors.SYNTAX);
      }
    }
    return options;
  }

  private boolean take(Arguments args, int at) {
    if (args.is(at, "FROM")) {
      from = args.bound(at + 1);
    } else if (args.is(at, "TO")) {
      to = args.bound(at + 1);
    } else if (args.is(at, "PREFIX")) {
      prefix = args.bound(at + 1);
    } else if (args.is(at, "LIMIT")) {
      limit = (int) args.integer(at + 1, 1, KeyScan.MOST_LIMIT);
    } else if (args.is(at, "BYTES")) {
      bytes = args.integer(at + 1, 1, KeyScan.MOST_BYTES);
    } else if (args.is(at, "ASOF")) {
      asOf = Versions.parse(args, at + 1);
    } else {
      return false;
    }
    return true;
  }

  /** The part of the range that begins with the prefix. */
  KeyScan scan() {
    byte[] end = io.distkv.storage.tree.KeyRange.prefix(prefix).to();
    boolean earlierEnd = end != null && (to == null || Arrays.compareUnsigned(end, to) < 0);
    return new KeyScan(
        Arrays.compareUnsigned(from, prefix) < 0 ? prefix : from,
        earlierEnd ? end : to,
        reverse,
        limit,
        bytes,
        !keysOnly);
  }
}
