package io.distkv.client;

import io.distkv.api.v1.OperationResult;
import java.util.List;

/** What came of the operations of a batch. Immutable. */
public final class BatchResults {
  private final Batch<?, ?> batch;
  private final List<OperationResult> results;

  BatchResults(Batch<?, ?> batch, List<OperationResult> results) {
    this.batch = batch;
    this.results = results;
  }

  /**
   * The result of one operation, read by the keyspace's codec on the calling thread.
   *
   * @param slot that the batch has given for it
   * @param <T> type of the result
   * @return the result
   * @throws IllegalArgumentException if the slot is of another batch, or was given after the commit
   */
  public <T> T get(Batch.Slot<T> slot) {
    if (slot.batch() != batch || slot.index() >= results.size()) {
      throw new IllegalArgumentException("the slot is none of the batch that was committed");
    }
    return slot.meaning(results.get(slot.index()));
  }
}
