package io.distkv.node.session;

import io.distkv.node.command.Prepared;
import java.util.ArrayList;
import java.util.List;

/** The commands queued since MULTI. Once it is broken, none are kept: EXEC will refuse them all. */
final class Transaction {
  /** What a queued command takes beside the bytes of its words. */
  private static final long COMMAND_BYTES = 512;

  private final SizeLimits limits;
  private final List<Prepared> commands = new ArrayList<>();
  private long sizeBytes;
  private boolean broken;

  Transaction(SizeLimits limits) {
    this.limits = limits;
  }

  /**
   * Queues a command.
   *
   * @return false, with the transaction broken, if it would become larger than a batch may be
   */
  boolean add(Prepared command, long commandBytes) {
    if (broken) {
      return true;
    }
    if (commands.size() == limits.batchOperations()
        || sizeBytes + commandBytes > limits.batchBytes()) {
      breakUp();
      return false;
    }
    sizeBytes += commandBytes;
    commands.add(command);
    return true;
  }

  /** A command could not be queued: EXEC must refuse everything. */
  void breakUp() {
    broken = true;
    commands.clear();
    sizeBytes = 0;
  }

  boolean broken() {
    return broken;
  }

  /** The commands so far, {@link Prepared.Ready} or {@link Prepared.Refused}. */
  List<Prepared> commands() {
    return commands;
  }

  /** The memory that they take. */
  long heldBytes() {
    return sizeBytes + commands.size() * COMMAND_BYTES;
  }
}
