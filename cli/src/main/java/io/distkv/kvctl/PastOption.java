package io.distkv.kvctl;

import io.distkv.kvctl.store.AsOf;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which past a command reads. */
public final class PastOption {
  @Option(
      names = "--as-of",
      paramLabel = "WHEN",
      description =
          "Read what was there then, as far as the keyspace's history reaches: a version, a time such"
              + " as 2026-11-28T19:45:00Z, or a length of time ago such as 1m.")
  private @Nullable String when;

  /** The past that is meant; null for now. */
  public @Nullable AsOf asOf() {
    return when == null ? null : AsOf.parse("--as-of", when, Instant.now());
  }

  /** How a sentence about it ends. */
  String then() {
    return when == null ? "" : " as of " + when;
  }
}
