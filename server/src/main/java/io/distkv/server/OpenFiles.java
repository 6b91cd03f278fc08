package io.distkv.server;

import io.distkv.server.config.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the files and sockets that the system lets this process have open are shared out.
 *
 * @param tables files of tables
 * @param clients connections of clients of all protocols together, at most
 */
record OpenFiles(int tables, long clients) {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern LINE = Pattern.compile("(?m)^Max open files +(\\d+)");

  /** For journals, manifests, tables being written or read by many at once, the JVM. */
  private static final long RESERVED = 400;

  private static final long MOST_TABLES_UNASKED = 16_384;
  private static final long FEWEST = 16;

  /**
   * Shares out.
   *
   * @param limit of the system
   * @param asked the setting {@code storage.openFiles}
   * @throws StartFailure if the system does not allow what is asked for
   */
  static OpenFiles of(long limit, int asked) throws StartFailure {
    long tables = asked;
    if (asked == 0) {
      tables = Math.clamp(limit / 4, FEWEST, MOST_TABLES_UNASKED);
    } else if (asked > limit - RESERVED - FEWEST) {
      throw new StartFailure(
          ExitStatus.CONFIGURATION,
          "%s: %d does not fit into the %d files that the system allows the node to have open"
                  .formatted(ServerSettings.OPEN_FILES.name(), asked, limit)
              + " (%d of them are needed for other things); set it lower or raise ulimit -n"
                  .formatted(RESERVED + FEWEST));
    }
    return new OpenFiles((int) tables, Math.max(FEWEST, limit - RESERVED - tables));
  }

  /**
   * Connections that the clients of HTTP may have, or those of gRPC: at most an eighth of all.
   *
   * @param wanted the setting that bounds them
   */
  int eighth(int wanted) {
    return (int) Math.min(wanted, Math.max(1, clients / 8));
  }

  /**
   * What the system allows; where it does not tell that, more than anybody needs. Read from a file,
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
