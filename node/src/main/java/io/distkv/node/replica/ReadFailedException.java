package io.distkv.node.replica;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.storage.CorruptionException;
import java.io.IOException;

/** Leaves a command whose view could not read the disk. */
final class ReadFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final IOException why;

  ReadFailedException(IOException why) {
    super(why);
    this.why = why;
  }

  /** What the disk said. */
  IOException why() {
    return why;
  }

  /** What the client gets; damage is told of. */
  Reply.Failure failure(ReplicaEnvironment.Faults faults) {
    if (why instanceof CorruptionException corruption) {
      faults.damaged(corruption.damage());
    }
    return failure(why);
  }

  static Reply.Failure failure(IOException why) {
    return why instanceof CorruptionException corruption
        ? Errors.of(ErrorCode.CORRUPTION, "stored data is damaged: " + corruption.damage())
        : Errors.of(ErrorCode.INTERNAL, "the disk could not be read: " + why.getMessage());
  }
}
