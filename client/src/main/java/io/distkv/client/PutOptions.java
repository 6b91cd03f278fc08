package io.distkv.client;

import io.distkv.api.v1.Condition;
import io.distkv.api.v1.Life;
import java.time.Duration;
import java.time.Instant;

/**
 * How a key is set: on which condition, for how long, and what the answer tells. Without any of
 * these, always, for ever, and only the version. Immutable: each method gives changed options. Of
 * the conditions, and of the lives, the last one asked for counts.
 */
public final class PutOptions {
  static final PutOptions DEFAULT =
      new PutOptions(Condition.getDefaultInstance(), Life.getDefaultInstance(), false);

  private final Condition condition;
  private final Life life;
  private final boolean returnsPrevious;

  private PutOptions(Condition condition, Life life, boolean returnsPrevious) {
    this.condition = condition;
    this.life = life;
    this.returnsPrevious = returnsPrevious;
  }

  /**
   * Only if the key is not there; else {@link VersionMismatchException}.
   *
   * @return the changed options
   */
  public PutOptions ifAbsent() {
    return with(Conditions.ABSENT);
  }

  /**
   * Only if the key is there; else {@link VersionMismatchException}.
   *
   * @return the changed options
   */
  public PutOptions ifPresent() {
    return with(Conditions.PRESENT);
  }

  /**
   * Only if the key is there with this version; else {@link VersionMismatchException}.
   *
   * @param version not 0; without a sign
   * @return the changed options
   */
  public PutOptions ifVersion(long version) {
    return with(Conditions.version(version));
  }

  /**
   * The value ends some time after the write.
   *
   * @param life at least 1 ms; what is finer is cut off
   * @return the changed options
   */
  public PutOptions ttl(Duration life) {
    return with(Life.newBuilder().setTtlMillis(Lives.millis(life)).build());
  }

  /**
   * The value ends at a moment, by the node's clock. If that is past, the key is removed at once.
   * Not allowed within a batch.
   *
   * @param instant after 1970 began
   * @return the changed options
   */
  public PutOptions expireAt(Instant instant) {
    long millis = instant.toEpochMilli();
    Ranges.require("milliseconds since 1970", millis, 1, Long.MAX_VALUE);
    return with(Life.newBuilder().setExpireAtMillis(millis).build());
  }

  /**
   * The value lives as long as the one before it would have.
   *
   * @return the changed options
   */
  public PutOptions keepTtl() {
    return with(Life.newBuilder().setKeep(true).build());
  }

  /**
   * The answer has what the key had before. Such a put is always a call of its own. Not allowed
   * within a batch.
   *
   * @return the changed options
   */
  public PutOptions returnPrevious() {
    return new PutOptions(condition, life, true);
  }

  private PutOptions with(Condition changed) {
    return new PutOptions(changed, life, returnsPrevious);
  }

  private PutOptions with(Life changed) {
    return new PutOptions(condition, changed, returnsPrevious);
  }

  Condition condition() {
    return condition;
  }

  Life life() {
    return life;
  }

  boolean returnsPrevious() {
    return returnsPrevious;
  }
}
