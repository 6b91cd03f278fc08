package io.distkv.node.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One call of SCAN: looks at about {@code count} keys from where the cursor stands, and returns
 * those that match. See {@link ScanPositions} for what the cursor is and what is promised.
 *
 * @param strings whether keys that hold strings are wanted, and so any at all
 */
record Scan(long cursor, GlobPattern pattern, long count, boolean strings) {
  static final int DEFAULT_COUNT = 10;

  /** A call ends early once it has returned so much. */
  private static final int MAX_REPLY_BYTES = 1 << 20;

  /** A call looks at no more keys than this, whatever the client asks for. */
  private static final int MAX_COUNT = 100_000;

  Reply run(View view, ScanPositions positions) {
    int partitions = view.partitions();
    int partition = ScanPositions.partition(cursor, partitions);
    Batch batch = new Batch(Math.min(count, MAX_COUNT));
    boolean resuming = cursor != 0;
    for (; partition < partitions; partition++) {
      try (KeyCursor keys = view.keys(partition)) {
        boolean more = resuming ? resume(view, keys, positions, partition) : start(keys);
        resuming = false;
        while (more && ScanCommands.startsWith(keys.key(), pattern.literalPrefix())) {
          byte[] key = keys.key();
          batch.look(key);
          more = keys.next();
          boolean last = !more && partition == partitions - 1;
          if (batch.full() && !last) {
            long stopped = ScanPositions.cursor(partition, partitions, key);
            positions.remember(view.keyspace(), stopped, key);
            return batch.reply(stopped);
          }
        }
      }
    }
    return batch.reply(0);
  }

  private boolean start(KeyCursor keys) {
    return keys.seek(pattern.literalPrefix());
  }

  /** Moves to the first key behind the one at which the last call stopped, or before that. */
  private boolean resume(View view, KeyCursor keys, ScanPositions positions, int partition) {
    byte[] stopped = positions.recall(view.keyspace(), cursor);
    byte[] prefix = pattern.literalPrefix();
    if (stopped != null) {
      boolean ahead = Arrays.compareUnsigned(stopped, prefix) < 0;
      boolean found = keys.seek(ahead ? prefix : stopped);
      boolean standsThere = found && Arrays.equals(keys.key(), stopped);
      return standsThere ? keys.next() : found;
    }
    for (boolean more = start(keys);
        more && ScanCommands.startsWith(keys.key(), prefix);
        more = keys.next()) {
      if (ScanPositions.cursor(partition, view.partitions(), keys.key()) == cursor) {
        return keys.next();
      }
    }
    return start(keys);
  }

  /** What one call has looked at. */
  private final class Batch {
    private final List<Reply> found = new ArrayList<>();
    private final long most;
    private long looked;
    private long bytes;

    Batch(long most) {
      this.most = most;
    }

    void look(byte[] key) {
      looked++;
      if (strings && pattern.matches(key)) {
        found.add(Reply.bulk(key));
        bytes += key.length;
      }
    }

    boolean full() {
      return looked >= most || bytes >= MAX_REPLY_BYTES;
    }

    Reply reply(long next) {
      return Reply.array(Reply.bulk(Long.toString(next)), new Reply.Array(found));
    }
  }
}
