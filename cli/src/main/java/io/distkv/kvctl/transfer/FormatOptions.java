package io.distkv.kvctl.transfer;

import io.distkv.kvctl.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a file of entries is written. */
final class FormatOptions {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "One of ${COMPLETION-CANDIDATES} (default: told by the file's name).")
  private FileFormat.@Nullable Name name;

  @Option(
      names = "--delimiter",
      paramLabel = "CHAR",
      description =
          "CSV: what stands between fields, one ASCII character or 'tab' (default: a comma).")
  private @Nullable String delimiter;

  @Option(
      names = "--columns",
      paramLabel = "NAME",
      split = ",",
      description =
          "CSV: what the columns are, in order: key or keyBase64, value or valueBase64, ttlMillis,"
              + " - to leave one out.")
  private @Nullable List<String> columns;

  @Option(names = "--no-header", description = "CSV: the first line is an entry, not a header.")
  private boolean noHeader;

  /** The format of a file, null for a standard stream. */
  FileFormat format(@Nullable Path path) {
    FileFormat.Name wanted = name == null ? FileFormat.guess(path) : name;
    if (wanted == FileFormat.Name.jsonl) {
      if (delimiter != null || columns != null || noHeader) {
        throw Failure.usage("--delimiter, --columns and --no-header are for CSV; this is JSONL");
      }
      return new FileFormat.JsonLines();
    }
    try {
      return new FileFormat.Csv(
          delimiter(delimiter, path), columns == null ? null : CsvColumns.of(columns), !noHeader);
    } catch (BadRecordException e) {
      throw Failure.usage(e.reason());
    }
  }

  /**
   * The character that a --delimiter means.
   *
   * @param delimiter null where the option is not given
   */
  static char delimiter(@Nullable String delimiter, @Nullable Path path) {
    if (delimiter == null) {
      return path != null && path.toString().toLowerCase(Locale.ROOT).endsWith(".tsv") ? '\t' : ',';
    }
    if (delimiter.equals("tab")) {
      return '\t';
    }
    char c = delimiter.length() == 1 ? delimiter.charAt(0) : '"';
    if (c > 0x7e || c == '"' || c == '\n' || c == '\r' || Character.isLetterOrDigit(c)) {
      throw Failure.usage(
          "--delimiter is '"
              + delimiter
              + "', but it is one ASCII character that is no letter, digit or quote, or 'tab'");
    }
    return c;
  }
}
