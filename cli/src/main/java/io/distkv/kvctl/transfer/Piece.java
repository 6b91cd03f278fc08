package io.distkv.kvctl.transfer;

import org.jspecify.annotations.Nullable;

/**
 * A piece of the input that is taken or refused as a whole: a line, or a CSV record of several.
 *
 * @param firstLine the number of its first line, from 1
 * @param lines how many lines it takes
 * @param end the offset in the input just behind it
 * @param raw its exact bytes, line end included
 * @param entry what it says; null for a blank line or a bad piece
 * @param problem why it is bad; null where it is not
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record Piece(
    long firstLine,
    long lines,
    long end,
    byte[] raw,
    @Nullable Entry entry,
    @Nullable String problem) {
  boolean isBlank() {
    return entry == null && problem == null;
  }

  long lastLine() {
    return firstLine + lines - 1;
  }
}
