package io.distkv.kvctl;

import io.distkv.kvctl.store.AsOf;
import io.distkv.kvctl.store.Store;
import io.distkv.kvctl.text.Bytes;
import io.distkv.kvctl.wire.ConnectionException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    header = "Prints the values of keys.",
    description = {
      "One key: the value's exact bytes, followed by a line end only on a terminal.",
      "Several keys: a line for each, key, tab, value, both escaped (\\n, \\xNN ...).",
      "A key that is not there is named on standard error, and the exit code is 1."
    },
    footer = {
      "",
      "Examples:",
      "  kvctl get greeting",
      "  kvctl get photo > photo.jpg",
      "  kvctl get --hex counter",
      "  kvctl get --output json a b c",
      "  kvctl get greeting --as-of 5m"
    })
final class GetCommand extends Action {
  static final class Encoding {
    @Option(names = "--hex", description = "Print values as hexadecimal digits.")
    boolean hex;

    @Option(names = "--base64", description = "Print values in Base64.")
    boolean base64;

    String encode(byte[] value) {
      return hex ? HexFormat.of().formatHex(value) : Base64.getEncoder().encodeToString(value);
    }
  }

  @ArgGroup private @Nullable Encoding encoding;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private PastOption past;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private KeyArguments keyArguments;

  @Parameters(paramLabel = "KEY", arity = "1..*", description = "The keys.")
  @SuppressWarnings("NullAway.Init")
  private List<String> keys;

  @Override
  protected ExitCode act() throws ConnectionException {
    List<byte[]> parsed = keys.stream().map(keyArguments::parse).toList();
    AsOf asOf = past.asOf();
    int missing = 0;
    try (Store store = kvctl().connect()) {
      for (byte[] key : parsed) {
        byte[] value = store.get(key, asOf);
        if (value != null) {
          print(key, value);
        } else {
          missing++;
          shell().flush();
          shell()
              .err()
              .println(
                  "kvctl get: no key '%s' in keyspace %s%s"
                      .formatted(Bytes.escape(key), kvctl().target().keyspace(), past.then()));
        }
      }
    }
    return missing == 0 ? ExitCode.DONE : ExitCode.PARTIAL;
  }

  private void print(byte[] key, byte[] value) {
    if (kvctl().json()) {
      Json.print(shell(), Json.put(Json.put(Json.object(), "key", key), "value", value));
    } else if (keys.size() > 1) {
      String shown = encoding == null ? Bytes.escape(value) : encoding.encode(value);
      shell().line(Bytes.escape(key) + "\t" + shown);
    } else if (encoding != null) {
      shell().line(encoding.encode(value));
    } else {
      shell().writeValue(value);
    }
  }
}
