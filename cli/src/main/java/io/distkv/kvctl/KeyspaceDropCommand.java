package io.distkv.kvctl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "drop",
    header = "Deletes a keyspace with all its keys.",
    description = {
      "Nothing brings them back, so the name is given twice; on a terminal it is asked for again where it",
      "is given once."
    },
    footer = {
      "",
      "Examples:",
      "  kvctl keyspace drop events events",
      "  kvctl keyspace drop events"
    })
final class KeyspaceDropCommand extends KeyspaceAction {
  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "The keyspace.",
      completionCandidates = KeyspaceNames.class)
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The same once more.",
      completionCandidates = KeyspaceNames.class)
  private @Nullable String nameAgain;

  @Override
  ExitCode act() {
    String again = nameAgain == null ? askAgain() : nameAgain;
    if (!again.equals(name)) {
      if (nameAgain == null) {
        kvctl().remark("kvctl keyspace drop: nothing was dropped");
        return ExitCode.PARTIAL;
      }
      throw Failure.usage(
          "the names differ: '%s' and '%s'; nothing was dropped".formatted(name, again));
    }
    ask(
        "keyspace drop '" + name + "'",
        keyspaces -> {
          keyspaces.drop(name, again);
          return true;
        });
    if (kvctl().json()) {
      Json.print(shell(), Json.object().put("dropped", name));
    } else {
      shell().line("dropped keyspace " + name);
    }
    return ExitCode.DONE;
  }

  private String askAgain() {
    if (!shell().terminals().in()) {
      throw Failure.usage("no terminal to ask for confirmation: give the name twice");
    }
    long keys = ask("keyspace drop '" + name + "'", each -> each.describe(name)).sizes().keys();
    shell()
        .err()
        .printf(
            Locale.ROOT,
            "Drop keyspace %s of %s with up to %,d keys? Type its name again: ",
            name,
            kvctl().target().address(),
            keys);
    shell().err().flush();
    try {
      String answer =
          new BufferedReader(new InputStreamReader(shell().in(), StandardCharsets.UTF_8))
              .readLine();
      return answer == null ? "" : answer.strip();
    } catch (IOException e) {
      throw LocalFiles.failure("read", Path.of("standard input"), e);
    }
  }
}
