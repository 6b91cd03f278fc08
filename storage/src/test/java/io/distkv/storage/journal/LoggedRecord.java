package io.distkv.storage.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A record as a test appended it or read it back; compares by content. */
record LoggedRecord(
    long replica, long incarnation, RecordKind kind, long term, long index, String payload) {

  static LoggedRecord of(
      long replica,
      long incarnation,
      RecordKind kind,
      long term,
      long index,
      byte[] payload,
      int offset,
      int length) {
    byte[] copy = Arrays.copyOfRange(payload, offset, offset + length);
    String text = new String(copy, StandardCharsets.ISO_8859_1);
    return new LoggedRecord(replica, incarnation, kind, term, index, text);
  }

  byte[] payloadBytes() {
    return payload.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return "%s %d.%d %d/%d [%d bytes, hash %x]"
        .formatted(kind, replica, incarnation, term, index, payload.length(), payload.hashCode());
  }
}
