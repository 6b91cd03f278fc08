package io.distkv.server.slowlog;

import io.distkv.node.command.SlowLog;
import io.distkv.node.replica.ReplicaIdentity;
import io.distkv.node.session.Passage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the log tells of one operation that took long. Of its request it holds a piece of a key:
 * when many are slow, many wait to be logged, and their values would fill the heap.
 *
 * @param words the command and its first key
 * @param parts where its time went, in words
 * @param partition that it reached last; null if it reached none
 */
record SlowOperation(
    List<String> words,
    String parts,
    long nanos,
    long endNanos,
    boolean failed,
    long requestBytes,
    @Nullable ReplicaIdentity partition,
    Passage.Client client) {

  SlowOperation {
    words = List.copyOf(words);
  }

  static SlowOperation of(Passage passage) {
    return new SlowOperation(
        SlowText.words(passage),
        SlowText.parts(passage),
        passage.nanos(),
        passage.endNanos(),
        passage.failed(),
        passage.requestBytes(),
        passage.replica(),
        passage.client());
  }

  SlowLog.Entry entry(long id, long endedMillis) {
    return new SlowLog.Entry(
        id, endedMillis, nanos / 1_000, words, client.address(), client.name(), parts);
  }

  /**
   * The line of the log.
   *
   * @param unlogged how many others were slow since the last line and have none
   */
  String line(long unlogged) {
    StringBuilder line =
        new StringBuilder("slow operation: ")
            .append(String.join(" ", words))
            .append(failed ? " failed after " : " took ")
            .append(SlowText.millis(nanos))
            .append(" = ")
            .append(parts);
    if (partition != null) {
      line.append("; partition ").append(partition);
    }
    line.append("; ").append(requestBytes).append(" bytes");
    if (!client.address().isEmpty()) {
      line.append(" from ").append(client.address());
    }
    if (!client.name().isEmpty()) {
      line.append(" (").append(client.name()).append(')');
    }
    if (unlogged > 0) {
      line.append("; ").append(unlogged).append(" more were slow since the line before");
    }
    return line.toString();
  }
}
