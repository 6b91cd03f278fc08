package io.distkv.client;

/** Holds numbers to their ranges. */
final class Ranges {
  private Ranges() {}

  static void require(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be from " + least + " to " + most + ", not " + value);
    }
  }
}
