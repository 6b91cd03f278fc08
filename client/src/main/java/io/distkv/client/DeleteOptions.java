package io.distkv.client;

import io.distkv.api.v1.Condition;

/**
 * How a key is removed: on which condition, and what the answer tells. Immutable: each method gives
 * changed options. Of the conditions, the last one asked for counts.
 */
public final class DeleteOptions {
  static final DeleteOptions DEFAULT = new DeleteOptions(Condition.getDefaultInstance(), false);

  private final Condition condition;
  private final boolean returnsPrevious;

  private DeleteOptions(Condition condition, boolean returnsPrevious) {
    this.condition = condition;
    this.returnsPrevious = returnsPrevious;
  }

  /**
   * Only if the key is there; else {@link VersionMismatchException}.
   *
   * @return the changed options
   */
  public DeleteOptions ifPresent() {
    return new DeleteOptions(Conditions.PRESENT, returnsPrevious);
  }

  /**
   * Only if the key is there with this version; else {@link VersionMismatchException}.
   *
   * @param version not 0; without a sign
   * @return the changed options
   */
  public DeleteOptions ifVersion(long version) {
    return new DeleteOptions(Conditions.version(version), returnsPrevious);
  }

  /**
   * The answer has what the key had. Such a delete is always a call of its own. Not allowed within
   * a batch.
   *
   * @return the changed options
   */
  public DeleteOptions returnPrevious() {
    return new DeleteOptions(condition, true);
  }

  Condition condition() {
    return condition;
  }

  boolean returnsPrevious() {
    return returnsPrevious;
  }
}
