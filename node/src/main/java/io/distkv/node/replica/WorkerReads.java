package io.distkv.node.replica;

import io.distkv.node.command.Reply;
import java.util.function.Supplier;

/** Turns what can go wrong in a read on a worker into what the client gets. */
public final class WorkerReads {
  private WorkerReads() {}

  /** Runs a read; damaged or unreadable data and defects become failures. */
  public static Reply guard(ReplicaEnvironment.Faults faults, Supplier<Reply> read) {
    try {
      return read.get();
    } catch (ReadFailedException e) {
      return e.failure(faults);
    } catch (RuntimeException e) {
      faults.defect(e);
      return WritePath.DEFECT;
    }
  }
}
