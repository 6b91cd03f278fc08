package io.distkv.kvctl;

import io.distkv.kvctl.text.Bytes;
import io.distkv.kvctl.wire.ConnectionException;
import io.distkv.kvctl.wire.KeyScan;
import io.distkv.kvctl.wire.Pipeline;
import io.distkv.kvctl.wire.ServerError;
import io.distkv.kvctl.wire.Verb;
import io.distkv.kvctl.wire.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    header = "Deletes keys, by name or by pattern.",
    description = {
      "Prints how many were deleted. A named key that is not there makes the exit code 1.",
      "With --pattern the matching keys are counted first and, unless --yes is given, the",
      "terminal is asked; keys that are written meanwhile may be spared."
    },
    footer = {
      "",
      "Examples:",
      "  kvctl delete greeting counter",
      "  kvctl delete --pattern 'session:*' --dry-run",
      "  kvctl delete --pattern 'session:*' --yes"
    })
final class DeleteCommand extends Action {
  private static final int BATCH = 1000;
  private static final Pipeline.Window WINDOW = Pipeline.Window.bulk(1000, 4 << 20);

  @Option(
      names = "--pattern",
      paramLabel = "GLOB",
      description = "Delete the keys like this glob: * any bytes, ? one byte, [abc] one of.")
  private @Nullable String pattern;

  @Option(
      names = {"-y", "--yes"},
      description = "Delete the keys of --pattern without asking.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Only tell how many keys --pattern would delete.")
  private boolean dryRun;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private KeyArguments keyArguments;

  @Parameters(paramLabel = "KEY", arity = "0..*", description = "The keys.")
  private @Nullable List<String> keys;

  @Override
  protected ExitCode act() throws ConnectionException {
    if ((keys == null) == (pattern == null)) {
      throw Failure.usage("give keys, or --pattern GLOB");
    }
    if (pattern == null && (yes || dryRun)) {
      throw Failure.usage("--yes and --dry-run belong to --pattern");
    }
    if (pattern != null) {
      return deletePattern(pattern);
    }
    List<byte[]> parsed =
        keys == null ? List.of() : keys.stream().map(keyArguments::parse).toList();
    AtomicLong deleted = new AtomicLong();
    try (Pipeline<byte[]> pipeline = deleting(deleted)) {
      for (byte[] key : parsed) {
        pipeline.submit(key, key.length, Verb.DEL, key);
      }
      pipeline.drain();
    }
    report(deleted.get(), parsed.size());
    return deleted.get() == parsed.size() ? ExitCode.DONE : ExitCode.PARTIAL;
  }

  private ExitCode deletePattern(String pattern) throws ConnectionException {
    byte[] glob = Bytes.uncarry(pattern);
    if (!yes && !dryRun && !shell().terminals().in()) {
      throw Failure.usage("no terminal to ask for confirmation: add --yes (or --dry-run to count)");
    }
    if (!yes || dryRun) {
      long count = count(glob);
      if (dryRun || count == 0) {
        report(0, count);
        return ExitCode.DONE;
      }
      if (!confirmed(count)) {
        kvctl().remark("kvctl delete: nothing was deleted");
        return ExitCode.PARTIAL;
      }
    }
    long found = 0;
    AtomicLong deleted = new AtomicLong();
    try (Wire scanning = kvctl().connect();
        Pipeline<byte[]> deleting = deleting(deleted)) {
      KeyScan scan = new KeyScan(scanning, glob, BATCH);
      for (List<byte[]> batch = scan.next(); batch != null; batch = scan.next()) {
        found += batch.size();
        for (byte[] key : batch) {
          deleting.submit(key, key.length, Verb.DEL, key);
        }
      }
      deleting.drain();
    }
    report(deleted.get(), found);
    return ExitCode.DONE;
  }

  private long count(byte[] glob) throws ConnectionException {
    long count = 0;
    try (Wire wire = kvctl().connect()) {
      KeyScan scan = new KeyScan(wire, glob, BATCH);
      for (List<byte[]> batch = scan.next(); batch != null; batch = scan.next()) {
        count += batch.size();
      }
    }
    return count;
  }

  private boolean confirmed(long count) {
    shell()
        .err()
        .print(
            "Delete %,d keys like '%s' of keyspace %s at %s? [y/N] "
                .formatted(
                    count,
                    Bytes.escape(Bytes.uncarry(String.valueOf(pattern))),
                    kvctl().target().keyspace(),
                    kvctl().target().address()));
    shell().err().flush();
    try {
      String answer =
          new BufferedReader(new InputStreamReader(shell().in(), StandardCharsets.UTF_8))
              .readLine();
      return answer != null && (answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes"));
    } catch (IOException e) {
      throw LocalFiles.failure("read", Path.of("standard input"), e);
    }
  }

  private Pipeline<byte[]> deleting(AtomicLong deleted) throws ConnectionException {
    return new Pipeline<>(
        kvctl().connect(), WINDOW, (_, reply) -> deleted.addAndGet(deletedBy(reply)));
  }

  private static long deletedBy(@Nullable Object reply) {
    if (reply instanceof ServerError error) {
      throw error.failure("delete");
    }
    return reply instanceof Long count ? count : 0;
  }

  private void report(long deleted, long of) {
    if (kvctl().json()) {
      Json.print(shell(), Json.object().put("deleted", deleted).put("keys", of));
    } else if (dryRun) {
      shell().line("%d keys would be deleted".formatted(of));
    } else {
      shell().line("deleted %d of %d keys".formatted(deleted, of));
    }
  }
}
