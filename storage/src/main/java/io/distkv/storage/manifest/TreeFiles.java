package io.distkv.storage.manifest;

import java.util.OptionalLong;

/** The names of the files in a tree's folder. */
public final class TreeFiles {
  static final String CURRENT = "CURRENT";
  static final String CURRENT_DRAFT = "CURRENT.tmp";
  private static final String MANIFEST_PREFIX = "MANIFEST-";
  private static final String TABLE_SUFFIX = ".sst";
  private static final int DIGITS = 6;

  private TreeFiles() {}

  /** The path of a table. */
  public static String table(String directory, long number) {
    return directory + "/" + digits(number) + TABLE_SUFFIX;
  }

  /** The number of a table, if this is the name of one. */
  public static OptionalLong tableNumber(String name) {
    return name.endsWith(TABLE_SUFFIX)
        ? number(name.substring(0, name.length() - TABLE_SUFFIX.length()))
        : OptionalLong.empty();
  }

  static String manifestName(long number) {
    return MANIFEST_PREFIX + digits(number);
  }

  /** The number of a manifest, if this is the name of one. */
  public static OptionalLong manifestNumber(String name) {
    return name.startsWith(MANIFEST_PREFIX)
        ? number(name.substring(MANIFEST_PREFIX.length()))
        : OptionalLong.empty();
  }

  /** Whether a file of this name belongs to a tree. */
  static boolean isTreeFile(String name) {
    return tableNumber(name).isPresent()
        || manifestNumber(name).isPresent()
        || name.equals(CURRENT)
        || name.equals(CURRENT_DRAFT);
  }

  private static String digits(long number) {
    String digits = Long.toString(number);
    return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
  }

  private static OptionalLong number(String digits) {
    boolean wellFormed =
        digits.length() >= DIGITS
            && digits.length() <= 18
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return wellFormed ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
  }
}
