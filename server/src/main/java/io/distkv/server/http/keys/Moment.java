package io.distkv.server.http.keys;

import io.distkv.base.Clock;
import io.distkv.base.Version;
import io.distkv.server.http.exchange.ProblemException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/**
 * The moment as of which something is read: a version; a time of RFC 3339; or so long before now,
 * such as {@code -60s}. A time means all that was written up to the end of its millisecond.
 */
public final class Moment {
  private Moment() {}

  /**
   * The version that a text means.
   *
   * @param what says it, for the error
   */
  public static long version(String text, Clock clock, String what) {
    if (text.matches("[0-9]{1,19}")) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw ProblemException.invalid(what + " is no version: it has more than 63 bits");
      }
    }
    return endOf(
        text.startsWith("-")
            ? clock.wallMillis() - Life.millis(text.substring(1), what + ", behind the minus,")
            : instant(text, what).toEpochMilli(),
        what);
  }

  private static Instant instant(String text, String what) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw ProblemException.invalid(
          what + " is a version, a time such as 2026-01-31T12:00:00Z, or such as -60s");
    }
  }

  private static long endOf(long millis, String what) {
    if (millis < 0 || millis >= Version.millis(Version.LATEST)) {
      throw ProblemException.invalid(what + " is a time before 1970 or after 6429");
    }
    return Version.ofMillis(millis + 1) - 1;
  }
}
