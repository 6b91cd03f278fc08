package io.distkv.node.session;

import io.distkv.base.Limits;
import io.distkv.node.command.Prepared;
import java.util.ArrayList;
import java.util.List;

/** The commands queued since MULTI. */
final class Transaction {
  private final List<Prepared> commands = new ArrayList<>();
  private long sizeBytes;
  private boolean broken;

  /**
   * Queues a command.
   *
   * @return false, with the transaction broken, if it would become larger than a batch may be
   */
  boolean add(Prepared command, long commandBytes) {
    if (commands.size() == Limits.MAX_BATCH_OPERATIONS
        || sizeBytes + commandBytes > Limits.MAX_BATCH_BYTES) {
      broken = true;
      return false;
    }
    sizeBytes += commandBytes;
    commands.add(command);
    return true;
  }

  /** A command could not be queued: EXEC must refuse everything. */
  void breakUp() {
    broken = true;
  }

  boolean broken() {
    return broken;
  }

  /** The commands so far, {@link Prepared.Ready} or {@link Prepared.Refused}. */
  List<Prepared> commands() {
    return commands;
  }

  long sizeBytes() {
    return sizeBytes;
  }
}
