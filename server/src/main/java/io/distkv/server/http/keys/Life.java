package io.distkv.server.http.keys;

import io.distkv.server.http.exchange.ProblemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a value lives, as requests and answers write it: {@code 1500ms}, {@code 60s}. */
public final class Life {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,15})(ms|s|m|h|d)");

  private Life() {}

  /**
   * The milliseconds that a text says.
   *
   * @param what says it, for the error
   */
  public static long millis(String text, String what) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw ProblemException.invalid(
          what + " is a whole number and one of ms, s, m, h, d, such as 60s");
    }
    long unit =
        switch (matcher.group(2)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 86_400_000;
        };
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
    } catch (ArithmeticException e) {
      throw ProblemException.invalid(what + " is too long");
    }
  }

  static String text(long millis) {
    return millis + "ms";
  }
}
