package io.distkv.client;

import org.jspecify.annotations.Nullable;

/**
 * A write that was sent, and whose answer did not come: it may have happened, once, or may happen
 * yet. The client has not sent it again. Who must know reads the key.
 */
public final class OutcomeUnknownException extends DistKvException {
  private static final long serialVersionUID = 1L;

  OutcomeUnknownException(ErrorCode code, String text, @Nullable Throwable cause) {
    super(code, text + " (the write may have happened)", cause);
  }
}
