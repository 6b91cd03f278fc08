package io.distkv.kvctl;

import io.distkv.kvctl.store.Store;
import io.distkv.kvctl.text.Bytes;
import io.distkv.kvctl.wire.ConnectionException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "expire",
    header = "Sets or removes a key's time to live.",
    description = "The exit code is 1 where the key is not there.",
    footer = {
      "",
      "Examples:",
      "  kvctl expire session:42 --in 30m",
      "  kvctl expire session:42 --never"
    })
final class ExpireCommand extends Action {
  static final class When {
    @Option(names = "--in", paramLabel = "TIME", description = "Expire after this time, e.g. 30s.")
    @Nullable Duration in;

    @Option(names = "--never", description = "Keep the key for good.")
    boolean never;
  }

  @ArgGroup(multiplicity = "1")
  @SuppressWarnings("NullAway.Init")
  private When when;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private KeyArguments keyArguments;

  @Parameters(paramLabel = "KEY", description = "The key.")
  @SuppressWarnings("NullAway.Init")
  private String key;

  @Override
  protected ExitCode act() throws ConnectionException {
    byte[] keyBytes = keyArguments.parse(key);
    String shown = "'" + Bytes.escape(keyBytes) + "'";
    boolean there;
    Duration in = when.in;
    try (Store store = kvctl().connect()) {
      there =
          store.expire(keyBytes, in == null ? null : Duration.ofMillis(Math.max(1, in.toMillis())));
    }
    if (kvctl().json()) {
      Json.print(shell(), Json.put(Json.object(), "key", keyBytes).put("changed", there));
    }
    if (!there) {
      shell()
          .err()
          .println("kvctl expire: no key " + shown + " in keyspace " + kvctl().target().keyspace());
    }
    return there ? ExitCode.DONE : ExitCode.PARTIAL;
  }
}
