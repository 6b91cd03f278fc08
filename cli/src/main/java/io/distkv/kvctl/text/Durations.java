package io.distkv.kvctl.text;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as users write and read them: a number and its unit. */
public final class Durations {
  private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(us|ms|s|m|h|d)");

  private Durations() {}

  /**
   * Reads {@code 250us}, {@code 500ms}, {@code 1.5s}, {@code 5m}, {@code 2h} or {@code 7d}; more
   * than zero and at most a hundred years.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no length of time; write a number and a unit, such as 500ms, 30s, 5m,"
              + " 2h or 7d");
    }
    double unitSeconds =
        switch (matcher.group(2)) {
          case "us" -> 1e-6;
          case "ms" -> 1e-3;
          case "s" -> 1;
          case "m" -> 60;
          case "h" -> 3_600;
          default -> 86_400;
        };
    double seconds = Double.parseDouble(matcher.group(1)) * unitSeconds;
    Duration duration = Duration.ofNanos(0);
    if (seconds <= 3_155_760_000.0) {
      duration = Duration.ofSeconds((long) seconds, Math.round((seconds - (long) seconds) * 1e9));
    }
    if (!duration.isPositive()) {
      throw new IllegalArgumentException(
          "'" + text + "' is out of range: more than nothing, at most a hundred years");
    }
    return duration;
  }

  /** A length of time in its largest fitting units, such as {@code 2d 3h} or {@code 1.25 s}. */
  public static String show(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
    }
    if (seconds < 3_600) {
      return seconds / 60 + "m " + seconds % 60 + "s";
    }
    if (seconds < 86_400) {
      return seconds / 3_600 + "h " + seconds % 3_600 / 60 + "m";
    }
    return seconds / 86_400 + "d " + seconds % 86_400 / 3_600 + "h";
  }
}
