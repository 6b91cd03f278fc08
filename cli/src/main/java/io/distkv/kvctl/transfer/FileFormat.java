package io.distkv.kvctl.transfer;

import io.distkv.kvctl.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A way in which files hold entries. */
sealed interface FileFormat {
  /** One JSON object a line. */
  record JsonLines() implements FileFormat {
    @Override
    public String toString() {
      return "jsonl";
    }
  }

  /**
   * Comma-separated values.
   *
   * @param columns what the columns mean, or null to learn it from the header
   * @param header whether the first record names the columns
   */
  record Csv(char delimiter, @Nullable CsvColumns columns, boolean header) implements FileFormat {}

  /** The names that --format takes. */
  enum Name {
    jsonl,
    csv
  }

  /** A reader of an input in this format, at its beginning. */
  default PieceReader reader(InputBytes in) throws IOException {
    return switch (this) {
      case JsonLines _ -> new JsonLinesReader(in);
      case Csv csv -> new CsvReader(in, csv.delimiter, csv.columns, csv.header);
    };
  }

  /**
   * The format that a file's name tells.
   *
   * @param path null for a standard stream, which is JSONL unless told otherwise
   */
  static Name guess(@Nullable Path path) {
    if (path == null) {
      return Name.jsonl;
    }
    String name = path.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".csv") || name.endsWith(".tsv")) {
      return Name.csv;
    }
    if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json")) {
      return Name.jsonl;
    }
    if (name.matches(".*\\.(gz|zst|xz|bz2)")) {
      throw Failure.usage(
          "'%s' is compressed; kvctl reads and writes plain text only: a pipe can do the rest, as in"
                  .formatted(path)
              + " `zcat FILE | kvctl import -` and `kvctl export - | gzip > FILE`");
    }
    throw Failure.usage(
        "the name '" + path + "' does not tell the format; add --format jsonl or --format csv");
  }
}
