package io.distkv.simulation.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Some whole numbers from 1, as {@code 3,7,40-55} says which.
 *
 * @param ranges by rising numbers, with a gap between any two
 */
public record Numbers(List<Range> ranges) {
  public static final Numbers ALL = new Numbers(List.of(new Range(1, Long.MAX_VALUE)));
  public static final Numbers NONE = new Numbers(List.of());
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,12})(?:-([0-9]{1,12}))?");

  /** From one number to another, both included. */
  public record Range(long first, long last) {
    @Override
    public String toString() {
      return first == last ? Long.toString(first) : first + "-" + last;
    }
  }

  public Numbers {
    ranges = List.copyOf(ranges);
  }

  /** These numbers. */
  public static Numbers of(Collection<Long> numbers) {
    List<Range> ranges = new ArrayList<>();
    for (long number : new TreeSet<>(numbers)) {
      if (!ranges.isEmpty() && ranges.getLast().last() + 1 == number) {
        ranges.add(new Range(ranges.removeLast().first(), number));
      } else {
        ranges.add(new Range(number, number));
      }
    }
    return new Numbers(ranges);
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException if the text is something else, or the numbers do not rise
   */
  public static Numbers parse(String text) {
    switch (text) {
      case "all" -> {
        return ALL;
      }
      case "none" -> {
        return NONE;
      }
      default -> {}
    }
    List<Range> ranges = new ArrayList<>();
    long before = 0;
    for (String part : text.split(",", -1)) {
      Matcher matcher = RANGE.matcher(part);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "numbers are written as 3,7,40-55, as all or as none, not as '" + text + "'");
      }
      long first = Long.parseLong(matcher.group(1));
      long last = matcher.group(2) == null ? first : Long.parseLong(matcher.group(2));
      if (first <= before || last < first) {
        throw new IllegalArgumentException("numbers begin with 1 and rise, unlike '" + text + "'");
      }
      ranges.add(new Range(first, last));
      before = last;
    }
    return new Numbers(ranges);
  }

  public boolean contains(long number) {
    return ranges.stream().anyMatch(range -> range.first() <= number && number <= range.last());
  }

  public boolean isAll() {
    return equals(ALL);
  }

  @Override
  public String toString() {
    if (ranges.isEmpty()) {
      return "none";
    }
    return isAll() ? "all" : ranges.stream().map(Range::toString).collect(Collectors.joining(","));
  }
}
