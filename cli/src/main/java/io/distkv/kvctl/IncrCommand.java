package io.distkv.kvctl;

import io.distkv.kvctl.text.Bytes;
import io.distkv.kvctl.wire.ConnectionException;
import io.distkv.kvctl.wire.Verb;
import io.distkv.kvctl.wire.Wire;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "incr",
    header = "Adds to a number, atomically, and prints the result.",
    description = {
      "A key that is not there counts as 0. A step with a decimal point or an exponent adds as a",
      "floating-point number."
    },
    footer = {
      "",
      "Examples:",
      "  kvctl incr visits",
      "  kvctl incr stock --by=-3",
      "  kvctl incr balance --by 0.25"
    })
final class IncrCommand extends Action {
  @Option(
      names = "--by",
      paramLabel = "N",
      defaultValue = "1",
      description = "What to add (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private String by;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private KeyArguments keyArguments;

  @Parameters(paramLabel = "KEY", description = "The key.")
  @SuppressWarnings("NullAway.Init")
  private String key;

  @Override
  protected ExitCode act() throws ConnectionException {
    if (!by.matches("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?")) {
      throw Failure.usage("--by is '" + by + "', which is no number");
    }
    boolean whole = by.matches("[-+]?[0-9]+");
    String step = whole && by.startsWith("+") ? by.substring(1) : by;
    byte[] keyBytes = keyArguments.parse(key);
    try (Wire wire = kvctl().connect()) {
      Object reply =
          wire.call(
              "incr '" + Bytes.escape(keyBytes) + "'",
              whole ? Verb.INCRBY : Verb.INCRBYFLOAT,
              keyBytes,
              step.getBytes(StandardCharsets.US_ASCII));
      String result =
          reply instanceof byte[] number
              ? new String(number, StandardCharsets.US_ASCII)
              : String.valueOf(reply);
      if (kvctl().json()) {
        Json.print(
            shell(), Json.put(Json.object(), "key", keyBytes).put("value", new BigDecimal(result)));
      } else {
        shell().line(result);
      }
    }
    return ExitCode.DONE;
  }
}
