package io.distkv.kvctl.transfer;

/** A line or record that holds no entry; the message says why, for whoever wrote the line. */
final class BadRecordException extends Exception {
  BadRecordException(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
