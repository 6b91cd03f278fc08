package io.distkv.kvctl;

import io.distkv.kvctl.store.Store;
import io.distkv.kvctl.wire.ConnectionException;
import java.math.BigDecimal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "incr",
    header = "Adds to a number, atomically, and prints the result.",
    description = {
      "A key that is not there counts as 0. A step with a decimal point or an exponent adds as a",
      "decimal number: the sum is exact, and is tried again where somebody else was faster."
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
    try (Store store = kvctl().connect()) {
      String result = store.add(keyBytes, step, whole);
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
