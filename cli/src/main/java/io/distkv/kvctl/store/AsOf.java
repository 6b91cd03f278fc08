package io.distkv.kvctl.store;

import io.distkv.client.GetOptions;
import io.distkv.client.ScanOptions;
import io.distkv.kvctl.Failure;
import io.distkv.kvctl.text.Durations;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Function;

/** A past that is to be read: a version, or what was written before a moment. */
public sealed interface AsOf {

  /** When a version was the newest. */
  record Version(long version) implements AsOf {}

  /** What was written before it, by the node's clock. */
  record Moment(Instant instant) implements AsOf {}

  /**
   * Reads a version (digits), a time of ISO 8601 (in this machine's zone where it names none), or a
   * length of time ago.
   *
   * @param option whose argument it is, for the message of a failure
   * @param now what time it is
   */
  static AsOf parse(String option, String text, Instant now) {
    if (text.matches("[0-9]+")) {
      return version(option, text);
    }
    Instant instant =
        tried(text, each -> now.minus(Durations.parse(each)))
            .or(() -> tried(text, each -> OffsetDateTime.parse(each).toInstant()))
            .or(() ->
                tried(text, each -> LocalDateTime.parse(each).atZone(ZoneId.systemDefault()))
                    .map(zoned -> zoned.toInstant()))
            .or(() ->
                tried(text, each -> LocalDate.parse(each).atStartOfDay(ZoneId.systemDefault()))
                    .map(zoned -> zoned.toInstant()))
            .orElseThrow(() ->
                Failure.usage(
                    ("%s is '%s', which is no version (such as put --output json tells), no time"
                            + " such as 2026-11-28T19:45:00Z, and no length of time ago such as 1m")
                        .formatted(option, text)));
    if (instant.isAfter(now)) {
      throw Failure.usage("%s is %s, which lies ahead".formatted(option, text));
    }
    if (instant.toEpochMilli() < 1) {
      throw Failure.usage("%s is %s, which is before 1970".formatted(option, text));
    }
    return new Moment(instant);
  }

  private static Version version(String option, String text) {
    try {
      long version = Long.parseLong(text);
      if (version > 0) {
        return new Version(version);
      }
    } catch (NumberFormatException e) {
      // Then it is too large for one.
    }
    throw Failure.usage(
        "%s is %s, but versions go from 1 to %d".formatted(option, text, Long.MAX_VALUE));
  }

  private static <T> Optional<T> tried(String text, Function<String, T> parse) {
    try {
      return Optional.of(parse.apply(text));
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Reads a key so. */
  default GetOptions of(GetOptions options) {
    return switch (this) {
      case Version(long version) -> options.asOf(version);
      case Moment(Instant instant) -> options.asOf(instant);
    };
  }

  /** Lists keys so. */
  default <K> ScanOptions<K> of(ScanOptions<K> options) {
    return switch (this) {
      case Version(long version) -> options.asOf(version);
      case Moment(Instant instant) -> options.asOf(instant);
    };
  }
}
