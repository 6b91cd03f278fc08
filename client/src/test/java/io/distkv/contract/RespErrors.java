package io.distkv.contract;

/** What the error lines of RESP mean: the one table of docs/protocols.md, read backwards. */
final class RespErrors {
  private RespErrors() {}

  static Answer.Refused refused(String line) {
    int blank = line.indexOf(' ');
    String prefix = blank < 0 ? line : line.substring(0, blank);
    String text = line.substring(blank + 1);
    return new Answer.Refused(code(prefix, text), line);
  }

  private static String code(String prefix, String text) {
    return switch (prefix) {
      // One prefix for three codes, since Redis clients know no others: the text tells them apart.
      case "ERR" -> {
        if (text.matches("there is no keyspace .*|keyspace .* was dropped.*")) {
          yield "NOT_FOUND";
        }
        yield text.startsWith("a defect") ? "INTERNAL" : "INVALID_ARGUMENT";
      }
      case "CROSSSLOT" -> "INVALID_ARGUMENT";
      case "VERSIONMISMATCH" -> "VERSION_MISMATCH";
      case "HISTORYGONE" -> "HISTORY_GONE";
      case "TOOLARGE" -> "TOO_LARGE";
      case "OVERLOADED" -> "OVERLOADED";
      case "TIMEOUT" -> "TIMEOUT";
      case "DISKFULL", "OOM" -> "DISK_FULL";
      default -> throw new AssertionError("an error line that no scenario can mean: " + prefix);
    };
  }
}
