package io.distkv.kvctl.transfer;

/** What the formats have in common about lines. */
final class Pieces {
  private Pieces() {}

  static String tooLong() {
    return "longer than " + (InputBytes.MAX_PIECE_BYTES >> 20) + " MiB; only its beginning is kept";
  }

  /** How many bytes come before the LF or CR LF at the end, if there is one. */
  static int lengthWithoutEnd(byte[] raw) {
    int length = raw.length;
    if (length > 0 && raw[length - 1] == '\n') {
      length--;
      if (length > 0 && raw[length - 1] == '\r') {
        length--;
      }
    }
    return length;
  }

  static boolean isBlank(byte[] text) {
    for (byte b : text) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
