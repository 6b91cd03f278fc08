package io.distkv.server.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a setting's value is written and what it may be. The text forms are the same in the file, the
 * environment, {@code --set} and CONFIG SET.
 *
 * @param <T> what the value is in the program
 * @param name what the documentation calls the type
 * @param allowed the values it may have, as the end of the sentence "allowed: ..."
 * @param parser gives null for a text that is not allowed
 * @param printer writes a value so that the parser reads the same one
 */
public record ValueType<T>(
    String name,
    String allowed,
    Function<String, @Nullable T> parser,
    Function<T, String> printer) {

  private static final Pattern BYTES = Pattern.compile("(\\d{1,18})\\s*([KMGT]iB|B)?");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(us|ms|s|m|h|d)");
  private static final Pattern BOUND = Pattern.compile("\\s+up\\s+to\\s+");
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,2})\\s*%");
  private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)\\s*%");
  private static final List<String> BYTE_UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

  /** Longer than most things should take. */
  static final Duration DAY = Duration.ofDays(1);

  /** Where to listen. */
  static final ValueType<String> ADDRESS =
      text(
          "IP address",
          "an IP address of this machine",
          Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*"));

  static ValueType<Boolean> flag() {
    return new ValueType<>(
        "true or false",
        "true, false",
        text ->
            switch (text) {
              case "true" -> Boolean.TRUE;
              case "false" -> Boolean.FALSE;
              default -> null;
            },
        String::valueOf);
  }

  static ValueType<Integer> count(int least, int most) {
    return new ValueType<>(
        "number",
        least + " to " + most,
        text -> {
          Long number = parseLong(text);
          return number == null || number < least || number > most ? null : number.intValue();
        },
        String::valueOf);
  }

  static ValueType<Long> bytes(long least, long most) {
    return new ValueType<>(
        "bytes",
        printBytes(least) + " to " + printBytes(most) + ", with B, KiB, MiB, GiB or TiB",
        text -> {
          Long bytes = parseBytes(text);
          return bytes == null || bytes < least || bytes > most ? null : bytes;
        },
        ValueType::printBytes);
  }

  static ValueType<MemorySize> memory(long leastBytes) {
    return new ValueType<>(
        "memory",
        "1% to 90% of the heap, such a share with a bound (20% up to 1GiB), or from "
            + printBytes(leastBytes)
            + " up",
        text -> parseMemory(text, leastBytes),
        MemorySize::toString);
  }

  private static @Nullable MemorySize parseMemory(String text, long leastBytes) {
    String[] parts = BOUND.split(text, 2);
    Matcher percent = PERCENT.matcher(parts[0]);
    if (!percent.matches()) {
      Long bytes = parseBytes(text);
      return bytes == null || bytes < leastBytes ? null : new MemorySize.Bytes(bytes);
    }
    int share = Integer.parseInt(percent.group(1));
    if (share < 1 || share > 90) {
      return null;
    }
    MemorySize.OfHeap ofHeap = new MemorySize.OfHeap(share);
    if (parts.length == 1) {
      return ofHeap;
    }
    Long most = parseBytes(parts[1]);
    return most == null || most < leastBytes ? null : new MemorySize.Bounded(ofHeap, most);
  }

  /** A part of a whole, from 0 to 1. */
  static ValueType<Double> share() {
    return new ValueType<>(
        "share",
        "0% to 100%, such as 0.5%",
        text -> {
          Matcher share = SHARE.matcher(text);
          double percent = share.matches() ? Double.parseDouble(share.group(1)) : -1;
          return percent < 0 || percent > 100 ? null : percent / 100;
        },
        share ->
            BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + "%");
  }

  static ValueType<Duration> duration(Duration least, Duration most) {
    return new ValueType<>(
        "duration",
        printDuration(least) + " to " + printDuration(most) + ", with us, ms, s, m, h or d",
        text -> {
          Duration duration = parseDuration(text);
          return duration == null || duration.compareTo(least) < 0 || duration.compareTo(most) > 0
              ? null
              : duration;
        },
        ValueType::printDuration);
  }

  static <E extends Enum<E>> ValueType<E> choice(Class<E> choices) {
    return new ValueType<>(
        "choice",
        Stream.of(choices.getEnumConstants())
            .map(ValueType::lowerCase)
            .collect(Collectors.joining(", ")),
        text ->
            Stream.of(choices.getEnumConstants())
                .filter(choice -> lowerCase(choice).equals(text))
                .findFirst()
                .orElse(null),
        ValueType::lowerCase);
  }

  static ValueType<String> text(String name, String allowed, Pattern pattern) {
    return new ValueType<>(
        name, allowed, text -> pattern.matcher(text).matches() ? text : null, Function.identity());
  }

  /** One value, or several in brackets and apart by commas. */
  static <E> ValueType<List<E>> listOf(ValueType<E> element, int most) {
    return new ValueType<>(
        "list",
        "one of " + element.allowed + ", or a list of 1 to " + most + " of them",
        text -> {
          boolean bracketed = text.startsWith("[") && text.endsWith("]");
          String inside = bracketed ? text.substring(1, text.length() - 1) : text;
          List<E> values = new ArrayList<>();
          for (String part : inside.split(",", -1)) {
            E value = element.parser.apply(part.strip());
            if (value == null) {
              return null;
            }
            values.add(value);
          }
          return values.size() > most ? null : List.copyOf(values);
        },
        values ->
            values.size() == 1
                ? element.printer.apply(values.getFirst())
                : values.stream().map(element.printer).collect(Collectors.joining(", ", "[", "]")));
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable Long parseLong(String text) {
    return text.matches("\\d{1,18}") ? Long.valueOf(text) : null;
  }

  private static @Nullable Long parseBytes(String text) {
    Matcher matcher = BYTES.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long number = Long.parseLong(matcher.group(1));
    int power = matcher.group(2) == null ? 0 : BYTE_UNITS.indexOf(matcher.group(2));
    return number > Long.MAX_VALUE >> (10 * power) ? null : number << (10 * power);
  }

  static String printBytes(long bytes) {
    int power = 0;
    long number = bytes;
    while (power < BYTE_UNITS.size() - 1 && number != 0 && number % 1024 == 0) {
      number /= 1024;
      power++;
    }
    return power == 0 ? String.valueOf(number) : number + BYTE_UNITS.get(power);
  }

  private static @Nullable Duration parseDuration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "us" -> Duration.ofNanos(number * 1000);
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  static String printDuration(Duration duration) {
    long micros = duration.toNanos() / 1000;
    if (micros == 0) {
      return "0";
    }
    long[] sizes = {86_400_000_000L, 3_600_000_000L, 60_000_000L, 1_000_000L, 1000L};
    String[] units = {"d", "h", "m", "s", "ms"};
    for (int i = 0; i < sizes.length; i++) {
      if (micros % sizes[i] == 0) {
        return micros / sizes[i] + units[i];
      }
    }
    return micros + "us";
  }
}
