package io.distkv.kvctl.text;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of bytes as users write and read them. */
public final class Sizes {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,15})(B|KiB|MiB|GiB|TiB)?");
  private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

  private Sizes() {}

  /**
   * Reads {@code 1048576}, {@code 512KiB}, {@code 64MiB}, {@code 10GiB} or {@code 1TiB}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static long parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      String unit = matcher.group(2);
      int shift = unit == null ? 0 : 10 * UNITS.indexOf(unit);
      long count = Long.parseLong(matcher.group(1));
      if (count <= Long.MAX_VALUE >> shift) {
        return count << shift;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no amount of bytes such as 1048576, 512KiB, 64MiB or 10GiB");
  }

  /** An amount in its largest fitting unit, such as {@code 1.5 GiB}. */
  public static String show(long bytes) {
    int unit = 0;
    double amount = bytes;
    while (amount >= 1024 && unit < UNITS.size() - 1) {
      amount /= 1024;
      unit++;
    }
    return unit == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, "%.1f %s", amount, UNITS.get(unit));
  }
}
