package io.distkv.client;

import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * How a keyspace is created. Without any of these, with one partition, the next free number, and
 * all settings as they are by default. Immutable: each method gives changed options.
 */
public final class KeyspaceOptions {
  static final KeyspaceOptions DEFAULT =
      new KeyspaceOptions(0, OptionalInt.empty(), KeyspaceSettings.UNSET);

  private final int partitions;
  private final OptionalInt number;
  private final KeyspaceSettings settings;

  private KeyspaceOptions(int partitions, OptionalInt number, KeyspaceSettings settings) {
    this.partitions = partitions;
    this.number = number;
    this.settings = settings;
  }

  /**
   * Into how many parts it is split, for good.
   *
   * @param partitions a power of two from 1 to 4,096
   * @return the changed options
   */
  public KeyspaceOptions partitions(int partitions) {
    Ranges.require("partitions", partitions, 1, 4_096);
    return new KeyspaceOptions(partitions, number, settings);
  }

  /**
   * The number by which Redis clients select it.
   *
   * @param number from 0 to 9,999, which no other keyspace has
   * @return the changed options
   */
  public KeyspaceOptions number(int number) {
    Ranges.require("number", number, 0, 9_999);
    return new KeyspaceOptions(partitions, OptionalInt.of(number), settings);
  }

  /**
   * What can be changed later, too.
   *
   * @param change gives changed settings
   * @return the changed options
   */
  public KeyspaceOptions settings(UnaryOperator<KeyspaceSettings> change) {
    return new KeyspaceOptions(partitions, number, change.apply(settings));
  }

  int partitions() {
    return partitions;
  }

  OptionalInt number() {
    return number;
  }

  KeyspaceSettings settings() {
    return settings;
  }
}
