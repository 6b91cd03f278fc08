package io.distkv.kvctl.store;

import io.distkv.kvctl.text.Glob;
import io.distkv.kvctl.wire.KeyScan;
import org.jspecify.annotations.Nullable;

/** Which keys are meant: all, those that begin so, or those that are like a glob. */
public sealed interface Selection {

  /** All keys. */
  record All() implements Selection {}

  /** Those that begin with exactly these bytes. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Prefix(byte[] bytes) implements Selection {}

  /** Those that are like a glob. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Like(byte[] glob) implements Selection {}

  /** The same as a glob; null for all keys. */
  default byte @Nullable [] glob() {
    return switch (this) {
      case All _ -> null;
      case Prefix(byte[] bytes) -> KeyScan.globOfPrefix(bytes);
      case Like(byte[] glob) -> glob;
    };
  }

  /** What all of these keys begin with; perhaps nothing. */
  default byte[] prefix() {
    return switch (this) {
      case All _ -> new byte[0];
      case Prefix(byte[] bytes) -> bytes;
      case Like(byte[] glob) -> new Glob(glob).literalPrefix();
    };
  }
}
