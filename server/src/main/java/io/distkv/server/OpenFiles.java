package io.distkv.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many files and sockets the system lets this process have open. */
final class OpenFiles {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern LINE = Pattern.compile("(?m)^Max open files +(\\d+)");

  private OpenFiles() {}

  /**
   * The limit; where the system does not tell it, more than anybody needs. Read from a file,
   * because the management beans that know it, too, take a tenth of a second to load.
   */
  static long limit() {
    if (!Files.exists(LIMITS)) {
      return Integer.MAX_VALUE;
    }
    try {
      Matcher matcher = LINE.matcher(Files.readString(LIMITS));
      return matcher.find() ? Long.parseLong(matcher.group(1)) : Integer.MAX_VALUE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
