package io.distkv.kvctl;

import io.distkv.kvctl.text.Bytes;
import io.distkv.kvctl.wire.KeyScan;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which keys a scan is about. */
public final class KeySelection {
  @Option(
      names = {"-m", "--match"},
      paramLabel = "GLOB",
      description = "Keys like this glob: * any bytes, ? one byte, [abc] one of, \\ escapes.")
  private @Nullable String match;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "Keys that begin with exactly this.")
  private @Nullable String prefix;

  /** The glob of the keys, or null for all. */
  public byte @Nullable [] glob() {
    if (match != null && prefix != null) {
      throw Failure.usage("give --match or --prefix, not both");
    }
    if (prefix != null) {
      return KeyScan.globOfPrefix(Bytes.uncarry(prefix));
    }
    return match == null ? null : Bytes.uncarry(match);
  }
}
