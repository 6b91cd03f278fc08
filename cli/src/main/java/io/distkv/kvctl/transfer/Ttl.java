package io.distkv.kvctl.transfer;

/** Times to live as files write them: milliseconds, at least 1. */
final class Ttl {
  private Ttl() {}

  static long parse(String digits, String name) throws BadRecordException {
    if (!digits.matches("[0-9]{1,18}") || Long.parseLong(digits) == 0) {
      throw new BadRecordException(name + " is no whole number of milliseconds from 1 up");
    }
    return Long.parseLong(digits);
  }
}
