package io.distkv.client;

import io.distkv.api.v1.Condition;

/** Conditions as the contract has them. */
final class Conditions {
  static final Condition ABSENT = Condition.newBuilder().setAbsent(true).build();
  static final Condition PRESENT = Condition.newBuilder().setPresent(true).build();

  private Conditions() {}

  static Condition version(long version) {
    if (version == 0) {
      throw new IllegalArgumentException("no key has the version 0");
    }
    return Condition.newBuilder().setVersion(version).build();
  }
}
