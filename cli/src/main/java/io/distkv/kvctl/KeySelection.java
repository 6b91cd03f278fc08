package io.distkv.kvctl;

import io.distkv.kvctl.store.Selection;
import io.distkv.kvctl.text.Bytes;
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

  /** The keys that are meant. */
  public Selection selection() {
    if (match != null && prefix != null) {
      throw Failure.usage("give --match or --prefix, not both");
    }
    if (prefix != null) {
      return new Selection.Prefix(Bytes.uncarry(prefix));
    }
    return match == null ? new Selection.All() : new Selection.Like(Bytes.uncarry(match));
  }
}
