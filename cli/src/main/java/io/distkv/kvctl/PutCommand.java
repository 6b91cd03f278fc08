package io.distkv.kvctl;

import io.distkv.kvctl.store.Store;
import io.distkv.kvctl.text.BytesFormat;
import io.distkv.kvctl.wire.ConnectionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "put",
    header = "Sets the value of a key.",
    description = {
      "The value comes from the command line, a file or the standard input, byte for byte.",
      "Without --ttl or --keep-ttl the key never expires."
    },
    footer = {
      "",
      "Examples:",
      "  kvctl put greeting 'hello, world'",
      "  kvctl put photo --file photo.jpg",
      "  date | kvctl put now --stdin --ttl 30s",
      "  kvctl put lock me --if-absent --ttl 10s",
      "  kvctl put --value-format hex packet 00ff10"
    })
final class PutCommand extends Action {
  /** More than a node takes, and as much as any server of this protocol does. */
  private static final int MOST_BYTES = 512 << 20;

  static final class Condition {
    @Option(names = "--if-absent", description = "Only if the key is not there.")
    boolean ifAbsent;

    @Option(names = "--if-present", description = "Only if the key is there.")
    boolean ifPresent;
  }

  static final class Expiry {
    @Option(names = "--ttl", paramLabel = "TIME", description = "Expire after this time, e.g. 30s.")
    @Nullable Duration ttl;

    @Option(names = "--keep-ttl", description = "Keep the time to live that the key has.")
    boolean keepTtl;
  }

  @ArgGroup private @Nullable Condition condition;
  @ArgGroup private @Nullable Expiry expiry;

  @Option(names = "--get", description = "Print the previous value, exactly.")
  private boolean get;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Take the value from a file.")
  private @Nullable Path file;

  @Option(names = "--stdin", description = "Take the value from the standard input.")
  private boolean stdin;

  @Option(
      names = "--value-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "How VALUE is written: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); files and"
              + " standard input are always exact bytes.")
  @SuppressWarnings("NullAway.Init")
  private BytesFormat valueFormat;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private KeyArguments keyArguments;

  @Parameters(paramLabel = "KEY", index = "0", description = "The key.")
  @SuppressWarnings("NullAway.Init")
  private String key;

  @Parameters(paramLabel = "VALUE", index = "1", arity = "0..1", description = "The value.")
  private @Nullable String value;

  @Override
  protected ExitCode act() throws ConnectionException {
    byte[] keyBytes = keyArguments.parse(key);
    Duration ttl = expiry == null ? null : expiry.ttl;
    if (ttl != null && ttl.toMillis() < 1) {
      throw Failure.usage("--ttl is shorter than the smallest time to live, 1ms");
    }
    Store.Condition wanted =
        condition == null
            ? Store.Condition.NONE
            : condition.ifAbsent ? Store.Condition.ABSENT : Store.Condition.PRESENT;
    byte[] valueBytes = value();
    try (Store store = kvctl().connect()) {
      boolean keepTtl = expiry != null && expiry.keepTtl;
      return tell(
          keyBytes, store.put(keyBytes, valueBytes, new Store.PutWish(ttl, keepTtl, wanted, get)));
    }
  }

  private byte[] value() {
    int sources = (value == null ? 0 : 1) + (file == null ? 0 : 1) + (stdin ? 1 : 0);
    if (sources != 1) {
      throw Failure.usage("give the value once: as VALUE, with --file FILE, or with --stdin");
    }
    try {
      if (file != null) {
        try (InputStream in = Files.newInputStream(file)) {
          return bounded(in, file.toString());
        }
      }
      return value == null
          ? bounded(shell().in(), "standard input")
          : valueFormat.parse("value", value);
    } catch (IOException e) {
      throw LocalFiles.failure("read", file == null ? Path.of("standard input") : file, e);
    }
  }

  private static byte[] bounded(InputStream in, String name) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new Failure(
          ExitCode.FILE,
          "%s holds more than %d MiB, which is too much for a value"
              .formatted(name, MOST_BYTES >> 20));
    }
    return bytes;
  }

  private ExitCode tell(byte[] keyBytes, Store.Put put) {
    byte[] previous = put.previous();
    if (kvctl().json()) {
      var result = Json.put(Json.object(), "key", keyBytes).put("written", put.written());
      if (put.version() != 0) {
        result.put("version", Long.toString(put.version()));
      }
      if (previous != null) {
        Json.put(result, "previous", previous);
      }
      Json.print(shell(), result);
    } else if (previous != null) {
      shell().writeValue(previous);
    }
    if (!put.written()) {
      kvctl()
          .remark(
              "kvctl put: not written: the key is "
                  + (condition != null && condition.ifAbsent ? "there already" : "not there"));
      return ExitCode.PARTIAL;
    }
    return ExitCode.DONE;
  }
}
