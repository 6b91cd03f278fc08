package io.distkv.kvctl.transfer;

import io.distkv.kvctl.Action;
import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import io.distkv.kvctl.Json;
import io.distkv.kvctl.KeySelection;
import io.distkv.kvctl.LocalFiles;
import io.distkv.kvctl.PastOption;
import io.distkv.kvctl.text.Durations;
import io.distkv.kvctl.wire.ConnectionException;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    header = "Writes the entries of a keyspace to a JSONL or CSV file, sorted by key.",
    description = {
      "The file appears whole or not at all: it is written beside its place and renamed. Keys are",
      "sorted by their bytes, so that two exports of the same content are the same file. Each entry is",
      "as it was when it was read, unless --as-of asks for one moment.",
      "",
      "JSONL has text as text and other bytes as keyBase64 and valueBase64. CSV has the exact bytes,",
      "or Base64 columns with --base64. `kvctl import` reads either back to the same bytes."
    },
    footer = {
      "",
      "Examples:",
      "  kvctl export backup.jsonl",
      "  kvctl export users.csv --prefix user/ --overwrite",
      "  kvctl export - --base64 | gzip > backup.jsonl.gz"
    })
public final class ExportCommand extends Action {
  @Mixin
  @SuppressWarnings("NullAway.Init")
  private KeySelection selection;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private PastOption past;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "One of ${COMPLETION-CANDIDATES} (default: told by the file's name).")
  private FileFormat.@Nullable Name format;

  @Option(
      names = "--delimiter",
      paramLabel = "CHAR",
      description = "CSV: what stands between fields, or 'tab' (default: a comma).")
  private @Nullable String delimiter;

  @Option(names = "--no-header", description = "CSV: no line with the columns' names.")
  private boolean noHeader;

  @Option(names = "--base64", description = "Write all keys and values in Base64.")
  private boolean base64;

  @Option(names = "--no-ttl", description = "Leave times to live out.")
  private boolean noTtl;

  @Option(
      names = "--unsorted",
      description = "Over RESP, in the order of the scan: starts to write at once.")
  private boolean unsorted;

  @Option(names = "--overwrite", description = "Replace the file if it exists.")
  private boolean overwrite;

  @Parameters(paramLabel = "FILE", description = "The file, or - for the standard output.")
  @SuppressWarnings("NullAway.Init")
  private String file;

  private record Summary(long written, long gone, long foreign, Duration took) {}

  @Override
  protected ExitCode act() throws ConnectionException {
    Path path = file.equals("-") ? null : Path.of(file);
    FileFormat.Name wanted = format == null ? FileFormat.guess(path) : format;
    char separator = FormatOptions.delimiter(delimiter, path);
    if (path == null) {
      OutputStream out = new BufferedOutputStream(shell().out(), 1 << 16);
      export(writer(out, wanted, separator), out, Path.of("standard output"));
      return ExitCode.DONE;
    }
    if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
      report(path, exportTo(path, path, wanted, separator));
      return ExitCode.DONE;
    }
    if (Files.exists(path) && !overwrite) {
      throw new Failure(ExitCode.FILE, path + " exists already; --overwrite replaces it");
    }
    report(path, exportWhole(path, wanted, separator));
    return ExitCode.DONE;
  }

  /** Writes beside the file and then puts the whole in its place, behind a symbolic link if any. */
  private Summary exportWhole(Path path, FileFormat.Name format, char separator)
      throws ConnectionException {
    Path partial = null;
    try {
      Path place = Files.exists(path) ? path.toRealPath() : path;
      if (Files.isDirectory(place)) {
        throw new Failure(ExitCode.FILE, "cannot write " + path + ": it is a folder");
      }
      partial = place.resolveSibling(place.getFileName() + ".partial");
      Summary summary = exportTo(partial, path, format, separator);
      Files.move(
          partial, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return summary;
    } catch (ConnectionException e) {
      throw e;
    } catch (IOException e) {
      throw LocalFiles.failure("write", path, e);
    } finally {
      if (partial != null) {
        discard(partial);
      }
    }
  }

  /**
   * Writes straight into a file, device or pipe.
   *
   * @param path what the user calls it
   */
  private Summary exportTo(Path to, Path path, FileFormat.Name format, char separator)
      throws ConnectionException {
    try (FileOutputStream file = new FileOutputStream(to.toFile());
        OutputStream out = new BufferedOutputStream(file, 1 << 16)) {
      Summary summary = export(writer(out, format, separator), out, path);
      if (Files.isRegularFile(to)) {
        file.getFD().sync();
      }
      return summary;
    } catch (ConnectionException e) {
      throw e;
    } catch (IOException e) {
      throw LocalFiles.failure("write", path, e);
    }
  }

  private static void discard(Path partial) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      throw LocalFiles.failure("delete", partial, e);
    }
  }

  private EntryWriter writer(OutputStream out, FileFormat.Name format, char separator) {
    return format == FileFormat.Name.jsonl
        ? new EntryWriter.JsonLines(out, base64)
        : new EntryWriter.Csv(out, separator, !noHeader, base64);
  }

  private Summary export(EntryWriter writer, OutputStream out, Path path)
      throws ConnectionException {
    long startNanos = System.nanoTime();
    try (EntrySource source = source(writer, path)) {
      writer.begin();
      source.writeAll();
      out.flush();
      Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
      return new Summary(source.written(), source.gone(), source.foreign(), took);
    } catch (IOException e) {
      if (e instanceof ConnectionException lost) {
        throw lost;
      }
      throw LocalFiles.failure("write", path, e);
    }
  }

  private EntrySource source(EntryWriter writer, Path path) throws ConnectionException {
    if (!kvctl().target().address().isResp()) {
      return new ClientExport(kvctl(), selection.selection(), past.asOf(), writer, path, !noTtl);
    }
    if (past.asOf() != null) {
      throw Failure.usage("--as-of needs a node's gRPC address, without resp:// before it");
    }
    return new RespExport(kvctl(), selection.selection().glob(), writer, path, !noTtl, !unsorted);
  }

  private void report(Path path, Summary summary) {
    if (kvctl().json()) {
      Json.print(
          shell(),
          Json.object()
              .put("file", path.toString())
              .put("exported", summary.written())
              .put("goneMeanwhile", summary.gone())
              .put("otherTypes", summary.foreign())
              .put("seconds", summary.took().toMillis() / 1000.0));
      return;
    }
    StringBuilder line = new StringBuilder();
    line.append("exported %,d entries to %s".formatted(summary.written(), path));
    if (summary.gone() > 0) {
      line.append(", %,d keys went away meanwhile".formatted(summary.gone()));
    }
    if (summary.foreign() > 0) {
      line.append(", %,d keys of other types left out".formatted(summary.foreign()));
    }
    shell().line(line + " (" + Durations.show(summary.took()) + ")");
  }
}
