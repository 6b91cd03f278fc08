package io.distkv.kvctl;

import io.distkv.kvctl.store.Selection;
import io.distkv.kvctl.store.Store;
import io.distkv.kvctl.text.Bytes;
import io.distkv.kvctl.wire.ConnectionException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
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
    long deleted;
    try (Store store = kvctl().connect();
        Store.Deletions deletions = store.deleting()) {
      parsed.forEach(deletions::delete);
      deleted = deletions.finish();
    }
    report(deleted, parsed.size());
    return deleted == parsed.size() ? ExitCode.DONE : ExitCode.PARTIAL;
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
    long deleted;
    try (Store store = kvctl().connect();
        Store.Deletions deletions = store.deleting();
        Store.Listing listing = store.list(wish(glob))) {
      for (List<Store.Item> items = listing.next(); items != null; items = listing.next()) {
        found += items.size();
        items.forEach(item -> deletions.delete(item.key()));
      }
      deleted = deletions.finish();
    }
    report(deleted, found);
    return ExitCode.DONE;
  }

  private static Store.ListWish wish(byte[] glob) {
    return new Store.ListWish(new Selection.Like(glob), Long.MAX_VALUE, false, null);
  }

  private long count(byte[] glob) throws ConnectionException {
    long count = 0;
    try (Store store = kvctl().connect();
        Store.Listing listing = store.list(wish(glob))) {
      for (List<Store.Item> items = listing.next(); items != null; items = listing.next()) {
        count += items.size();
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
