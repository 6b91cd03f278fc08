package io.distkv.server.http.keys;

import io.distkv.base.Version;
import io.distkv.server.http.exchange.ProblemException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a header If-Match or If-None-Match says.
 *
 * @param any whether it is a star
 * @param tags of the list, without their quotes
 */
record EntityTags(boolean any, List<Tag> tags) {

  /** One tag; a weak one came with {@code W/}. */
  record Tag(String text, boolean weak) {}

  /**
   * Reads all values of a header; null if there are none.
   *
   * @param name of the header, for the error
   */
  static @Nullable EntityTags parse(List<String> values, String name) {
    if (values.isEmpty()) {
      return null;
    }
    String text = String.join(",", values).strip();
    if (text.equals("*")) {
      return new EntityTags(true, List.of());
    }
    List<Tag> tags = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      boolean weak = text.startsWith("W/", at);
      int open = weak ? at + 2 : at;
      int close = text.indexOf('"', open + 1);
      if (open >= text.length() || text.charAt(open) != '"' || close < 0) {
        throw malformed(name);
      }
      tags.add(new Tag(text.substring(open + 1, close), weak));
      at = skipComma(text, close + 1, name);
    }
    if (tags.isEmpty()) {
      throw malformed(name);
    }
    return new EntityTags(false, tags);
  }

  private static int skipComma(String text, int from, String name) {
    int at = skipBlanks(text, from);
    if (at == text.length()) {
      return at;
    }
    if (text.charAt(at) != ',') {
      throw malformed(name);
    }
    int next = skipBlanks(text, at + 1);
    if (next == text.length()) {
      throw malformed(name);
    }
    return next;
  }

  private static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private static ProblemException malformed(String name) {
    return ProblemException.invalid(name + " is * or a list such as \"1\", \"2\"");
  }

  /** Whether one of them is this version, as If-Match compares: weak ones never are. */
  boolean matchesStrongly(String version) {
    return any || tags.stream().anyMatch(tag -> !tag.weak && tag.text.equals(version));
  }

  /** Whether one of them is this version, as If-None-Match compares. */
  boolean matchesWeakly(String version) {
    return any || tags.stream().anyMatch(tag -> tag.text.equals(version));
  }

  /** The versions that a key may have for If-Match to hold. */
  List<String> versions() {
    return tags.stream()
        .filter(tag -> !tag.weak && isVersion(tag.text))
        .map(Tag::text)
        .distinct()
        .toList();
  }

  /** Whether a key can have it: a number above 0, without zeros before it, of 63 bits. */
  private static boolean isVersion(String text) {
    if (!text.matches("[1-9][0-9]{0,18}")) {
      return false;
    }
    try {
      return Long.parseLong(text) < Version.LATEST;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** How a version is written as a tag. */
  static String tag(String version) {
    return '"' + version + '"';
  }
}
