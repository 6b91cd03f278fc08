package io.distkv.kvctl.transfer;

import io.distkv.kvctl.Action;
import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import io.distkv.kvctl.Json;
import io.distkv.kvctl.LocalFiles;
import io.distkv.kvctl.wire.ConnectionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "import",
    header = "Writes the entries of a JSONL or CSV file to a keyspace.",
    description = {
      "JSONL: an object a line with key or keyBase64, value or valueBase64, and perhaps ttlMillis. A",
      "value that is no string is stored as its JSON text, exactly as written.",
      "CSV: the first line names the columns key or keyBase64, value or valueBase64, ttlMillis;",
      "--columns names them instead.",
      "",
      "Lines that cannot be imported are reported with number and reason, and counted; the others go",
      "on, and the exit code is 1. A run that breaks leaves FILE.checkpoint behind, and the same",
      "command goes on from there. While the node restarts the import waits for it (--retry-for).",
      "Entries take effect in the order of the file; writing one twice does no harm."
    },
    footer = {
      "",
      "Examples:",
      "  kvctl import packages.jsonl",
      "  kvctl import users.csv --columns key,-,value --bad-file refused.csv",
      "  zcat backup.jsonl.gz | kvctl import -",
      "  kvctl import feed.jsonl --if-absent --max-bad 0"
    })
public final class ImportCommand extends Action {
  private static final String CHECKPOINT_SUFFIX = ".checkpoint";

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private FormatOptions formatOptions;

  @Option(names = "--if-absent", description = "Leave keys alone that are there already.")
  private boolean ifAbsent;

  @Option(
      names = "--max-bad",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Stop when more than N lines are bad (default: ${DEFAULT-VALUE}).")
  private long maxBad;

  @Option(
      names = "--bad-file",
      paramLabel = "FILE",
      description = "Copy bad lines there, as they are, to be mended and imported.")
  private @Nullable Path badFile;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "Keep the checkpoint there (default: beside the input).")
  private @Nullable Path checkpoint;

  @Option(names = "--restart", description = "Begin at the beginning, whatever a checkpoint says.")
  private boolean restart;

  @Option(
      names = "--retry-for",
      paramLabel = "TIME",
      defaultValue = "60s",
      description =
          "How long to try again when the connection breaks or the node is not ready (default:"
              + " ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private Duration retryFor;

  @Option(
      names = "--window",
      paramLabel = "N",
      defaultValue = "1024",
      description = "How many requests may be under way (default: ${DEFAULT-VALUE}).")
  private int window;

  @Parameters(paramLabel = "FILE", description = "The file, or - for the standard input.")
  @SuppressWarnings("NullAway.Init")
  private String file;

  @Override
  protected ExitCode act() throws ConnectionException {
    if (window < 1 || window > 100_000) {
      throw Failure.usage("--window is " + window + ", but it goes from 1 to 100000");
    }
    if (maxBad < 0) {
      throw Failure.usage("--max-bad is " + maxBad + ", but it cannot be negative");
    }
    Path input = file.equals("-") ? null : Path.of(file);
    if (!canBeReadAgain(input) && checkpoint != null) {
      throw Failure.usage(
          "--checkpoint needs a regular file: the standard input or a pipe cannot be read again");
    }
    refuseToOverwrite(input);
    ImportJob job =
        new ImportJob(
            input,
            kvctl().target(),
            formatOptions.format(input),
            ifAbsent,
            maxBad,
            badFile,
            checkpointOf(input),
            restart,
            retryFor,
            window);
    return report(job, new ImportRun(kvctl(), job).run());
  }

  /** Where there is no file at all, the attempt to read it will say so. */
  private static boolean canBeReadAgain(@Nullable Path input) {
    if (input == null) {
      return false;
    }
    return Files.isRegularFile(input) || Files.notExists(input);
  }

  /** What is written on the way must not be what is read, nor one the other. */
  private void refuseToOverwrite(@Nullable Path input) {
    Path place = checkpointOf(input);
    if (isSame(input, badFile)) {
      throw Failure.usage("--bad-file is the input itself; it would be overwritten");
    }
    if (isSame(input, place)) {
      throw Failure.usage("--checkpoint is the input itself; it would be overwritten");
    }
    if (isSame(badFile, place)) {
      throw Failure.usage("--bad-file is the checkpoint; name another");
    }
  }

  private static boolean isSame(@Nullable Path one, @Nullable Path other) {
    if (one == null || other == null) {
      return false;
    }
    try {
      if (Files.exists(one) && Files.exists(other)) {
        return Files.isSameFile(one, other);
      }
      return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    } catch (IOException e) {
      throw LocalFiles.failure("look at", one, e);
    }
  }

  private @Nullable Path checkpointOf(@Nullable Path input) {
    if (input == null || checkpoint != null) {
      return checkpoint;
    }
    if (!canBeReadAgain(input)) {
      return null;
    }
    return input.resolveSibling(input.getFileName() + CHECKPOINT_SUFFIX);
  }

  private ExitCode report(ImportJob job, ImportRun.Result result) {
    Tally end = result.end();
    Failure failure = result.failure();
    if (kvctl().json()) {
      ObjectNode json =
          Json.object()
              .put("complete", failure == null)
              .put("lines", end.lines())
              .put("imported", end.imported())
              .put("bad", end.bad())
              .put("blank", end.blank())
              .put("present", end.present())
              .put("resumedBehindLine", result.start().lines())
              .put("seconds", result.took().toMillis() / 1000.0);
      if (job.badFile() != null) {
        json.put("badFile", job.badFile().toString());
      }
      Json.print(shell(), json);
    } else {
      print(job, result);
    }
    if (failure != null) {
      throw failure;
    }
    return end.bad() == 0 ? ExitCode.DONE : ExitCode.PARTIAL;
  }

  private void print(ImportJob job, ImportRun.Result result) {
    Tally end = result.end();
    StringBuilder summary = new StringBuilder();
    summary.append("imported %,d entries from %,d lines".formatted(end.imported(), end.lines()));
    List<Long> counts = List.of(end.bad(), end.present(), end.blank());
    List<String> names = List.of("bad", "present already", "blank");
    for (int i = 0; i < counts.size(); i++) {
      if (counts.get(i) > 0 || i == 0) {
        summary.append(", %,d %s".formatted(counts.get(i), names.get(i)));
      }
    }
    summary.append(" (").append(ImportRun.rate(result.start(), end, result.took())).append(')');
    if (result.start().lines() > 0) {
      summary.append("; %,d lines of these in earlier runs".formatted(result.start().lines()));
    }
    shell().line(summary.toString());
    if (result.failure() != null && job.checkpoint() != null) {
      shell().line("not finished: the same command goes on behind line " + result.lastLine());
    }
  }
}
