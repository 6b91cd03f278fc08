package io.distkv.kvctl;

import io.distkv.client.Change;
import io.distkv.client.DistKv;
import io.distkv.client.DistKvException;
import io.distkv.client.ErrorCode;
import io.distkv.client.HistoryGoneException;
import io.distkv.client.Watch;
import io.distkv.client.WatchEvent;
import io.distkv.client.WatchOptions;
import io.distkv.client.codec.Codecs;
import io.distkv.kvctl.store.ClientFailures;
import io.distkv.kvctl.store.KeyspaceNumbers;
import io.distkv.kvctl.text.Bytes;
import io.distkv.kvctl.wire.Target;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "watch",
    header = "Prints the changes of keys as they come, until it is stopped.",
    description = {
      "A line for each change, in the order of versions: version, tab, 'put' or 'delete', tab, key, and",
      "of a put, tab, value, both escaped (\\n, \\xNN ...). Without KEY and --prefix, of all keys.",
      "",
      "Over lost connections and restarts of the node it goes on where it was, without a gap or a",
      "repetition (--retry-for). When it is stopped it says from which version on another one can go on."
    },
    footer = {
      "",
      "Examples:",
      "  kvctl watch greeting",
      "  kvctl watch --prefix order/ -o json | jq -r .key",
      "  kvctl watch --from-version 117695262482890752 --progress"
    })
final class WatchCommand extends Action {
  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "Keys that begin with exactly this.")
  private @Nullable String prefix;

  @Option(
      names = "--from-version",
      paramLabel = "VERSION",
      description =
          "Begin with what came after this version, as far as the keyspace's history reaches (default:"
              + " now).")
  private @Nullable Long fromVersion;

  @Option(
      names = "--progress",
      description = "Print how far all has been told, too: version, tab, 'progress'.")
  private boolean progress;

  @Option(
      names = "--progress-every",
      paramLabel = "TIME",
      defaultValue = "10s",
      description =
          "After how long without changes that is told, from 100ms to 1h (default:"
              + " ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private Duration progressEvery;

  @Option(names = "--limit", paramLabel = "N", description = "Stop after N changes.")
  private long limit = Long.MAX_VALUE;

  @Option(
      names = "--retry-for",
      paramLabel = "TIME",
      defaultValue = "5m",
      description =
          "How long to try again when the connection breaks or the node is not ready (default:"
              + " ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private Duration retryFor;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private KeyArguments keyArguments;

  @Parameters(paramLabel = "KEY", arity = "0..1", description = "The key.")
  private @Nullable String key;

  @Override
  protected ExitCode act() {
    if (key != null && prefix != null) {
      throw Failure.usage("give KEY or --prefix, not both");
    }
    if (limit < 1) {
      throw Failure.usage("--limit is " + limit + ", but it goes from 1 on");
    }
    DistKv client = kvctl().client("watch");
    Target target = KeyspaceNumbers.named(client, kvctl().target());
    try (Watch<byte[], byte[]> watch =
        client.keyspace(target.keyspace(), Codecs.bytes(), Codecs.bytes()).watch(this::wish)) {
      return follow(watch, target);
    } catch (DistKvException e) {
      throw failure(target, e);
    }
  }

  private WatchOptions<byte[]> wish(WatchOptions<byte[]> all) {
    try {
      WatchOptions<byte[]> wish = all.progressEvery(progressEvery).patience(retryFor);
      if (key != null) {
        wish = wish.key(keyArguments.parse(key));
      }
      if (prefix != null) {
        wish = wish.prefix(Bytes.uncarry(prefix));
      }
      return fromVersion == null ? wish : wish.after(fromVersion);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
  }

  private ExitCode follow(Watch<byte[], byte[]> watch, Target target) {
    long changes = 0;
    try {
      while (changes < limit) {
        WatchEvent<byte[], byte[]> event = watch.next();
        switch (event) {
          case Change<byte[], byte[]> change -> {
            print(change);
            changes++;
          }
          case io.distkv.client.Progress<byte[], byte[]>(long throughVersion) -> {
            if (progress) {
              printProgress(throughVersion);
            }
            // It ends what the node has sent at once: then it must be seen.
            shell().flush();
          }
        }
      }
      return ExitCode.DONE;
    } catch (DistKvException e) {
      shell().flush();
      if (!(e instanceof HistoryGoneException)) {
        kvctl()
            .remark(
                "kvctl watch: all is told through version %d; --from-version %d goes on there"
                    .formatted(watch.throughVersion(), watch.throughVersion()));
      }
      throw failure(target, e);
    }
  }

  private static Failure failure(Target target, DistKvException e) {
    return e.code() == ErrorCode.HISTORY_GONE
        ? new Failure(
            ExitCode.SERVER,
            ("watch: the keyspace's history does not reach back so far (any more): %s; `kvctl scan`"
                    + " lists what is there now, `kvctl keyspace alter --history` keeps more")
                .formatted(e.getMessage()),
            e)
        : ClientFailures.failure("watch", target, e);
  }

  private void print(Change<byte[], byte[]> change) {
    byte[] value = change.value().orElse(null);
    if (kvctl().json()) {
      ObjectNode json = Json.object().put("type", value == null ? "delete" : "put");
      json.put("version", Long.toString(change.version()));
      Json.put(json, "key", change.key());
      if (value != null) {
        Json.put(json, "value", value);
      }
      change.expiresAt().map(Instant::toString).ifPresent(at -> json.put("expiresAt", at));
      Json.print(shell(), json);
    } else if (value == null) {
      shell().line(change.version() + "\tdelete\t" + Bytes.escape(change.key()));
    } else {
      shell()
          .line(
              "%d\tput\t%s\t%s"
                  .formatted(change.version(), Bytes.escape(change.key()), Bytes.escape(value)));
    }
  }

  private void printProgress(long throughVersion) {
    if (kvctl().json()) {
      Json.print(
          shell(),
          Json.object()
              .put("type", "progress")
              .put("throughVersion", Long.toString(throughVersion)));
    } else {
      shell().line(throughVersion + "\tprogress");
    }
  }
}
