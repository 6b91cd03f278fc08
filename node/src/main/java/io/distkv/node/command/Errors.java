package io.distkv.node.command;

import io.distkv.base.ErrorCode;
import io.distkv.base.Limits;

/** The texts of errors, and the one place that maps an {@link ErrorCode} to its RESP prefix. */
public final class Errors {
  static final Reply.Failure SYNTAX = invalid("syntax error");
  static final Reply.Failure NOT_AN_INTEGER = invalid("value is not an integer or out of range");
  static final Reply.Failure NOT_A_FLOAT = invalid("value is not a valid float");

  private static final Reply.Failure REPLY_TOO_LARGE =
      of(
          ErrorCode.TOO_LARGE,
          "what is asked for has more than "
              + Limits.MAX_BATCH_BYTES
              + " bytes; ask for less at once");

  private Errors() {}

  /** What a command is told whose reply would be larger than a batch may be. */
  public static Reply.Failure replyTooLarge() {
    return REPLY_TOO_LARGE;
  }

  /** The first word of an error line, by which Redis clients tell kinds of errors apart. */
  public static String prefix(ErrorCode code) {
    return switch (code) {
      case INVALID_ARGUMENT, NOT_FOUND, INTERNAL -> "ERR";
      case VERSION_MISMATCH -> "VERSIONMISMATCH";
      case HISTORY_GONE -> "HISTORYGONE";
      case TOO_LARGE -> "TOOLARGE";
      case NO_QUORUM -> "CLUSTERDOWN";
      case NOT_LEADER, STALE_TOPOLOGY -> "TRYAGAIN";
      case OVERLOADED -> "OVERLOADED";
      case TIMEOUT -> "TIMEOUT";
      case UNAUTHENTICATED -> "NOAUTH";
      case PERMISSION_DENIED -> "NOPERM";
      case READ_ONLY -> "READONLY";
      case DISK_FULL -> "DISKFULL";
      case CORRUPTION -> "CORRUPTION";
    };
  }

  /** An error of any code; {@code text} follows the code's prefix. */
  public static Reply.Failure of(ErrorCode code, String text) {
    return new Reply.Failure(code, prefix(code) + " " + clean(text));
  }

  /** An error of the request itself, with the prefix {@code ERR}. */
  public static Reply.Failure invalid(String text) {
    return of(ErrorCode.INVALID_ARGUMENT, text);
  }

  /** An error whose line begins with a prefix that Redis gives this one case. */
  public static Reply.Failure special(ErrorCode code, String line) {
    return new Reply.Failure(code, clean(line));
  }

  /** The error of a part, saying which part it is. */
  static Reply.Failure within(String part, CommandException e) {
    Reply.Failure error = e.error();
    return of(error.code(), part + ": " + error.text());
  }

  /** An error line must not end early, whatever the client put into it. */
  private static String clean(String text) {
    return text.replace('\r', ' ').replace('\n', ' ');
  }
}
