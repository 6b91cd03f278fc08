package io.distkv.distribution;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the page of settings says. */
final class Settings {

  private Settings() {}

  /** The default of a setting of the node. */
  static String defaultOf(Archive archive, String name) throws IOException {
    Matcher found =
        Pattern.compile(
                "^### " + Pattern.quote(name) + "\n.*?^- default: `([^`]*)`",
                Pattern.MULTILINE | Pattern.DOTALL)
            .matcher(archive.text("docs/configuration.md"));
    if (!found.find()) {
      throw new AssertionError("docs/configuration.md has no " + name);
    }
    return found.group(1);
  }

  /** A number of seconds, with or without its unit. */
  static int seconds(String text) {
    return Integer.parseInt(text.replaceFirst("s$", ""));
  }
}
