package io.distkv.kvctl;

import io.distkv.kvctl.text.BytesFormat;
import picocli.CommandLine.Option;

/** How the keys of a command line are written. */
final class KeyArguments {
  @Option(
      names = "--key-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "How keys are written here: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE});"
              + " 'escaped' is how scan prints them.")
  @SuppressWarnings("NullAway.Init")
  private BytesFormat format;

  byte[] parse(String argument) {
    return format.parse("key", argument);
  }
}
