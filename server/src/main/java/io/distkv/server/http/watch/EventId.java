package io.distkv.server.http.watch;

import io.distkv.server.http.exchange.ProblemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a stream of events goes on: behind a version, and behind so many changes of the next one. A
 * batch writes many keys with one version, so a version alone does not tell how far a client has
 * come. Written {@code 117695262482825216} or {@code 117695262482825216.3}.
 *
 * @param through everything up to this version was told
 * @param told how many changes of the next version were told
 */
record EventId(long through, int told) {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,19})(?:\\.([0-9]{1,9}))?");

  /** Whether a text looks like one. */
  static boolean isOne(String text) {
    return TEXT.matcher(text).matches();
  }

  /**
   * Reads one.
   *
   * @param what says it, for the error
   */
  static EventId parse(String text, String what) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw ProblemException.invalid(what + " is none that an event of this node has had");
    }
    long through;
    try {
      through = Long.parseLong(matcher.group(1));
    } catch (NumberFormatException e) {
      throw ProblemException.invalid(what + " has a version of more than 63 bits");
    }
    if (through == 0) {
      throw ProblemException.invalid(what + " is a version, and they begin with 1");
    }
    return new EventId(through, matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2)));
  }

  @Override
  public String toString() {
    return told == 0 ? Long.toString(through) : through + "." + told;
  }
}
