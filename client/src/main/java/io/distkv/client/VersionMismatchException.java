package io.distkv.client;

import org.jspecify.annotations.Nullable;

/** A condition on a key did not hold; nothing was done. The message tells what the key has. */
public final class VersionMismatchException extends DistKvException {
  private static final long serialVersionUID = 1L;

  VersionMismatchException(String text, @Nullable Throwable cause) {
    super(ErrorCode.VERSION_MISMATCH, text, cause);
  }
}
